"""The lifecycle on changes: what a person does on the forge, and what is there after the next look."""

from bot.lifecycle.change import Answered, Opinion
from tests.attendant.conftest import KPTFILE, ZONE, Scene
from tests.attendant.village import git

BRANCH = "drafts/net/dns/ttl"


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


def test_what_was_merged_by_hand_while_somebody_objects_is_not_tagged(scene: Scene) -> None:
    number = scene.draft()
    scene.village.ready(number)
    scene.attendant.look(number)
    scene.village.review(number, "ada", Opinion.REJECTED, "not yet")
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.village.press_merge(number, "mel")
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/dns/v1") == ""

    scene.village.review(number, "ada", Opinion.APPROVED)
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/dns/v1") == scene.village.change(number).merged
