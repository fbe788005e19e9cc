"""Deletions of published revisions as changes: what people do on the forge, and what is there afterwards."""

import pytest

from bot.errors import Refused
from bot.lifecycle.change import Opinion, Rights, Signal
from tests.attendant.conftest import KPTFILE, Scene
from tests.attendant.deleting import DOOMED, approve, ask, holds, publish, publish_anew, shown, tags
from tests.attendant.village import BOT, git


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


def test_a_refusal_that_has_another_reason_leaves_the_branch_and_its_approvals(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    head = scene.village.change(number).head
    scene.push("main", {"net/other/Kptfile": KPTFILE.replace("dns", "other")})
    scene.village.refuse_merge = "The check 'ci' is expected."
    with pytest.raises(Refused, match="'ci' is expected"):
        approve(scene, number)
    assert scene.village.change(number).head == head
    scene.village.refuse_merge = ""
    scene.attendant.look(number)
    assert tags(scene) == []


def test_made_a_draft_it_is_a_proposal_again(scene: Scene) -> None:
    publish(scene, "60")
    number = ask(scene, "v1")
    scene.village.mark(scene.village.kept[number], draft=True)
    scene.attendant.look(number)
    assert not scene.village.change(number).draft


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
