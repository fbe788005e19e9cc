"""Deletions that people or crashes meddle with: pushes, merges and tags by hand."""

from html import unescape

import pytest

from bot.errors import Moved, NotFound, Refused
from bot.lifecycle.change import Opinion
from tests.attendant.conftest import KPTFILE, ZONE, Scene
from tests.attendant.deleting import DOOMED, approve, ask, dying, holds, publish, publish_anew, shown, tags
from tests.attendant.village import git


def test_what_somebody_pushes_onto_the_branch_is_not_merged(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    branch = DOOMED.format("v1")
    scene.push(branch, {"net/other/Kptfile": KPTFILE}, "mel", start=f"origin/{branch}")
    scene.village.review(number, "grace", Opinion.APPROVED)
    with pytest.raises(Refused, match="net/other/Kptfile"):
        scene.attendant.look(number)
    assert scene.village.change(number).open
    assert "also changes 'net/other/Kptfile'" in scene.living(number)
    assert tags(scene) == ["net/dns/v1"]

    git(scene.clone, "push", "-qf", "origin", f"refs/tags/net/dns/v1^{{}}:refs/heads/{branch}")
    scene.village.pushed_by(branch, "mel")
    scene.attendant.look(number)
    approve(scene, number)
    assert tags(scene) == []


def test_a_branch_brought_up_to_date_by_hand_is_written_anew(scene: Scene) -> None:
    published = publish(scene, "60")
    scene.village.write(published, "ada", "/propose-delete")
    scene.attendant.look(published)
    number, branch = scene.village.change_of(DOOMED.format("v1")), DOOMED.format("v1")
    scene.push("main", {"net/other/Kptfile": KPTFILE.replace("dns", "other")})
    git(scene.clone, "fetch", "-q", "origin")
    git(scene.clone, "switch", "-q", "--detach", f"origin/{branch}")
    who = {"GIT_AUTHOR_NAME": "mel", "GIT_AUTHOR_EMAIL": "mel@example.com"}
    who |= {"GIT_COMMITTER_NAME": "mel", "GIT_COMMITTER_EMAIL": "mel@example.com"}
    git(scene.clone, "merge", "-q", "--no-ff", "-m", "Update branch", "origin/main", **who)
    git(scene.clone, "push", "-q", "origin", f"HEAD:refs/heads/{branch}")
    scene.attendant.look(number)

    head = scene.village.change(number).head
    assert shown(scene, head, "%P") == scene.village.tip("refs/heads/main")
    assert shown(scene, head, "%an") == "Ada"
    approve(scene, number, "ada")
    assert tags(scene) == ["net/dns/v1"]
    approve(scene, number)
    assert tags(scene) == []


def test_a_removal_that_a_person_pushed_needs_somebody_else(scene: Scene) -> None:
    """Who writes the commit with another's name has pushed it nevertheless."""
    publish(scene, "60")
    number = ask(scene, "v1", by="mel")
    branch = DOOMED.format("v1")
    git(scene.clone, "fetch", "-q", "origin")
    git(scene.clone, "switch", "-q", "--detach", f"origin/{branch}")
    who = {"GIT_COMMITTER_NAME": "grace", "GIT_COMMITTER_EMAIL": "grace@example.com"}
    git(scene.clone, "commit", "-q", "--amend", "--no-edit", "--date=2020-01-01T00:00:00Z", **who)
    git(scene.clone, "push", "-qf", "origin", f"HEAD:refs/heads/{branch}")
    scene.village.pushed_by(branch, "grace")
    approve(scene, number)
    assert tags(scene) == ["net/dns/v1"]


def test_merged_by_hand_without_approval_it_is_flagged_and_keeps_its_tag(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    scene.village.press_merge(number, "mel")
    scene.attendant.look(number)
    assert (tags(scene), holds(scene, "net/dns")) == (["net/dns/v1"], False)
    assert "was merged by hand, and its tag was not deleted" in scene.living(number)

    approve(scene, number)
    assert tags(scene) == []
    publish_anew(scene)
    assert tags(scene) == ["net/dns/v2"]


def test_merged_by_hand_with_approval_its_number_is_remembered(scene: Scene) -> None:
    """Whoever published and deleted it by hand left no message of ours on the branch."""
    number = scene.draft()
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.village.press_merge(number, "mel")
    scene.attendant.look(number)
    assert tags(scene) == ["net/dns/v1"]

    doomed = ask(scene, "v1")
    scene.village.review(doomed, "grace", Opinion.APPROVED)
    scene.village.press_merge(doomed, "mel")
    scene.attendant.look(doomed)
    scene.attendant.look(number)
    assert tags(scene) == []
    publish_anew(scene)
    assert tags(scene) == ["net/dns/v2"]


def test_squashed_by_hand_under_other_words_it_keeps_its_tag(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.village.press_merge(number, "mel", "Away with it", squash=True)
    with pytest.raises(Refused, match="under a message that does not say so"):
        scene.attendant.look(number)
    assert tags(scene) == ["net/dns/v1"]


def test_a_tag_that_may_not_be_deleted_is_told_and_tried_again(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    hook = scene.village.bare / "hooks" / "update"
    hook.write_text('#!/bin/sh\ncase "$1" in refs/tags/*) echo "Tags are protected."; exit 1;; esac\n')
    hook.chmod(0o755)
    scene.village.refuse_tags = True
    scene.village.review(number, "grace", Opinion.APPROVED)
    with pytest.raises(Refused, match="does not let this bot delete tags"):
        scene.attendant.look(number)
    assert scene.village.change(number).merged
    assert "cannot be deleted" in scene.living(number)
    scene.village.refuse_tags = False
    scene.attendant.look(number)
    assert tags(scene) == []
    assert "### Gone" in scene.living(number)


def test_a_tag_that_a_person_deleted_ends_it(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    git(scene.clone, "push", "-q", "origin", ":refs/tags/net/dns/v1")
    scene.attendant.look(number)
    assert not scene.village.change(number).open
    assert scene.village.tip(f"refs/heads/{DOOMED.format('v1')}") == ""


def test_a_tag_that_was_made_anew_is_another_revision(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    approve(scene, number)
    git(scene.clone, "push", "-q", "origin", "HEAD:refs/tags/net/dns/v1")
    scene.attendant.look(number)
    assert tags(scene) == ["net/dns/v1"]


def test_an_annotated_tag_is_deleted_as_well(scene: Scene) -> None:
    publish(scene, "60")
    git(scene.clone, "fetch", "-q", "--tags", "origin")
    who = {"GIT_COMMITTER_NAME": "mel", "GIT_COMMITTER_EMAIL": "mel@example.com"}
    git(scene.clone, "tag", "-a", "-m", "two", "net/dns/v2", "net/dns/v1^{}", **who)
    git(scene.clone, "push", "-q", "origin", "net/dns/v2")
    approve(scene, ask(scene, "v2"))
    assert tags(scene) == ["net/dns/v1"]


def test_a_draft_of_the_same_name_is_something_else(scene: Scene) -> None:
    publish(scene, "60", "v2")  # published as v1
    publish(scene, "61", "v1")  # published as v2
    number = ask(scene, "v1")
    scene.push("drafts/net/dns/v1", {"net/dns/zone.yaml": ZONE.replace("300", "9")})
    scene.attendant.look_at_branch("drafts/net/dns/v1")
    approve(scene, number)
    assert tags(scene) == ["net/dns/v2"]
    assert '"workspaceName":"v2","revision":"1"' in shown(scene, "main", "%B")
    assert scene.village.tip("refs/heads/drafts/net/dns/v1")


def test_a_branch_without_a_revision_is_told(scene: Scene) -> None:
    scene.push(DOOMED.format("v7"), {"x": "y"})
    with pytest.raises(NotFound, match="There is no published revision 'v7' of 'net/dns'"):
        scene.attendant.look_at_branch(DOOMED.format("v7"))
    assert len(scene.attendant.look_at_all()) == 1
    assert scene.village.kept == {}


def test_a_push_of_nobody_known_is_looked_at_again(scene: Scene) -> None:
    publish(scene, "60")
    branch = DOOMED.format("v1")
    scene.village.forgetful = True
    git(scene.clone, "fetch", "-q", "--tags", "origin")
    git(scene.clone, "push", "-q", "origin", f"refs/tags/net/dns/v1^{{}}:refs/heads/{branch}")
    with pytest.raises(Moved, match="/propose-delete v1"):
        scene.attendant.look_at_branch(branch)
    assert scene.village.change_of(branch) == 0


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("left", range(9))
def test_killed_anywhere_it_ends_where_it_would_have_ended(scene: Scene, left: int, *, after: bool) -> None:
    published = publish(scene, "60")
    scene.village.write(published, "ada", "/propose-delete")
    dying(scene, left, after=after)
    scene.attendant.look(published)
    scene.attendant.look_at_all()
    number = scene.village.change_of(DOOMED.format("v1"))
    scene.village.review(number, "grace", Opinion.APPROVED)
    dying(scene, left, after=after)
    scene.attendant.look_at_all()
    scene.attendant.look_at_all()  # the change that published it is looked at when it is gone

    assert (tags(scene), holds(scene, "net/dns")) == ([], False)
    assert scene.village.tip(f"refs/heads/{DOOMED.format('v1')}") == ""
    assert "### Gone" in scene.living(number)
    assert "### Gone" in scene.living(published)
    assert scene.village.writes.count("merge") == 2  # of the publication, and of its deletion


@pytest.mark.parametrize("early", [False, True])
def test_who_asks_by_a_word_does_not_agree_to_it_alone(scene: Scene, *, early: bool) -> None:
    """Merged by somebody's button, the branch holds her commit: nobody pushed anything but us."""
    published = publish(scene, "60")
    scene.village.write(published, "ada", "/propose-delete")
    scene.attendant.look(published)
    number = scene.village.change_of(DOOMED.format("v1"))
    scene.attendant.look(number)
    if early:
        scene.village.review(number, "ada", Opinion.APPROVED)
    scene.village.press_merge(number, "mel")
    if not early:
        scene.village.review(number, "ada", Opinion.APPROVED)
    scene.attendant.look(number)
    assert tags(scene) == ["net/dns/v1"]

    approve(scene, number)
    assert tags(scene) == []


def test_a_deletion_has_nothing_to_compare_or_to_copy(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    scene.village.write(number, "ada", "/diff v1")
    scene.village.write(number, "ada", "/copy as other")
    scene.attendant.look(number)
    assert unescape(scene.living(number)).count("so there is no draft to change") == 2
