"""Many real pushes at once: nothing is lost, nothing is done twice, and nobody has to help."""

from pathlib import Path

import pytest

from bot.lifecycle.commands import Approve, Propose, Save
from bot.lifecycle.events import Asked
from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle
from tests.hooks.place import Place, make_place
from tests.laws.realm import PEOPLE
from tests.laws.steps import ask, proposed
from tests.laws.witness import Witness

PUSHERS = 20
BOB = PEOPLE["bob"]


@pytest.fixture(params=[False, True], ids=["alone", "resident"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return make_place(tmp_path, resident=request.param)


def test_different_packages_are_published_at_once(place: Place) -> None:
    realm = place.realm
    names = [RevisionName(f"team-{n % 3}/package-{n}", "first") for n in range(PUSHERS)]
    for name in names:
        proposed(realm, name)
    witness = Witness(realm)
    events = [ask(realm, Approve, name, ("grace", "linus")[n % 2]) for n, name in enumerate(names)]
    for event in events:
        witness.hears(event)
    answers = place.push_at_once(events)
    assert [answer.text for answer in answers if not answer.ok] == []
    witness.look()
    main = realm.main()
    for name in names:
        facts = realm.facts(name)
        assert (facts.lifecycle, facts.revision) == (Lifecycle.PUBLISHED, 1)
        assert realm.tree(main, name.path) == facts.tree
    assert {path for path, numbers in witness.published.items() if numbers == {1}} == {n.path for n in names}
    assert not [ref for ref in realm.refs() if "first" in ref], "no branch or ledger is left"


def test_the_same_revision_is_published_once(place: Place) -> None:
    realm, name = place.realm, RevisionName("dns", "first")
    proposed(realm, name)
    witness = Witness(realm)
    events = [ask(realm, Approve, name, by) for by in ("ada", "grace", "linus", "grace")]
    for event in events:
        witness.hears(event)
    answers = place.push_at_once(events)
    assert len([answer for answer in answers if "is published as dns/v1" in answer.text]) == 1
    assert len([answer for answer in answers if answer.ok]) == 1
    witness.look()
    assert witness.published == {"dns": {1}}
    assert realm.facts(name).revision == 1


def test_of_two_drafts_of_a_package_one_wins_and_the_other_is_stale(place: Place) -> None:
    realm = place.realm
    names = [RevisionName("dns", workspace) for workspace in ("one", "two")]
    for name in names:
        proposed(realm, name)
    answers = place.push_at_once([ask(realm, Approve, name, "grace") for name in names])
    assert sorted(answer.ok for answer in answers) == [False, True]
    (loser,) = [answer for answer in answers if not answer.ok]
    # Main moves a moment before the tag: whoever looks in between sees the change, but not its number.
    assert " reached the branch since 'dns/" in loser.text
    assert sorted(realm.facts(name).lifecycle for name in names) == [
        Lifecycle.PROPOSED,
        Lifecycle.PUBLISHED,
    ]


def test_drafts_are_proposed_and_approved_all_at_once(place: Place) -> None:
    """The approvals of some come between the proposals of others."""
    realm = place.realm
    names = [RevisionName(f"package-{n}", "first") for n in range(6)]
    for name in names[:3]:
        proposed(realm, name)
    for name in names[3:]:
        realm.save(name, BOB)
    events = [ask(realm, Approve, name, "grace") for name in names[:3]]
    events += [ask(realm, Propose, name, "bob") for name in names[3:]]
    answers = place.push_at_once(events)
    assert [answer.text for answer in answers if not answer.ok] == []
    states = [realm.facts(name).lifecycle for name in names]
    assert states == [Lifecycle.PUBLISHED] * 3 + [Lifecycle.PROPOSED] * 3


def test_of_pushes_to_one_draft_one_wins(place: Place) -> None:
    realm, name = place.realm, RevisionName("dns", "first")
    realm.save(name, BOB)
    head = realm.head(name)
    events = [
        Asked(Save(name=name, by=person, at=realm.write(name, person, head), old=head))
        for person in PEOPLE.values()
    ]
    answers = place.push_at_once(events)
    assert len([answer for answer in answers if answer.ok]) == 1
    (winner,) = [event.command.at for event, answer in zip(events, answers, strict=True) if answer.ok]
    now = realm.head(name)
    assert now == winner or realm.repository.descendant_of(now, winner)
    for answer in answers:
        # Who comes later is refused by Git itself, which sees that the branch is ahead.
        assert answer.ok or "you had in view" in answer.text or "fetch first" in answer.text, answer.text
