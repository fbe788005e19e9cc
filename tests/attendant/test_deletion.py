"""Deletions of published revisions as changes: what people do on the forge, and what is there afterwards."""

import pytest

from bot.errors import Moved, NotFound, Refused
from bot.lifecycle.change import Opinion, Rights, Signal
from tests.attendant.conftest import KPTFILE, ZONE, Scene
from tests.attendant.test_interleavings import mortal
from tests.attendant.village import BOT, git

DOOMED = "deletionProposed/net/dns/{}"


def publish(scene: Scene, ttl: str, workspace: str = "ttl") -> int:
    """A new revision of the package, by mel and grace; the number of its change."""
    branch = f"drafts/net/dns/{workspace}"
    scene.push(branch, {"net/dns/zone.yaml": ZONE.replace("300", ttl)})
    scene.village.pushed_by(branch, "mel")
    scene.attendant.look_at_branch(branch)
    number = scene.village.change_of(branch)
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)
    assert not scene.village.change(number).open
    return number


def publish_anew(scene: Scene) -> None:
    files = {"net/dns/Kptfile": KPTFILE, "net/dns/zone.yaml": ZONE}
    branch = "drafts/net/dns/anew"
    scene.push(branch, files)
    scene.attendant.look_at_branch(branch)
    number = scene.village.change_of(branch)
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)


def ask(scene: Scene, revision: str, by: str = "mel") -> int:
    """Push a tag as its deletion's branch, and have a look at that; the number of its change."""
    branch = DOOMED.format(revision)
    git(scene.clone, "fetch", "-q", "--tags", "--prune", "origin")
    git(scene.clone, "push", "-q", "origin", f"refs/tags/net/dns/{revision}^{{}}:refs/heads/{branch}")
    scene.village.pushed_by(branch, by)
    scene.attendant.look_at_branch(branch)
    return scene.village.change_of(branch)


def tags(scene: Scene) -> list[str]:
    return git(scene.village.bare, "tag").split()


def shown(scene: Scene, commit: str, form: str) -> str:
    return git(scene.village.bare, "log", "-1", f"--format={form}", commit)


def holds(scene: Scene, path: str) -> bool:
    return bool(git(scene.village.bare, "ls-tree", "main", "--", path))


def approve(scene: Scene, number: int, by: str = "grace") -> None:
    scene.village.review(number, by, Opinion.APPROVED)
    scene.attendant.look(number)


