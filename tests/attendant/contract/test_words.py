"""Words in comments, on every forge that has comments; `/portico <word>` is heard on all of them."""

import pytest

from tests.attendant.conftest import ZONE
from tests.attendant.contract.driver import OTHER, Driver, Stands, Trait, zone
from tests.attendant.contract.everywhere import needs
from tests.attendant.contract.test_life import HERS, V1, proposed

pytestmark = needs(Trait.WORDS)
MX = {"net/dns/mx.yaml": ZONE.replace("zone", "mx").encode()}


def drafted(forge: Driver) -> None:
    forge.write("ada", zone("60"))
    assert forge.rest() == []


def published(forge: Driver) -> None:
    proposed(forge)
    forge.approve("grace")
    assert forge.rest() == []


def test_words_take_a_draft_through_its_life(forge: Driver) -> None:
    drafted(forge)
    forge.say("ada", "Ready.\n\n/propose\n")
    forge.rest()
    assert forge.stands() is Stands.PROPOSED
    forge.say("grace", "/reject too short")
    forge.rest()
    assert forge.stands() is Stands.DRAFT
    forge.say("ada", "/propose")
    forge.rest()
    forge.say("grace", "Fine by me.\n\n/portico approve")
    forge.rest()
    assert forge.marks() == ["done"] * 4
    assert forge.stands() is Stands.PUBLISHED


def test_s12_nobody_approves_their_own_by_a_word(forge: Driver) -> None:
    proposed(forge)
    forge.say("ada", "/portico approve")
    forge.rest()
    assert forge.marks() == ["refused"]
    assert forge.tags() == {}
    assert f"@ada, /approve: @ada {HERS}" in forge.told()


def test_s16_a_word_about_an_older_head_is_refused(forge: Driver) -> None:
    proposed(forge)
    old = forge.head()
    forge.say("grace", "/portico approve")
    forge.write("ada", zone("5"))
    forge.rest()
    assert forge.marks() == ["refused"]
    assert forge.tags() == {}
    assert f"not at {old[:10]} that you had in view" in forge.told()


def test_s17_what_is_edited_into_a_word_is_not_done(forge: Driver) -> None:
    proposed(forge)
    forge.say("grace", "I shall look at it tomorrow.")
    forge.rest()
    forge.reword("/portico approve")
    forge.restart()
    forge.rest()
    assert forge.marks() == ["refused"]
    assert forge.tags() == {}
    assert "What was edited is not carried out" in forge.told()


def test_s17_an_approval_by_word_that_is_edited_later_is_none_any_more(forge: Driver) -> None:
    forge.write_main({".portico.yaml": b"approvals: 2\napprovers: [ada, grace]\n"})
    proposed(forge, by="root")
    forge.say("grace", "/portico approve")
    forge.rest()
    assert "Waiting for approvals: 1 of 2" in forge.told()
    forge.reword("/portico approve\nor perhaps not")
    forge.approve("ada")
    forge.rest()
    assert forge.tags() == {}
    assert "Waiting for approvals: 1 of 2" in forge.told()


def test_s50_a_stranger_gets_a_mark_and_no_answer(forge: Driver) -> None:
    proposed(forge)
    before = forge.told()
    for word in ("/portico approve", "/delete", "/portico nonsense"):
        forge.say("eve", word)
    forge.rest()
    forge.rest()
    assert forge.marks() == ["refused"] * 3
    assert forge.told() == before
    assert forge.stands() is Stands.PROPOSED


def test_everybody_may_ask(forge: Driver) -> None:
    drafted(forge)
    forge.say("eve", "/help")
    forge.rest()
    assert forge.marks() == ["done"]
    assert "/rollback" in forge.told()


@pytest.mark.parametrize(
    "text",
    [
        "> /portico approve\n\nI would not do that.",
        "```\n/portico approve\n```",
        "<!--\n/portico approve\n-->",
        "I shall /approve this tomorrow",
    ],
)
def test_s11_talk_about_a_word_is_not_the_word(forge: Driver, text: str) -> None:
    proposed(forge)
    forge.say("grace", text)
    forge.rest()
    assert forge.marks() == [""]
    assert forge.tags() == {}
    assert "Answers" not in forge.told()


def test_a_rebase_brings_what_was_published_since(forge: Driver) -> None:
    forge.write("ada", MX, OTHER)
    published(forge)
    forge.propose(OTHER)
    forge.rest()
    assert forge.stands(OTHER) is Stands.DRAFT
    assert "rebase" in forge.told(OTHER)

    forge.say("ada", "/portico rebase", OTHER)
    forge.rest()
    forge.propose(OTHER)
    forge.rest()
    forge.approve("grace", OTHER)
    forge.rest()
    tag = forge.tags()["net/dns/v2"]
    assert "'60'" in forge.show(tag)
    assert "name: mx" in forge.show(tag, "net/dns/mx.yaml")


def test_a_rebase_with_conflicts_names_them_and_changes_nothing(forge: Driver) -> None:
    head = forge.write("ada", zone("7"), OTHER)
    published(forge)
    forge.say("ada", "/portico rebase", OTHER)
    forge.rest()
    assert forge.marks(OTHER) == ["refused"]
    assert forge.head(OTHER) == head
    assert "data.ttl" in forge.told(OTHER)

    forge.say("ada", "/portico rebase local", OTHER)
    forge.rest()
    assert "'7'" in forge.show(forge.head(OTHER))


def test_s35_a_rollback_gives_a_draft_what_a_revision_held(forge: Driver) -> None:
    published(forge)
    forge.write("ada", zone("9"), OTHER)
    forge.rest()
    forge.say("ada", "/rollback v1", OTHER)
    forge.say("ada", "/rollback v7", OTHER)
    forge.rest()
    assert forge.marks(OTHER) == ["done", "refused"]
    assert "'60'" in forge.show(forge.head(OTHER))
    assert forge.tags().keys() == {V1}


def test_delete_closes_the_change_and_deletes_the_branch(forge: Driver) -> None:
    drafted(forge)
    forge.say("ada", "/delete")
    forge.rest()
    assert forge.stands() is Stands.GONE
    assert forge.head() == ""


def test_what_was_merged_is_not_thrown_away(forge: Driver) -> None:
    proposed(forge)
    forge.merge_by_hand()
    forge.say("ada", "/delete")
    forge.rest()
    assert forge.marks() == ["refused"]
    assert forge.stands() is Stands.MERGED


def test_s31_a_word_approves_what_was_merged_by_hand(forge: Driver) -> None:
    proposed(forge)
    forge.merge_by_hand()
    merge = forge.main()
    forge.rest()
    forge.say("grace", "/portico approve")
    assert forge.rest() == []
    assert forge.marks() == ["done"]
    assert forge.tags() == {V1: merge}


def test_what_is_on_hold_is_published_when_somebody_lets_go(forge: Driver) -> None:
    proposed(forge)
    forge.say("ada", "/hold until Monday")
    forge.approve("grace")
    forge.rest()
    assert forge.tags() == {}
    assert "On hold by @ada (until Monday)" in forge.told()
    forge.say("grace", "/unhold")
    forge.rest()
    assert forge.marks() == ["done"] * 2
    assert forge.stands() is Stands.PUBLISHED
