"""Situations of branches, forks and repositories that are not as they were, on both forges."""

import pytest

from bot.errors import InvalidName
from tests.attendant.conftest import KPTFILE
from tests.attendant.contract.driver import DRAFT, FUNCTIONS, Files, Stands, zone
from tests.attendant.contract.hosted import Hosted
from tests.attendant.situations.acts import V1, approved, drafted, proposed, while_rendering

ELSEWHERE = {"README.md": b"Another.\n"}


def functions(ttl: str) -> Files:
    return {**FUNCTIONS, **zone(ttl)}


def test_s36_the_branch_of_a_draft_is_deleted(forge: Hosted) -> None:
    """The change closes by itself and nothing more is done about it."""
    drafted(forge)
    forge.delete_branch()
    before = forge.written()
    forge.look_at_branch()
    assert forge.rest() == []
    assert forge.stands() is Stands.GONE
    assert forge.written() == before


def test_s36_the_branch_is_made_again(forge: Hosted) -> None:
    """That is a new draft with a change of its own; approvals of the old one are not its."""
    approved(forge)
    old = forge.number()
    forge.delete_branch()
    forge.look_at_branch()
    proposed(forge)
    assert forge.number() != old
    assert forge.stands() is Stands.PROPOSED
    assert forge.tags() == {}


def test_s36_the_branch_is_deleted_while_its_functions_run(forge: Hosted) -> None:
    """The work ends quietly: nothing is pushed, nothing is said."""
    forge.write("ada", FUNCTIONS)
    attendant, slow = while_rendering(forge, forge.delete_branch)
    forge.look_at_branch(DRAFT, attendant)
    assert slow.renderings == 1
    assert forge.head() == ""
    assert forge.stands() is Stands.GONE
    assert forge.living() == ""


def test_s37_a_force_push_while_functions_run(forge: Hosted) -> None:
    """What was rendered of the old head is thrown away, and the new head is rendered instead."""
    forge.write("ada", functions("6"))
    new: list[str] = []
    attendant, slow = while_rendering(forge, lambda: new.append(forge.force(functions("7"))))
    forge.look_at_branch(DRAFT, attendant)
    assert slow.renderings == 2
    assert str(forge.bare.commit(forge.head()).parent_ids[0]) == new[0]
    assert "team: net" in forge.show(forge.head())
    assert "'7'" in forge.show(forge.head())


def test_s37_a_force_push_after_an_approval(forge: Hosted) -> None:
    """What was approved is not there any more, so nothing is published."""
    approved(forge)
    forge.force(zone("8"))
    forge.look_at()
    assert forge.stands() is Stands.PROPOSED
    assert "does not count any more" in forge.told()


def test_s38_an_archived_repository_is_only_read(forge: Hosted) -> None:
    """Nothing is tried that would be refused, and nothing fails; it goes on when it is opened again."""
    approved(forge)
    forge.archive(archived=True)
    forge.restart()
    before = forge.written()
    forge.look_at()
    forge.look_at_branch()
    assert forge.rest() == []
    assert forge.written() == before

    forge.archive(archived=False)
    forge.restart()
    forge.look_at()
    assert forge.tags() == {V1: forge.main()}


@pytest.mark.parametrize("draft", ["dns", "Net/dns/ttl", "net/dns/TTL", "nét/dns/ttl", "net/dns/a.b"])
def test_s39_a_branch_whose_name_is_no_draft(forge: Hosted, draft: str) -> None:
    """Who pushed it is told the rule that its name breaks; other drafts are not kept waiting by it."""
    forge.write("ada", zone("60"), draft)
    forge.write("ada", zone("70"))
    with pytest.raises(InvalidName, match="must"):
        forge.look_at_branch(draft)
    assert forge.rest() == []
    assert forge.changes() == 1
    assert forge.stands() is Stands.DRAFT


def test_s39_a_change_from_such_a_branch(forge: Hosted) -> None:
    """A change that a person opened from it says why it is no draft."""
    forge.write("ada", zone("60"), "net/dns/TTL")
    forge.open_by_hand("net/dns/TTL")
    forge.look_at("net/dns/TTL")
    assert "The workspace 'TTL' must be lower-case letters" in forge.told("net/dns/TTL")


