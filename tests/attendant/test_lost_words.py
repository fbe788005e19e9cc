"""What was asked for on an issue, and no webhook told of, is heard by a round, once."""

from bot.errors import Refused
from bot.lifecycle.change import Answered
from bot.lifecycle.issue import Issue
from tests.attendant.conftest import Scene
from tests.attendant.test_beginning import NEW, mark, told
from tests.attendant.village import Village


def test_a_round_hears_what_was_asked_for_and_obeys_it_once(scene: Scene) -> None:
    number = scene.village.raise_issue("mel", "/init net/mail")
    assert scene.attendant.look_at_all() == []
    assert "net/mail/v1 is there" in told(scene, number)
    assert mark(scene, number) is Answered.DONE
    begun = scene.village.tip(f"refs/heads/{NEW}")
    scene.village.writes.clear()
    for _ in range(3):
        assert scene.attendant.look_at_all() == []
    assert scene.village.tip(f"refs/heads/{NEW}") == begun
    assert scene.village.writes == []


def test_an_issue_is_read_again_when_something_more_was_said(scene: Scene) -> None:
    read: list[int] = []

    def issue(number: int) -> Issue:
        read.append(number)
        return Village.issue(scene.village, number)

    scene.village.issue = issue  # type: ignore[method-assign] # what is asked is counted
    first, second = (scene.village.raise_issue("mel", "It is slow.") for _ in range(2))
    for _ in range(3):
        scene.attendant.look_at_all()
    # In the second of the first look something more may have been said.
    assert sorted(read) == [first, first, second, second]
    scene.village.write(second, "mel", "/init net/mail")
    scene.attendant.look_at_all()
    assert read[4:] == [second]
    assert scene.village.tip(f"refs/heads/{NEW}")


def test_an_issue_that_cannot_be_answered_is_told_and_tried_again(scene: Scene) -> None:
    class Mute(Village):
        mute = True

        def issue(self, number: int) -> Issue:
            if self.mute:
                raise Refused("Issues are not shown.")
            return super().issue(number)

    scene.village.__class__ = Mute
    number = scene.village.raise_issue("mel", "/init net/mail")
    for _ in range(3):
        assert scene.attendant.look_at_all() == [f"issue {number}: Issues are not shown."]
    Mute.mute = False
    assert scene.attendant.look_at_all() == []
    assert mark(scene, number) is Answered.DONE
