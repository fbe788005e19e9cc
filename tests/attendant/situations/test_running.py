"""Situations S51 to S57: limits, weaknesses and ends of forges and of ourselves, on both forges."""

import pytest

from bot.errors import Later, UserError
from tests.attendant.contract.driver import DRAFT, FUNCTIONS, Stands, zone
from tests.attendant.contract.hosted import Hosted
from tests.attendant.situations.acts import V1, approved, proposed
from tests.forges.github.faults import failure

DOWN = 10**6


@pytest.mark.parametrize("what", ["reword", "merge", "verdict", "tag"])
def test_s51_the_forge_asks_to_wait(forge: Hosted, what: str) -> None:
    """The look ends there, and another one later does what is left, once."""
    approved(forge)
    forge.fail(what, forge.asks_to_wait(7))
    forge.sent("merge")
    with pytest.raises(Later) as caught:
        forge.look_at()
    assert caught.value.seconds >= 7
    forge.look_at()
    assert forge.tags() == {V1: forge.main()}
    assert forge.sent("merge") <= 1 + (what == "merge")
    assert "Published as v1" in forge.told()


@pytest.mark.parametrize("what", ["comment", "open", "verdict"])
def test_s52_an_answer_is_lost_after_the_work(forge: Hosted, what: str) -> None:
    """What was made is found by its marks, and not made twice."""
    forge.write("ada", zone("60"))
    forge.fail(what, failure(502), after=True)
    for _ in range(2):
        try:
            forge.look_at_branch()
        except Later:
            continue
    assert forge.changes() == 1
    assert "📝 Draft" in forge.told()
    assert forge.verdict() == "waiting"
    before = forge.written()
    forge.look_at_branch()
    assert forge.written() == before


@pytest.mark.parametrize("what", ["merge", "tag"])
def test_s52_an_answer_to_a_publication_is_lost(forge: Hosted, what: str) -> None:
    """The merge and the tag are found to be done."""
    approved(forge)
    forge.fail(what, failure(502), after=True)
    forge.sent(what)
    forge.look_at()
    assert forge.tags() == {V1: forge.main()}
    assert forge.sent(what) == 1


@pytest.mark.parametrize("what", ["merge", "tag", "comment", "verdict", "reword"])
def test_s54_two_bots_at_once(forge: Hosted, what: str) -> None:
    """Whatever the other does in between, there is one merge, one tag and one comment."""
    approved(forge)
    rival = forge.hire("rival")
    fault = forge.race(what, lambda: forge.look_at(DRAFT, rival))
    if what == "comment":
        forge.lose_living()
    forge.look_at()
    forge.look_at()
    assert fault.times == 0
    assert forge.tags() == {V1: forge.main()}
    assert "Published as v1" in forge.told()


def test_s54_two_bots_open_the_same_draft(forge: Hosted) -> None:
    """There is one change, with one comment."""
    forge.write("ada", zone("60"))
    rival = forge.hire("rival")
    forge.race("open", lambda: forge.look_at_branch(DRAFT, rival))
    forge.look_at_branch()
    assert forge.changes() == 1
    assert "📝 Draft" in forge.told()


def test_s54_two_bots_render_the_same_draft(forge: Hosted) -> None:
    """The slower one finds that its push does not fit any more, and looks again."""
    pushed = forge.write("ada", FUNCTIONS)
    rival = forge.hire("rival")
    fault = forge.race("open", lambda: forge.look_at_branch(DRAFT, rival))
    forge.look_at_branch()
    assert fault.times == 0
    assert str(forge.bare.commit(forge.head()).parent_ids[0]) == pushed
    assert "team: net" in forge.show(forge.head())
    assert forge.changes() == 1


def test_s55_the_forge_is_down_for_a_while(forge: Hosted) -> None:
    """Nothing is lost, and what is caught up with is said once."""
    proposed(forge)
    outage = forge.fail("all", failure(503), times=DOWN)
    head = forge.write("ada", zone("61"))
    for _ in range(3):
        with pytest.raises(UserError):
            forge.look_at()
    outage.times = 0
    forge.sent("reword")
    assert forge.rest() == []
    assert forge.rest() == []
    assert head[:10] in forge.told()
    assert forge.sent("reword") == 1


@pytest.mark.parametrize("days", [-3, 3, 400])
def test_s57_the_clocks_differ(forge: Hosted, days: int) -> None:
    """Nothing is decided by comparing our clock with the forge's."""
    forge.restart()
    forge.move_clock(days)
    proposed(forge)
    forge.say("grace", "/portico approve")
    forge.look_at()
    assert forge.stands() is Stands.PUBLISHED
