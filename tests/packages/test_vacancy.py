"""Where there is room for new work, and where there is none."""

import pytest

from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle, PackageRevision
from bot.packages.vacancy import in_the_way, is_taken

THERE = [
    PackageRevision(path, "v1", 1, Lifecycle.PUBLISHED, "0" * 40, f"refs/tags/{path}/v1")
    for path in ("net/dns", "apps")
]


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("net/dns", "net/dns"),
        ("net/dns/zone", "net/dns"),
        ("net", "net/dns"),
        ("apps/web/front", "apps"),
        ("net/dns-2", ""),
        ("net/mail", ""),
        ("app", ""),
    ],
)
def test_no_package_lies_in_another(path: str, other: str) -> None:
    assert in_the_way(path, THERE) == other


def test_a_workspace_is_of_one_package() -> None:
    assert is_taken(RevisionName("net/dns", "v1"), THERE)
    assert not is_taken(RevisionName("net/dns", "v2"), THERE)
    assert not is_taken(RevisionName("net/mail", "v1"), THERE)
