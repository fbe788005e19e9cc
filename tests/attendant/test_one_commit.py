"""Several drafts at one commit, of which a forge shows one verdict: the worst of theirs, naming them all."""

import pytest

from bot.errors import Refused
from bot.lifecycle.change import Opinion, Signal
from tests.attendant.conftest import ZONE, Scene
from tests.attendant.village import git

MINE, OTHER = "drafts/net/dns/ttl", "drafts/net/mail/v1"  # where the package of the other is not to be found


@pytest.fixture
def both(scene: Scene) -> Scene:
    scene.draft()
    git(scene.clone, "push", "-q", "origin", f"HEAD:refs/heads/{OTHER}")
    scene.attendant.look_at_branch(OTHER)
    return scene


def numbers(scene: Scene) -> tuple[int, int]:
    return scene.village.change_of(MINE), scene.village.change_of(OTHER)


def test_it_is_the_worst_and_names_them_all_whichever_was_looked_at_last(both: Scene) -> None:
    """What is approved is not shown as good while another at the commit is not."""
    head = both.village.tip(f"refs/heads/{MINE}")
    mine, other = numbers(both)
    both.village.ready(mine)
    both.village.refuse_merge = "The check 'portico' is expected."
    both.village.review(mine, "grace", Opinion.APPROVED)
    for _ in range(2):
        with pytest.raises(Refused, match="is expected"):
            both.attendant.look(mine)
        _is_waiting_for_the_other(both, head)
        both.attendant.look(other)
        _is_waiting_for_the_other(both, head)


def _is_waiting_for_the_other(both: Scene, head: str) -> None:
    found = both.village.judged[head]
    assert found.signal is Signal.WAITING
    assert found.title.startswith("net/mail/v1: A draft")
    assert 0 < found.summary.index("**net/dns/ttl: ") < found.summary.index("**net/mail/v1: ")


def test_looked_at_in_turn_nothing_is_written(both: Scene) -> None:
    for number in numbers(both):
        both.attendant.look(number)
    both.village.writes.clear()
    for number in (*numbers(both), *numbers(both)):
        both.attendant.look(number)
    assert both.village.writes == []


def test_the_comment_says_with_which_other_it_shares_the_verdict(both: Scene) -> None:
    mine, other = numbers(both)
    both.attendant.look(mine)
    assert "net/mail/v1 stands at the same commit" in both.living(mine)
    assert "net/dns/ttl stands at the same commit" in both.living(other)


@pytest.mark.parametrize("by", ["deletion", "push", "closing"])
def test_who_is_alone_again_has_a_verdict_of_its_own_by_the_next_round(both: Scene, by: str) -> None:
    head = both.village.tip(f"refs/heads/{MINE}")
    both.attendant.look_at_all()
    if by == "deletion":
        git(both.clone, "push", "-q", "origin", f":refs/heads/{OTHER}")
    elif by == "push":
        both.push(OTHER, {"net/dns/zone.yaml": ZONE.replace("300", "7")}, start=f"origin/{OTHER}")
    else:
        both.village.close(both.village.change(numbers(both)[1]))
    both.attendant.look_at_all()
    if by == "closing":
        both.attendant.look(numbers(both)[0])  # no ref tells of it
    found = both.village.judged[head]
    assert (found.signal, "net/mail" in found.summary) == (Signal.WAITING, False)
    assert "same commit" not in both.living(numbers(both)[0])
