"""The lifecycle table, driven by kubectl alone: every step that there is, and every one that there is not."""

from collections.abc import Mapping
from functools import partial

import pytest

from bot.kubernetes.orders import wish_of
from tests.cli.person import git
from tests.kubernetes.serving import served, until
from tests.kubernetes.street import Street

DRAFT, ELDER = "shop.dns.add-mx", "shop.dns.v1"
# How each state is come to: what is written into which object, and by whom.
WAYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Draft": (),
    "Proposed": (("Proposed", "ada"),),
    "Published": (("Proposed", "ada"), ("Published", "grace")),
    "DeletionProposed": (("Proposed", "ada"), ("Published", "grace"), ("DeletionProposed", "ada")),
}
# The steps of design.md that a person asks for, and who may.
STEPS = {
    ("Draft", "Proposed"): "ada",
    ("Proposed", "Draft"): "grace",
    ("Proposed", "Published"): "grace",
    ("Published", "DeletionProposed"): "ada",
    ("DeletionProposed", "Published"): "grace",
}
NO_STEPS = [(start, to) for start in WAYS for to in WAYS if start != to and (start, to) not in STEPS]


def brought(street: Street, state: str) -> None:
    """Bring the draft into a state, step by step."""
    street.draft()
    until(lambda: at(street) == "Draft")
    for wanted, who in WAYS[state]:
        street.ask(DRAFT, wanted, who)
        until(partial(stands, street, wanted))


def stands(street: Street, state: str) -> bool:
    return at(street) == state and street.told(DRAFT) == ("True", "")


def at(street: Street) -> str:
    """The lifecycle that the object says, '' while it says what somebody wished, and where it is not."""
    item = street.revision(DRAFT)
    if item["kind"] != "PackageRevision" or wish_of(item):
        return ""
    return str(item["spec"]["lifecycle"])


@pytest.mark.parametrize(("start", "to"), STEPS)
def test_a_step_of_the_table_is_taken(street: Street, start: str, to: str) -> None:
    with served(street, interval=1):
        brought(street, start)
        street.ask(DRAFT, to, STEPS[start, to])
        until(partial(stands, street, to))


@pytest.mark.parametrize(("start", "to"), NO_STEPS)
def test_a_step_that_is_not_there_is_refused_with_the_way(street: Street, start: str, to: str) -> None:
    with served(street, interval=1):
        brought(street, start)
        refs = git(street.bare, "for-each-ref")
        street.ask(DRAFT, to, "grace")
        until(lambda: street.told(DRAFT)[0] == "False" and at(street))
        assert street.told(DRAFT)[1] == f"dns/add-mx is {start}, and no step leads from there to '{to}'."
        until(lambda: at(street) == start)
        assert git(street.bare, "for-each-ref") == refs


@pytest.mark.parametrize(
    ("start", "who"), [("Draft", "ada"), ("Proposed", "ada"), ("DeletionProposed", "grace")]
)
def test_what_may_be_deleted_is(street: Street, start: str, who: str) -> None:
    with served(street, interval=1):
        brought(street, start)
        street.kubectl("delete", "packagerevisions.porch.kpt.dev", DRAFT, "--timeout=60s", user=who)
        until(lambda: DRAFT not in street.revisions())
        assert "add-mx" not in git(street.bare, "for-each-ref", "refs/heads")
        assert not git(street.bare, "tag", "--list", "dns/v2")


def test_what_is_published_is_not_deleted_by_its_object(street: Street) -> None:
    with served(street, interval=1):
        brought(street, "Published")
        street.kubectl("delete", "packagerevisions.porch.kpt.dev", DRAFT, "--timeout=60s", user="grace")
        until(lambda: at(street) == "Published")
        assert git(street.bare, "tag", "--list", "dns/v2")


@pytest.mark.parametrize(("start", "to"), [("Proposed", "Published"), ("DeletionProposed", "Published")])
def test_who_may_not_decide_is_told_who_may(street: Street, start: str, to: str) -> None:
    with served(street, interval=1):
        brought(street, start)
        street.ask(DRAFT, to, "mallory")
        until(lambda: street.told(DRAFT)[0] == "False")
        assert "@grace" in street.told(DRAFT)[1]
        until(lambda: at(street) == start)
