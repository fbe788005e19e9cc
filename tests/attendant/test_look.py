"""The lifecycle on changes: what a person does on the forge, and what is there after the next look."""

from bot.lifecycle.change import Answered, Opinion, Rights, Signal
from tests.attendant.conftest import KPTFILE, PIPELINE, POLICY, ZONE, Scene
from tests.attendant.village import git

BRANCH = "drafts/net/dns/ttl"


def test_a_pushed_draft_gets_a_draft_change_with_the_living_comment(scene: Scene) -> None:
    number = scene.draft()

    change = scene.village.kept[number]
    assert (change.draft, change.branch, change.signal) == (True, BRANCH, Signal.WAITING)
    assert "### 📝 Draft · net/dns/ttl" in scene.living(number)
    assert "ttl" in scene.living(number).partition("Difference")[2]


def test_a_second_look_writes_nothing(scene: Scene) -> None:
    number = scene.draft()
    scene.village.writes.clear()

    scene.attendant.look(number)
    assert scene.attendant.look_at_all() == []

    assert scene.village.writes == []


def test_what_functions_change_is_committed_to_the_branch(scene: Scene) -> None:
    head = scene.push(BRANCH, {"net/dns/Kptfile": PIPELINE})
    scene.attendant.look_at_branch(BRANCH)

    number = scene.village.change_of(BRANCH)
    rendered = scene.village.tip(f"refs/heads/{BRANCH}")
    assert git(scene.village.bare, "rev-parse", f"{rendered}^") == head
    assert "team: net" in git(scene.village.bare, "show", f"{rendered}:net/dns/zone.yaml")
    assert git(scene.village.bare, "log", "-1", "--format=%an %cn", rendered) == "mel Portico"
    assert scene.village.kept[number].head == rendered


def test_an_approving_review_of_a_proposal_publishes_it(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    scene.attendant.look(number)
    assert "Waiting for approvals" in scene.living(number).replace("&#58;", ":")

    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)

    tag = scene.village.tip("refs/tags/net/dns/v1")
    assert tag == scene.village.kept[number].merged == scene.village.tip("refs/heads/main")
    assert '"workspaceName":"ttl","revision":"1"' in git(scene.village.bare, "log", "-1", "--format=%B", tag)
    assert "Approved-by: Grace <grace@example.com>" in git(
        scene.village.bare, "log", "-1", "--format=%B", tag
    )
    assert scene.village.tip(f"refs/heads/{BRANCH}") == ""
    assert "✅ Published as v1" in scene.living(number)


def test_an_approval_of_ones_own_work_does_not_count(scene: Scene) -> None:
    number = scene.draft(by="ada")
    scene.village.ready(number)
    scene.village.review(number, "ada", Opinion.APPROVED)

    scene.attendant.look(number)

    assert scene.village.tip("refs/tags/net/dns/v1") == ""


