"""A name that is not there, and what is told instead."""

import pytest

from bot.cli.missing import kindred
from bot.packages.revision import Lifecycle, PackageRevision
from tests.cli.person import Person

LISTS = "`portico rpkg get --repository blueprints` lists"


def known(*numbers: int) -> dict[str, PackageRevision]:
    """Revisions of a package `dns`, whose workspaces are `w` and their number."""
    return {
        f"blueprints.dns.w{number}": PackageRevision(
            "dns",
            f"w{number}",
            number,
            Lifecycle.PUBLISHED if number else Lifecycle.DRAFT,
            "0" * 40,
            f"refs/heads/drafts/dns/w{number}",
        )
        for number in numbers
    }


def test_the_newest_of_the_same_package_are_named() -> None:
    told = kindred("blueprints.dns.v1", known(0, 1, 2, 3, 4, 5))
    assert told == (
        " of that package there are 'blueprints.dns.w5' (v5), 'blueprints.dns.w4' (v4), 'blueprints.dns.w3' "
        "(v3), 'blueprints.dns.w2' (v2), 'blueprints.dns.w1' (v1), and 1 more;"
    )
    assert kindred("blueprints.dns", known(0)) == (" of that package there is 'blueprints.dns.w0' (Draft);")


@pytest.mark.parametrize("name", ["blueprints.ntp.v1", "blueprints", "dns", ""])
def test_of_other_packages_nothing_is_told(name: str) -> None:
    assert kindred(name, known(1)) == ""


@pytest.mark.parametrize("word", ["propose", "diff", "pull", "upgrade --workspace w"])
def test_a_number_is_no_workspace(registered: Person, word: str) -> None:
    registered.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    answer = registered("rpkg", *word.split(), "blueprints.dns.v7")
    assert answer.code == 1
    says = "there are 'blueprints.dns.v1' (v1), 'blueprints.dns.add-mx' (Draft); `portico rpkg get"
    assert says in answer.err
    answer = registered("rpkg", *word.split(), "blueprints.nowhere.v7")
    assert "there are 'blueprints" not in answer.err
    assert LISTS in answer.err
