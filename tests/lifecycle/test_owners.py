"""Owners by CODEOWNERS: the last line that covers the whole package."""

import pytest

from bot.lifecycle.owners import owners_of

FILE = """\
# everything, unless a later line says otherwise
*               @team/all
/net/           @team/net  # the network
/net/dns/       @ada ops@example.com
dns             @grace
/shop/*         @mel
/docs/**/api    @doc
/free/
[Section]
/gitlab/        @lab
*.yaml          @nobody-owns-a-package-by-its-files
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("web", ("@team/all",)),
        ("net/web", ("@team/net",)),
        ("net/dns", ("@grace",)),
        ("netting/web", ("@team/all",)),
        ("a/dns/zone", ("@grace",)),
        ("shop", ("@mel",)),
        ("shop/cart", ("@team/all",)),
        ("docs/v1/api", ("@doc",)),
        ("free/beer", ()),
        ("gitlab/x", ("@lab",)),
    ],
)
def test_the_last_line_that_covers_the_package_counts(path: str, owners: tuple[str, ...]) -> None:
    assert owners_of(FILE, path) == owners


def test_without_a_line_nobody_owns_it() -> None:
    assert owners_of("/other/ @ada\n", "net/dns") == ()


def test_a_pattern_made_to_hurt_ends() -> None:
    assert owners_of("/" + "**/" * 5 + "x @ada", "a/" * 40 + "b") == ()
