"""Whether two people could be one: any likeness counts against an approval."""

import pytest

from bot.lifecycle.person import Person

ADA = Person("ada")


@pytest.mark.parametrize(
    "email",
    [
        "ada@example.com",
        "ada@users.noreply.github.com",
        "4711+ada@users.noreply.github.com",
        "4711+Ada@users.noreply.github.example.com",
        "4711-ada@users.noreply.gitlab.com",
    ],
)
def test_an_address_gives_its_owner_away(email: str) -> None:
    assert ADA.may_be(Person("", "A. L.", email))
    assert Person("", "A. L.", email).may_be(ADA)


@pytest.mark.parametrize(
    "email",
    ["4711+ada@example.com", "4711+adam@users.noreply.github.com", "ada+4711@users.noreply.github.com", ""],
)
def test_another_address_does_not(email: str) -> None:
    assert not ADA.may_be(Person("", "A. L.", email))


def test_an_address_lists_nobody() -> None:
    """Addresses are only claimed: they tell who contributed, and never who may approve."""
    assert not Person("", "A. L.", "4711+ada@users.noreply.github.com").listed_in(("ada",))