def test_who_pushed_last_counts_as_an_author_though_the_commit_is_anothers(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    git(scene.clone, "fetch", "-q", "origin")
    git(scene.clone, "switch", "-q", "--detach", f"origin/{BRANCH}")
    author = {"GIT_AUTHOR_NAME": "mel", "GIT_AUTHOR_EMAIL": "mel@example.com"}
    who = {"GIT_COMMITTER_NAME": "grace", "GIT_COMMITTER_EMAIL": "grace@example.com"}
    git(scene.clone, "commit", "-q", "--allow-empty", "-m", "more", **author, **who)
    git(scene.clone, "push", "-q", "origin", f"HEAD:refs/heads/{BRANCH}")
    scene.village.review(number, "grace", Opinion.APPROVED)

    scene.attendant.look(number)

    assert scene.village.tip("refs/tags/net/dns/v1") == ""


def test_a_push_after_an_approval_makes_it_stale(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.push(BRANCH, {"net/dns/zone.yaml": ZONE.replace("300", "5")}, start=f"origin/{BRANCH}")

    scene.attendant.look(number)

    assert scene.village.tip("refs/tags/net/dns/v1") == ""
    assert "does not count any more" in scene.living(number)


def test_an_approval_of_the_same_tree_at_another_commit_counts(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    git(scene.clone, "fetch", "-q", "origin")
    git(scene.clone, "switch", "-q", "--detach", f"origin/{BRANCH}")
    who = {
        f"GIT_{role}_{key}": f"mel{end}"
        for role in ("AUTHOR", "COMMITTER")
        for key, end in (("NAME", ""), ("EMAIL", "@example.com"))
    }
    git(scene.clone, "commit", "-q", "--allow-empty", "-m", "nothing", **who)
    git(scene.clone, "push", "-q", "origin", f"HEAD:refs/heads/{BRANCH}")

    scene.attendant.look(number)

    assert scene.village.tip("refs/tags/net/dns/v1")


def test_changes_requested_send_it_back_and_it_can_be_proposed_again(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    scene.village.review(number, "ada", Opinion.APPROVED)
    scene.village.review(number, "grace", Opinion.REJECTED, "too short")
    scene.attendant.look(number)
    assert scene.village.kept[number].draft
    assert "too short" in scene.living(number)

    scene.village.ready(number)
    scene.attendant.look(number)
    assert not scene.village.kept[number].draft
    assert scene.village.tip("refs/tags/net/dns/v1") == ""

    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/dns/v1")


def test_a_proposal_that_does_not_render_becomes_a_draft_again(scene: Scene) -> None:
    broken = PIPELINE.replace("set-labels:v0.2", "no-such-function:v9")
    scene.push(BRANCH, {"net/dns/Kptfile": broken})
    scene.attendant.look_at_branch(BRANCH)
    number = scene.village.change_of(BRANCH)
    scene.village.ready(number)

    scene.attendant.look(number)

    assert scene.village.kept[number].draft
    assert scene.village.kept[number].signal is Signal.BAD


def test_words_in_comments_are_carried_out_once(scene: Scene) -> None:
    number = scene.draft()
    scene.village.write(number, "mel", "Ready.\n\n/propose\n")
    scene.attendant.look(number)
    assert not scene.village.kept[number].draft
    assert scene.village.kept[number].remarks[0].answered is Answered.DONE

    scene.village.write(number, "grace", "/approve")
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/dns/v1")


def test_nobody_without_the_right_to_push_commands_or_approves(scene: Scene) -> None:
    scene.village.rights_of["grace"] = Rights.READ
    number = scene.draft()
    scene.village.write(number, "grace", "/propose")
    scene.attendant.look(number)
    assert scene.village.kept[number].draft
    assert scene.village.kept[number].remarks[0].answered is Answered.REFUSED

    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/dns/v1") == ""


def test_a_word_about_a_commit_that_was_pushed_over_is_refused(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    scene.village.write(number, "grace", "/approve")
    scene.push(BRANCH, {"net/dns/zone.yaml": ZONE.replace("300", "5")}, start=f"origin/{BRANCH}")

    scene.attendant.look(number)

    assert scene.village.tip("refs/tags/net/dns/v1") == ""
    assert scene.village.kept[number].remarks[0].answered is Answered.REFUSED


def test_a_merge_by_a_button_is_tagged_when_the_policy_was_met(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    merge = scene.village.press_merge(number, "mel")

    scene.attendant.look(number)

    assert scene.village.tip("refs/tags/net/dns/v1") == merge


def test_a_merge_by_a_button_without_approval_is_flagged_and_not_tagged(scene: Scene) -> None:
    number = scene.draft()
    scene.village.press_merge(number, "mel")

    scene.attendant.look(number)

    assert scene.village.tip("refs/tags/net/dns/v1") == ""
    assert "was merged by hand&#44; and is not published" in scene.living(number).replace(",", "&#44;")

    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/dns/v1") == scene.village.kept[number].merged


def test_a_tag_that_could_not_be_made_is_made_later_on_the_same_merge(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.village.refuse_tags = True
    assert "does not let this bot create tags" in scene.attendant.look_at_all()[0]
    assert scene.village.tip("refs/tags/net/dns/v1") == ""
    assert "does not let this bot create tags" in scene.living(number)

    scene.village.refuse_tags = False
    assert scene.attendant.look_at_all() == []

    assert scene.village.tip("refs/tags/net/dns/v1") == scene.village.kept[number].merged


def test_a_policy_from_the_draft_is_not_believed(scene: Scene) -> None:
    scene.push(BRANCH, {"net/dns/zone.yaml": ZONE, ".portico.yaml": POLICY + "selfApproval: true\n"}, "ada")
    scene.attendant.look_at_branch(BRANCH)
    number = scene.village.change_of(BRANCH)
    scene.village.ready(number)
    scene.village.review(number, "ada", Opinion.APPROVED)

    scene.attendant.look(number)

    assert scene.village.tip("refs/tags/net/dns/v1") == ""
    assert scene.village.kept[number].draft


def test_a_team_approves_by_its_members(scene: Scene) -> None:
    scene.village.teams["team/net"] = ["grace"]
    git(scene.clone, "switch", "-q", "--detach", "origin/main")
    scene.push("main", {".portico.yaml": "approvers: ['@team/net']\n"})
    number = scene.draft()
    scene.village.ready(number)
    scene.village.review(number, "ada", Opinion.APPROVED)
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/dns/v1") == ""

    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/dns/v1")


def test_owners_by_codeowners_approve(scene: Scene) -> None:
    owners = {".portico.yaml": "approvers: CODEOWNERS\n", ".github/CODEOWNERS": "* @ada\n/net/ @grace\n"}
    scene.push("main", owners)
    number = scene.draft()
    scene.village.ready(number)
    scene.village.review(number, "ada", Opinion.APPROVED)
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/dns/v1") == ""

    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/dns/v1")


def test_what_was_merged_is_not_thrown_away(scene: Scene) -> None:
    number = scene.draft()
    scene.village.press_merge(number, "mel")
    scene.village.write(number, "mel", "/delete")

    scene.attendant.look(number)

    assert scene.village.kept[number].remarks[0].answered is Answered.REFUSED
    assert "close" not in scene.village.writes


def test_delete_closes_the_change_and_deletes_the_branch(scene: Scene) -> None:
    number = scene.draft()
    scene.village.write(number, "mel", "/delete")

    scene.attendant.look(number)

    assert not scene.village.kept[number].open
    assert scene.village.tip(f"refs/heads/{BRANCH}") == ""


def test_rebase_merges_what_was_published_since_into_the_draft(scene: Scene) -> None:
    stale = "drafts/net/dns/stale"
    scene.push(stale, {"net/dns/more.yaml": ZONE.replace("zone", "more")})
    publish(scene)
    scene.attendant.look_at_branch(stale)
    number = scene.village.change_of(stale)
    scene.village.ready(number)
    scene.attendant.look(number)
    assert scene.village.kept[number].draft
    assert "rebase" in scene.living(number)

    scene.village.write(number, "mel", "/rebase")
    scene.attendant.look(number)
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)

    tag = scene.village.tip("refs/tags/net/dns/v2")
    assert "ttl: '60'" in git(scene.village.bare, "show", f"{tag}:net/dns/zone.yaml")
    assert "name: more" in git(scene.village.bare, "show", f"{tag}:net/dns/more.yaml")


def test_a_rebase_with_conflicts_names_them_and_changes_nothing(scene: Scene) -> None:
    stale = "drafts/net/dns/stale"
    head = scene.push(stale, {"net/dns/zone.yaml": ZONE.replace("300", "7")})
    publish(scene)
    scene.attendant.look_at_branch(stale)
    number = scene.village.change_of(stale)
    scene.village.write(number, "mel", "/rebase")

    scene.attendant.look(number)

    assert scene.village.tip(f"refs/heads/{stale}") == head
    assert scene.village.kept[number].remarks[0].answered is Answered.REFUSED
    assert "data.ttl" in scene.living(number)

    scene.village.write(number, "mel", "/rebase local")
    scene.attendant.look(number)
    now = scene.village.tip(f"refs/heads/{stale}")
    assert "ttl: '7'" in git(scene.village.bare, "show", f"{now}:net/dns/zone.yaml")


def test_rollback_gives_a_draft_what_a_revision_held(scene: Scene) -> None:
    publish(scene)
    number = scene.draft(ttl="9")
    scene.village.write(number, "mel", "/rollback v1")
    scene.village.write(number, "mel", "/rollback v7")

    scene.attendant.look(number)

    now = scene.village.tip(f"refs/heads/{BRANCH}")
    assert "ttl: '60'" in git(scene.village.bare, "show", f"{now}:net/dns/zone.yaml")
    assert [r.answered for r in scene.village.kept[number].remarks] == [Answered.DONE, Answered.REFUSED]


def publish(scene: Scene, ttl: str = "60") -> None:
    number = scene.draft(ttl=ttl)
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)
    assert scene.village.kept[number].merged


def test_upgrade_merges_a_newer_upstream_of_the_same_repository(scene: Scene) -> None:
    publish(scene)
    first = scene.village.tip("refs/tags/net/dns/v1")
    lock = f"repo: {scene.village.bare}\n    directory: net/dns\n    ref: net/dns/v1\n"
    kptfile = KPTFILE.replace("dns", "edge") + (
        f"upstream:\n  type: git\n  git:\n    {lock}upstreamLock:\n  type: git\n  git:\n    {lock}"
        f"    commit: {first}\n"
    )
    edge = "drafts/net/edge/one"
    scene.push(edge, {"net/edge/Kptfile": kptfile, "net/edge/zone.yaml": ZONE.replace("300", "60")})
    publish(scene, ttl="90")
    scene.attendant.look_at_branch(edge)
    number = scene.village.change_of(edge)
    scene.village.write(number, "mel", "/upgrade")

    scene.attendant.look(number)

    now = scene.village.tip(f"refs/heads/{edge}")
    assert "ttl: '90'" in git(scene.village.bare, "show", f"{now}:net/edge/zone.yaml")
    assert "ref: net/dns/v2" in git(scene.village.bare, "show", f"{now}:net/edge/Kptfile")


def test_an_upstream_elsewhere_is_fetched_only_where_the_policy_allows_it(scene: Scene) -> None:
    lock = "repo: http://169.254.169.254/latest\n    directory: net/dns\n    ref: v1\n"
    kptfile = KPTFILE + f"upstream:\n  type: git\n  git:\n    {lock}"
    scene.push(BRANCH, {"net/dns/Kptfile": kptfile})
    scene.attendant.look_at_branch(BRANCH)
    number = scene.village.change_of(BRANCH)
    scene.village.write(number, "mel", "/upgrade")

    scene.attendant.look(number)

    assert scene.village.kept[number].remarks[0].answered is Answered.REFUSED
    assert "is not one that the policy lets be fetched" in scene.living(number)
