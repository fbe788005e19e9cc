"""Two who act at one moment: what one decided on changes before it is done."""

import time
from pathlib import Path

import pytest

from bot.lifecycle.commands import Approve, Propose, ProposeDeletion, Reject, Save
from bot.lifecycle.events import Asked
from bot.packages.revision import Lifecycle
from tests.laws.realm import RENDERED, Realm, make_realm
from tests.laws.steps import BOB, CROSSED, NAME, ask, proposed, published


@pytest.fixture
def realm(tmp_path: Path) -> Realm:
    return make_realm(tmp_path / "r.git", approvals=2)


def test_two_approvals_that_cross_are_two(realm: Realm) -> None:
    proposed(realm)
    grace, linus = ask(realm, Approve, NAME, "grace"), ask(realm, Approve, NAME, "linus")
    realm.handle(grace, [lambda: realm.handle(linus)])
    assert realm.facts(NAME).lifecycle is Lifecycle.PUBLISHED


def test_two_approvals_of_a_deletion_that_cross_are_two(realm: Realm) -> None:
    realm.set_policy(1)
    published(realm)
    realm.set_policy(2)
    realm.handle(ask(realm, ProposeDeletion, NAME, "bob"))
    grace, linus = ask(realm, Approve, NAME, "grace"), ask(realm, Approve, NAME, "linus")
    realm.handle(grace, [lambda: realm.handle(linus)])
    assert realm.facts(NAME).lifecycle is Lifecycle.ABSENT


def test_an_approval_that_a_rejection_took_back_publishes_nothing(realm: Realm) -> None:
    """The proposal comes back at the same commit, so that only the record tells."""
    proposed(realm)
    realm.handle(ask(realm, Approve, NAME, "ada"))

    def rejected_and_proposed_again() -> None:
        realm.handle(ask(realm, Reject, NAME, "linus"))
        realm.handle(ask(realm, Propose, NAME, "bob"))

    realm.handle(ask(realm, Approve, NAME, "grace"), [rejected_and_proposed_again])
    facts = realm.facts(NAME)
    assert facts.lifecycle is Lifecycle.PROPOSED
    assert [approval.by.login for approval in facts.approvals] == ["grace"]


def test_a_deletion_whose_approvals_were_taken_back_is_not_done(realm: Realm) -> None:
    realm.set_policy(1)
    published(realm)
    realm.set_policy(2)
    realm.handle(ask(realm, ProposeDeletion, NAME, "bob"))
    realm.handle(ask(realm, Approve, NAME, "ada"))

    def rejected_and_proposed_again() -> None:
        realm.handle(ask(realm, Reject, NAME, "linus"))
        realm.handle(ask(realm, ProposeDeletion, NAME, "bob"))

    realm.handle(ask(realm, Approve, NAME, "grace"), [rejected_and_proposed_again])
    assert realm.facts(NAME).lifecycle is Lifecycle.DELETION_PROPOSED


def test_a_deleted_revision_does_not_come_back_with_its_commit(realm: Realm) -> None:
    """Somebody pushes once more what was published and deleted: that is a new draft, no cut publication."""
    realm.set_policy(1)
    proposed(realm)
    old = realm.head(NAME)
    realm.handle(ask(realm, Approve, NAME, "grace"))
    realm.handle(ask(realm, ProposeDeletion, NAME, "bob"))
    realm.handle(ask(realm, Approve, NAME, "grace"))
    realm.handle(Asked(Save(name=NAME, by=BOB, at=old)))
    realm.tick()
    assert realm.facts(NAME).lifecycle is Lifecycle.DRAFT
    assert not [ref for ref in realm.refs() if ref.startswith("refs/tags/")]


def test_an_older_revision_that_was_deleted_does_not_come_back_either(realm: Realm) -> None:
    """Its deletion left no trace on the branch, and a newer revision has the same content."""
    realm.set_policy(1)
    head = realm.write(NAME, BOB, realm.main(), content=RENDERED)
    for name in (NAME, CROSSED):
        realm.handle(Asked(Save(name=name, by=BOB, at=head)))
        realm.handle(ask(realm, Propose, name, "bob"))
    for name in (NAME, CROSSED):
        realm.handle(ask(realm, Approve, name, "grace"))
    realm.handle(ask(realm, ProposeDeletion, NAME, "bob"))
    realm.handle(ask(realm, Approve, NAME, "grace"))
    time.sleep(1.1)  # commits know seconds
    realm.handle(Asked(Save(name=NAME, by=BOB, at=head)))
    realm.handle(ask(realm, Propose, NAME, "bob"))
    realm.tick()
    assert realm.facts(NAME).lifecycle is Lifecycle.PROPOSED
    assert [ref for ref in realm.refs() if ref.startswith("refs/tags/")] == ["refs/tags/net/dns/v2"]