def test_s39_a_nested_package(forge: Hosted) -> None:
    """A package may lie as deep as it likes."""
    approved(forge, {"a/b/c/Kptfile": KPTFILE.replace("dns", "c").encode()}, "a/b/c/ws")
    forge.look_at("a/b/c/ws")
    assert forge.tags().keys() == {"a/b/c/v1"}


def test_s40_a_change_from_a_fork(forge: Hosted) -> None:
    """Nothing of it is run or published, whoever approves and asks; the comment explains."""
    forge.open_from_fork(functions("6"))
    forge.approve("grace")
    forge.say("grace", "/portico approve")
    attendant, renderer = while_rendering(forge, lambda: None)
    assert attendant.look(forge.number()) is None
    assert attendant.look_at_all() == []
    assert renderer.renderings == 0
    assert forge.stands() is Stands.PROPOSED
    assert forge.tags() == {}
    assert "lies in a fork, so nothing of it is run" in forge.told()
    assert forge.marks() == [""]


def test_s40_our_own_draft_of_the_same_name(forge: Hosted) -> None:
    """A fork's branch of the same name is not taken for ours, nor ours for its."""
    forge.open_from_fork(functions("6"))
    drafted(forge)
    assert not forge.is_foreign()
    forge.propose()
    forge.approve("grace")
    assert forge.rest() == []
    assert forge.stands() is Stands.PUBLISHED
    assert "'60'" in forge.show(forge.main())


def test_s40_the_fork_is_deleted(forge: Hosted) -> None:
    """A head that is nowhere any more is no reason to fail."""
    forge.open_from_fork(functions("6"))
    forge.delete_fork()
    assert forge.rest() == []
    assert "lies in a fork" in forge.told()


def test_s41_a_change_is_aimed_at_another_branch(forge: Hosted) -> None:
    """It waits, and says why; what is approved meanwhile is not published."""
    proposed(forge)
    forge.cast.commit("root", "elsewhere", ELSEWHERE)
    forge.aim("elsewhere")
    forge.approve("grace")
    forge.look_at()
    assert forge.stands() is Stands.PROPOSED
    assert "goes into 'elsewhere'" in forge.told()


def test_s41_what_was_approved_for_another_branch(forge: Hosted) -> None:
    """An approval was for what the change did to that branch: aimed back, it must be approved anew."""
    proposed(forge)
    forge.cast.commit("root", "elsewhere", ELSEWHERE)
    forge.aim("elsewhere")
    forge.approve("grace")
    forge.say("grace", "/portico approve")
    forge.aim("main")
    forge.look_at()
    assert forge.tags() == {}
    assert "0 of 1" in forge.told()

    forge.approve("grace")
    forge.look_at()
    assert forge.tags() == {V1: forge.main()}


def test_s38_the_registered_branch_is_renamed(forge: Hosted) -> None:
    """Changes go into another branch then: they wait, and say so."""
    approved(forge)
    forge.cast.commit("root", "trunk", ELSEWHERE)
    forge.aim("trunk")
    assert forge.rest() == []
    assert forge.tags() == {}
    assert "goes into 'trunk'; packages are published on 'main' only" in forge.told()


def test_s42_a_person_was_faster(forge: Hosted) -> None:
    """The change that a person opened is taken over: there are never two."""
    forge.write("ada", zone("60"))
    forge.race("open", forge.open_by_hand)
    forge.look_at_branch()
    assert forge.changes() == 1
    assert "📝 Draft" in forge.told()


def test_s42_a_second_change_of_the_same_branch(forge: Hosted) -> None:
    """One that goes elsewhere does not hide the one that is the draft's."""
    drafted(forge)
    ours = forge.number()
    forge.cast.commit("root", "elsewhere", ELSEWHERE)
    forge.open_by_hand(target="elsewhere")
    head = forge.write("ada", zone("61"))
    forge.look_at_branch()
    assert forge.changes() == 2
    before = forge.written()
    facts = forge.hire("anew").look(ours)
    assert facts is not None
    assert facts.head == head
    assert forge.written() == before, "it had been looked at"
