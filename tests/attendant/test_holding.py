"""`/hold` and `/unhold`: what waits, what is said meanwhile, and what edits and deletions make of it."""

from html import unescape

from bot.lifecycle.change import Answered, Opinion, Rights
from tests.attendant.conftest import ZONE, Scene

BRANCH, TAG = "drafts/net/dns/ttl", "refs/tags/net/dns/v1"


def held(scene: Scene, text: str = "/hold the audit is on") -> int:
    """A proposal on which mel said so."""
    number = scene.draft()
    scene.village.ready(number)
    scene.village.write(number, "mel", text)
    scene.attendant.look(number)
    return number


def approve(scene: Scene, number: int) -> None:
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)


def test_what_is_on_hold_is_not_published_though_it_is_approved(scene: Scene) -> None:
    number = held(scene)
    approve(scene, number)

    change = scene.village.kept[number]
    assert (change.merged, scene.village.tip(TAG)) == ("", "")
    assert change.remarks[0].answered is Answered.DONE
    said = (
        "On hold by @mel (the audit is on): nothing is merged until somebody who may push comments `/unhold`."
    )
    assert said in unescape(scene.living(number))
    assert scene.village.judged[change.head].title == said[:140]
    assert "- approved by @grace." in unescape(scene.living(number))


def test_it_is_published_as_soon_as_somebody_lets_go(scene: Scene) -> None:
    number = held(scene)
    approve(scene, number)
    scene.village.write(number, "ada", "/unhold")
    scene.attendant.look(number)

    assert scene.village.tip(TAG) == scene.village.kept[number].merged != ""
    assert "net/dns/ttl is not on hold any more." in unescape(scene.living(number))


def test_a_hold_and_an_approval_in_one_comment_record_both(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    scene.village.write(number, "grace", "/approve\n/hold")
    scene.attendant.look(number)
    assert scene.village.tip(TAG) == ""

    scene.village.write(number, "grace", "/unhold")
    scene.attendant.look(number)
    assert scene.village.tip(TAG) != ""


def test_an_approval_by_a_word_says_what_still_waits(scene: Scene) -> None:
    number = held(scene)
    scene.village.write(number, "grace", "/approve")
    scene.attendant.look(number)

    answers = unescape(scene.living(number)).partition("**Answers**")[2]
    assert "@grace, /approve: net/dns/ttl" not in answers
    assert "On hold by @mel" in answers.partition("/approve")[2]


def test_a_hold_survives_a_push(scene: Scene) -> None:
    number = held(scene)
    scene.push(BRANCH, {"net/dns/zone.yaml": ZONE.replace("300", "90")}, start=f"origin/{BRANCH}")
    approve(scene, number)
    assert scene.village.tip(TAG) == ""


def test_a_hold_goes_with_its_comment(scene: Scene) -> None:
    number = held(scene)
    approve(scene, number)
    scene.village.erase(number, 0)
    scene.attendant.look(number)
    assert scene.village.tip(TAG) != ""


def test_a_hold_stands_when_its_reason_is_edited_and_goes_when_the_word_is(scene: Scene) -> None:
    number = held(scene)
    approve(scene, number)
    scene.village.rewrite(number, 0, "/hold the audit is on until Friday")
    scene.attendant.look(number)
    assert scene.village.tip(TAG) == ""
    assert "until Friday" in scene.living(number)

    scene.village.rewrite(number, 0, "The audit is done.")
    scene.attendant.look(number)
    assert scene.village.tip(TAG) != ""


def test_letting_go_that_was_edited_or_deleted_does_not_count(scene: Scene) -> None:
    number = held(scene)
    scene.village.write(number, "ada", "/explain")
    scene.attendant.look(number)
    scene.village.rewrite(number, 1, "/unhold")
    approve(scene, number)
    assert scene.village.tip(TAG) == ""


def test_who_may_not_push_neither_holds_nor_lets_go(scene: Scene) -> None:
    scene.village.rights_of["mel"] = Rights.READ
    number = held(scene)
    assert scene.village.kept[number].remarks[0].answered is Answered.REFUSED
    # What a stranger may ask is answered, and does not become a hold when they edit it.
    scene.village.write(number, "mel", "/explain")
    scene.attendant.look(number)
    scene.village.rewrite(number, 1, "/hold")
    approve(scene, number)
    assert scene.village.tip(TAG) != ""


def test_what_was_merged_by_hand_on_hold_is_tagged_when_somebody_lets_go(scene: Scene) -> None:
    number = held(scene)
    approve(scene, number)
    merge = scene.village.press_merge(number, "grace")
    scene.attendant.look(number)
    assert scene.village.tip(TAG) == ""
    assert "On hold by @mel" in unescape(scene.living(number))

    scene.village.write(number, "mel", "/unhold")
    scene.attendant.look(number)
    assert scene.village.tip(TAG) == merge


def test_a_hold_that_nobody_answered_yet_holds(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.village.write(number, "mel", "/hold")
    scene.attendant.look(number)
    assert scene.village.tip(TAG) == ""


def test_a_second_look_at_what_is_on_hold_writes_nothing(scene: Scene) -> None:
    number = held(scene)
    approve(scene, number)
    scene.village.writes.clear()
    scene.attendant.look(number)
    assert scene.village.writes == []


def test_letting_go_of_what_is_not_on_hold_changes_nothing(scene: Scene) -> None:
    number = scene.draft()
    scene.village.write(number, "mel", "/unhold")
    scene.attendant.look(number)
    assert "net/dns/ttl is not on hold; nothing was changed." in unescape(scene.living(number))


def test_a_hold_beside_a_word_that_is_refused_holds(scene: Scene) -> None:
    number = held(scene, "/hold the audit is on\n/diff v99")
    assert scene.village.kept[number].remarks[0].answered is Answered.REFUSED
    approve(scene, number)
    assert scene.village.tip(TAG) == ""
    scene.village.write(number, "ada", "/unhold")
    scene.attendant.look(number)
    assert scene.village.tip(TAG) != ""


def test_a_hold_stands_though_its_holder_may_not_push_any_more(scene: Scene) -> None:
    number = held(scene)
    scene.village.rights_of["mel"] = Rights.READ
    approve(scene, number)
    assert scene.village.tip(TAG) == ""
    assert "On hold by @mel (the audit is on)" in unescape(scene.living(number))
    scene.village.write(number, "mel", "/unhold")
    scene.attendant.look(number)
    assert scene.village.tip(TAG) == ""

    scene.village.write(number, "ada", "/unhold")
    scene.attendant.look(number)
    assert scene.village.tip(TAG) != ""


def test_who_may_not_push_any_more_takes_a_hold_back_by_an_edit_and_adds_none(scene: Scene) -> None:
    number = held(scene, "/hold the audit is on")
    scene.village.write(number, "mel", "/explain")
    scene.attendant.look(number)
    scene.village.rights_of["mel"] = Rights.READ
    scene.village.rewrite(number, 0, "/hold for ever")
    scene.village.rewrite(number, 1, "/hold for ever")
    approve(scene, number)
    assert scene.village.tip(TAG) != ""


def test_what_somebody_let_go_stays_so_though_they_may_not_push_any_more(scene: Scene) -> None:
    number = held(scene)
    scene.village.write(number, "ada", "/unhold")
    scene.attendant.look(number)
    scene.village.rights_of["ada"] = Rights.READ
    approve(scene, number)
    assert scene.village.tip(TAG) != ""