def test_a_pushed_tag_becomes_a_proposal_of_one_commit(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")

    change = scene.village.change(number)
    assert (change.draft, change.open, change.title) == (False, True, "Delete net/dns/v1")
    assert shown(scene, change.head, "%P %an %cn") == f"{scene.village.tip('refs/heads/main')} Mel Portico"
    assert git(scene.village.bare, "diff", "--name-only", "main", change.head).split() == [
        "net/dns/Kptfile",
        "net/dns/zone.yaml",
    ]
    living = scene.living(number)
    assert "### 🗑 Deletion proposed · net/dns/v1" in living
    assert "Waiting for approvals" in living.replace("&#58;", ":")
    assert "is removed from the branch" in living
    assert "ConfigMap" in living.partition("Difference")[2]


def test_approved_it_is_merged_and_its_tag_and_branch_go(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    approve(scene, number)

    assert (tags(scene), holds(scene, "net/dns")) == ([], False)
    assert scene.village.tip(f"refs/heads/{DOOMED.format('v1')}") == ""
    message = shown(scene, "main", "%B")
    assert message.startswith("Delete net/dns\n")
    assert '"workspaceName":"ttl","revision":"1"' in message
    assert "Approved-by: Grace <grace@example.com>" in message
    assert f"Reviewed-on: https://village.example/{number}" in message
    assert "is deleted; its number is not used again" in scene.living(number)
    assert "### Gone" in scene.living(number)


def test_an_older_revision_goes_without_touching_the_branch(scene: Scene) -> None:
    publish(scene, "60")
    publish(scene, "61", "more")
    number = ask(scene, "v1")

    head = scene.village.change(number).head
    assert git(scene.village.bare, "diff", "--name-only", "main", head) == ""
    assert shown(scene, head, "%s") == "Delete net/dns/v1"
    assert "stays as it is" in scene.living(number)
    assert "Difference" not in scene.living(number)
    approve(scene, number)
    assert (tags(scene), holds(scene, "net/dns")) == (["net/dns/v2"], True)


def test_looking_again_writes_nothing(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    scene.attendant.look_at_all()
    scene.village.writes.clear()
    scene.attendant.look(number)
    scene.attendant.look_at_branch(DOOMED.format("v1"))
    assert scene.attendant.look_at_all() == []
    assert scene.village.writes == []

    approve(scene, number)
    scene.attendant.look_at_all()
    scene.village.writes.clear()
    scene.attendant.look(number)
    assert scene.attendant.look_at_all() == []
    assert scene.village.writes == []


@pytest.mark.parametrize("gone", ["v1", "v2"])
def test_the_number_of_a_deleted_revision_is_never_used_again(scene: Scene, gone: str) -> None:
    publish(scene, "60")
    publish(scene, "61", "more")
    approve(scene, ask(scene, gone))
    publish_anew(scene)
    assert "net/dns/v3" in tags(scene)


def test_a_change_whose_revision_was_deleted_does_not_publish_it_again(scene: Scene) -> None:
    first = publish(scene, "60")
    second = publish(scene, "61", "more")
    approve(scene, ask(scene, "v2"))
    approve(scene, ask(scene, "v1"))

    for number in (first, second):
        scene.attendant.look(number)
        assert "### Gone" in scene.living(number)
    assert tags(scene) == []


def test_who_proposed_it_does_not_approve_it(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1", by="grace")
    approve(scene, number, "grace")
    assert tags(scene) == ["net/dns/v1"]
    assert "does not count" in scene.living(number)
    approve(scene, number, "ada")
    assert tags(scene) == []


def test_who_may_not_approve_does_not(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1", by="ada")
    approve(scene, number, "mel")
    scene.village.write(number, "mel", "/approve")
    scene.attendant.look(number)
    assert tags(scene) == ["net/dns/v1"]


def test_a_comment_approves_too(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    scene.village.write(number, "grace", "/approve")
    scene.attendant.look(number)
    assert tags(scene) == []


@pytest.mark.parametrize("text", ["/propose-delete", "/propose-delete v1"])
def test_a_comment_on_the_change_that_published_it_proposes_it(scene: Scene, text: str) -> None:
    published = publish(scene, "60")
    scene.village.write(published, "ada", text)
    scene.attendant.look(published)

    number = scene.village.change_of(DOOMED.format("v1"))
    change = scene.village.change(number)
    assert (change.open, change.draft) == (True, False)
    assert shown(scene, change.head, "%an") == "Ada"
    assert "is proposed for deletion" in scene.living(published)
    approve(scene, number, "ada")
    assert tags(scene) == ["net/dns/v1"]
    approve(scene, number, "grace")
    assert tags(scene) == []


def test_a_comment_on_any_change_of_the_package_names_the_revision(scene: Scene) -> None:
    publish(scene, "60")
    draft = scene.draft(ttl="61")
    scene.village.write(draft, "mel", "/propose-delete v1")
    scene.village.write(draft, "mel", "/propose-delete")
    scene.village.write(draft, "mel", "/propose-delete v9")
    scene.attendant.look(draft)
    assert scene.village.change(scene.village.change_of(DOOMED.format("v1"))).open
    living = scene.living(draft)
    assert "Say which revision" in living
    assert "There is no published revision &#39;v9&#39;".replace("&#39;", "'") in living


def test_asking_twice_says_so_and_opens_one_change(scene: Scene) -> None:
    published = publish(scene, "60")
    scene.village.write(published, "ada", "/propose-delete")
    scene.attendant.look(published)
    scene.village.write(published, "grace", "/propose-delete")
    scene.attendant.look(published)
    assert [c.branch for c in scene.village.kept.values()].count(DOOMED.format("v1")) == 1


def test_who_may_not_push_does_not_propose(scene: Scene) -> None:
    published = publish(scene, "60")
    scene.village.rights_of["mel"] = Rights.READ
    scene.village.write(published, "mel", "/propose-delete")
    scene.attendant.look(published)
    assert scene.village.tip(f"refs/heads/{DOOMED.format('v1')}") == ""


def test_the_upstream_of_a_package_is_not_deleted(scene: Scene) -> None:
    published = publish(scene, "60")
    upstream = "upstream:\n  type: git\n  git:\n    repo: x\n    directory: net/dns\n    ref: net/dns/v1\n"
    scene.push("main", {"net/clone/Kptfile": KPTFILE.replace("dns", "clone") + upstream})
    scene.village.write(published, "ada", "/propose-delete")
    scene.attendant.look(published)
    assert scene.village.change_of(DOOMED.format("v1")) == 0
    assert "net/clone" in scene.living(published)

    number = ask(scene, "v1")
    approve(scene, number)
    assert tags(scene) == ["net/dns/v1"]
    assert "while 'net/clone' has it as upstream" in scene.living(number)
    assert scene.village.kept[number].signal is Signal.WAITING


@pytest.mark.parametrize("how", ["review", "comment"])
def test_a_rejection_closes_it_with_the_reason(scene: Scene, how: str) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    if how == "review":
        scene.village.review(number, "grace", Opinion.REJECTED, "we need it")
    else:
        scene.village.write(number, "grace", "/reject we need it")
    scene.attendant.look(number)

    assert not scene.village.change(number).open
    assert scene.village.tip(f"refs/heads/{DOOMED.format('v1')}") == ""
    assert tags(scene) == ["net/dns/v1"]
    assert "✅ Published as v1" in scene.living(number)
    assert "we need it" in scene.living(number)
    scene.village.writes.clear()
    scene.attendant.look_at_all()
    scene.attendant.look(number)
    assert scene.village.writes == []


def test_closed_by_a_person_it_is_withdrawn_and_can_be_proposed_anew(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    scene.village.close(scene.village.kept[number])
    scene.attendant.look(number)
    assert scene.village.tip(f"refs/heads/{DOOMED.format('v1')}") == ""
    assert "✅ Published as v1" in scene.living(number)
    assert "stays published" in scene.living(number)

    again = ask(scene, "v1", by="ada")
    assert again > number
    scene.attendant.look(number)
    scene.attendant.look(again)
    assert scene.village.change(again).open
    approve(scene, again)
    assert tags(scene) == []


def test_a_branch_that_is_deleted_withdraws_it(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    git(scene.clone, "push", "-q", "origin", f":refs/heads/{DOOMED.format('v1')}")
    scene.attendant.look(number)
    assert "✅ Published as v1" in scene.living(number)


def test_a_newer_revision_changes_what_a_deletion_removes_and_stales_approvals(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    before = scene.village.change(number).head
    scene.village.review(number, "grace", Opinion.APPROVED)
    publish(scene, "61", "more")
    scene.attendant.look(number)

    change = scene.village.change(number)
    assert change.head != before
    assert git(scene.village.bare, "diff", "--name-only", "main", change.head) == ""
    assert shown(scene, change.head, "%an") == "Mel"
    assert "stale approval by &#64;grace" in scene.living(number)
    assert tags(scene) == ["net/dns/v1", "net/dns/v2"]
    approve(scene, number)
    assert (tags(scene), holds(scene, "net/dns")) == (["net/dns/v2"], True)


def test_the_proposer_stays_one_when_the_commit_is_written_anew(scene: Scene) -> None:
    published = publish(scene, "60")
    scene.village.write(published, "ada", "/propose-delete")
    scene.attendant.look(published)
    number = scene.village.change_of(DOOMED.format("v1"))
    publish(scene, "61", "more")
    scene.attendant.look(number)
    approve(scene, number, "ada")
    assert "net/dns/v1" in tags(scene)


def test_other_packages_that_are_published_change_nothing(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    before = scene.village.change(number).head
    scene.push("main", {"net/other/Kptfile": KPTFILE.replace("dns", "other")})
    scene.attendant.look(number)
    assert scene.village.change(number).head == before
    approve(scene, number)
    assert tags(scene) == []
    assert holds(scene, "net/other")


def test_a_repository_that_merges_only_what_is_newest_gets_it_on_top(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    scene.push("main", {"net/other/Kptfile": KPTFILE.replace("dns", "other")})
    scene.village.demand_newest = True
    approve(scene, number)
    assert (tags(scene), holds(scene, "net/other")) == ([], True)


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


def test_made_a_draft_it_is_a_proposal_again(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    scene.village.mark(scene.village.kept[number], draft=True)
    scene.attendant.look(number)
    assert not scene.village.change(number).draft


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


def test_words_that_change_drafts_are_refused(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    for text in ("/rebase", "/delete", "/propose", "/rollback v1"):
        scene.village.write(number, "grace", text)
    scene.attendant.look(number)
    living = scene.living(number)
    assert living.count("so there is no draft to change") == 2
    assert "cannot be asked to" in living
    assert "Now you can use" in living


def test_the_tick_finds_a_branch_without_a_change(scene: Scene) -> None:
    publish(scene, "60")
    branch = DOOMED.format("v1")
    git(scene.clone, "fetch", "-q", "--tags", "origin")
    git(scene.clone, "push", "-q", "origin", f"refs/tags/net/dns/v1^{{}}:refs/heads/{branch}")
    scene.village.pushed_by(branch, "mel")
    assert scene.attendant.look_at_all() == []
    change = scene.village.change(scene.village.change_of(branch))
    assert (change.open, change.draft, change.author.login) == (True, False, BOT)


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("left", range(9))
def test_killed_anywhere_it_ends_where_it_would_have_ended(scene: Scene, left: int, *, after: bool) -> None:
    published = publish(scene, "60")
    scene.village.write(published, "ada", "/propose-delete")
    mortal(scene, left, after=after)
    scene.attendant.look(published)
    scene.attendant.look_at_all()
    number = scene.village.change_of(DOOMED.format("v1"))
    scene.village.review(number, "grace", Opinion.APPROVED)
    mortal(scene, left, after=after)
    scene.attendant.look_at_all()
    scene.attendant.look_at_all()  # the change that published it is looked at when it is gone

    assert (tags(scene), holds(scene, "net/dns")) == ([], False)
    assert scene.village.tip(f"refs/heads/{DOOMED.format('v1')}") == ""
    assert "### Gone" in scene.living(number)
    assert "### Gone" in scene.living(published)
    assert scene.village.writes.count("merge") == 2  # of the publication, and of its deletion
