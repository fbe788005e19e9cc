"""The merge button makes real merges, so that nobody's files are lost."""

import pytest

from tests.forges.git_half import HEADS
from tests.forges.github import merging
from tests.forges.github.cast import Cast
from tests.forges.github.rules import Protection, Ruleset

R = "/repos/acme/blueprints"


@pytest.mark.parametrize(("method", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_two_drafts_that_were_opened_at_once_are_both_kept(cast: Cast, method: str, parents: int) -> None:
    for name in ("blue", "green"):
        cast.commit("ada", f"drafts/{name}/v1", {f"{name}/x": b"1\n", f"{name}/y": b"2\n"}, f"Make {name}")
        cast.commit("ada", f"drafts/{name}/v1", {f"{name}/z": b"3\n"}, f"More {name}")
        body = {"title": f"Propose {name}", "head": f"drafts/{name}/v1", "base": "main"}
        assert cast.ask("POST", f"{R}/pulls", body).status == 201
    for number in (1, 2):
        asked = {"sha": cast.repo.pull(number).head_sha, "merge_method": method}
        done = cast.ask("PUT", f"{R}/pulls/{number}/merge", asked)
        tip = cast.repo.bare.ref(HEADS + "main")
        assert (done.status, done.json()["sha"], cast.repo.pull(number).merge_commit) == (200, tip, tip)
    commit = cast.repo.bare.commit(tip)
    assert len(commit.parents) == parents
    for name in ("blue", "green"):
        assert [cast.repo.bare.read(tip, f"{name}/{file}") for file in "xyz"] == [b"1\n", b"2\n", b"3\n"]
    said = commit.message.strip()
    expected = {
        "merge": "Merge pull request #2 from acme/drafts/green/v1\n\nPropose green",
        "squash": "Propose green (#2)\n\n* Make green\n\n* More green",
        "rebase": "More green",
    }
    assert said == expected[method]


def test_the_base_moved_while_the_draft_was_open(cast: Cast) -> None:
    pull = cast.pull()
    cast.commit("grace", "main", {"other/file": b"kept\n"})
    assert cast.ask("PUT", f"{R}/pulls/{pull.number}/merge", {"merge_method": "squash"}).status == 200
    tip = cast.repo.bare.ref(HEADS + "main")
    assert cast.repo.bare.read(tip, "other/file") == b"kept\n"
    assert cast.repo.bare.read(tip, "blue/x.yaml") is not None


def test_a_merged_branch_goes_where_that_is_set(cast: Cast) -> None:
    cast.repo.settings.delete_branch_on_merge = True
    pull = cast.pull()
    assert cast.ask("PUT", f"{R}/pulls/{pull.number}/merge", {}).status == 200
    assert list(cast.repo.bare.refs(HEADS)) == [HEADS + "main"]
    assert [each.kind for each in cast.repo.activities][-2:] == ["pr_merge", "branch_deletion"]


def test_a_required_check_and_review_let_it_pass(cast: Cast) -> None:
    pull = cast.pull()
    cast.repo.protections["main"] = Protection(reviews=1, checks=("portico/render",), dismisses_stale=True)
    token = cast.world.installation_token(cast.installation).token
    assert cast.review("eve", pull).status == 200
    assert cast.ask("PUT", f"{R}/pulls/1/merge", {}).status == 405  # eve may not write, so she does not count
    assert cast.review("grace", pull).status == 200
    run = {"name": "portico/render", "head_sha": pull.head_sha, "conclusion": "neutral"}
    assert cast.ask_as(token, "POST", f"{R}/check-runs", run).status == 201
    cast.repo.settings.mergeable_after = 0
    assert cast.ask("GET", f"{R}/pulls/1").json()["mergeable_state"] == "clean"
    # A push makes what was said about the old head worth nothing.
    cast.commit("ada", pull.head_ref, {"blue/x.yaml": b"else\n"})
    assert [each.state for each in pull.reviews] == ["DISMISSED", "DISMISSED"]
    assert cast.ask("GET", f"{R}/pulls/1").json()["mergeable_state"] == "blocked"
    assert cast.ask("PUT", f"{R}/pulls/1/merge", {}).status == 405


def test_an_app_never_counts_as_reviewer(cast: Cast) -> None:
    pull = cast.pull()
    cast.repo.protections["main"] = Protection(reviews=1)
    token = cast.world.installation_token(cast.installation).token
    path = f"{R}/pulls/{pull.number}/reviews"
    assert cast.ask_as(token, "POST", path, {"event": "APPROVE"}).status == 200
    assert cast.ask("PUT", f"{R}/pulls/1/merge", {}).status == 405


def test_who_pushed_last_does_not_count(cast: Cast) -> None:
    pull = cast.pull()
    cast.repo.protections["main"] = Protection(reviews=1, needs_other_pusher=True)
    cast.commit("grace", pull.head_ref, {"blue/g": b"grace\n"})
    assert cast.review("grace", pull).status == 200
    assert cast.ask("PUT", f"{R}/pulls/1/merge", {}).status == 405
    cast.commit("ada", pull.head_ref, {"blue/g": b"ada\n"})
    assert cast.ask("PUT", f"{R}/pulls/1/merge", {}).status == 200


def test_who_may_pass_the_rules_is_asked_nothing(cast: Cast) -> None:
    pull = cast.pull()
    passes = frozenset({("Integration", cast.app.id)})
    rule = {"pull_request": {"required_approving_review_count": 2}, "merge_queue": {}}
    cast.repo.rulesets[7] = Ruleset(7, "main", "branch", ("~DEFAULT_BRANCH",), rule, passes)
    assert cast.ask("PUT", f"{R}/pulls/{pull.number}/merge", {}).status == 405
    token = cast.world.installation_token(cast.installation).token
    assert cast.ask_as(token, "PUT", f"{R}/pulls/{pull.number}/merge", {}).status == 200


@pytest.mark.parametrize("passes", [True, False])
def test_the_queue_merges_or_throws_out(cast: Cast, passes: bool) -> None:  # noqa: FBT001 both are played
    pull = cast.pull()
    cast.repo.rulesets[7] = Ruleset(7, "main", "branch", ("main",), {"merge_queue": {}})
    query = """mutation($input: EnqueuePullRequestInput!) {
        enqueuePullRequest(input: $input) { mergeQueueEntry { state position } }
    }"""
    node = cast.world.place.node("PR", pull.id)
    moved = cast.graph(query, input={"pullRequestId": node, "expectedHeadOid": "0" * 40})
    assert "Head branch was modified" in moved["errors"][0]["message"]
    done = cast.graph(query, input={"pullRequestId": node, "expectedHeadOid": pull.head_sha})
    assert done["data"]["enqueuePullRequest"]["mergeQueueEntry"] == {"state": "QUEUED", "position": 1}
    assert pull.is_open
    merging.run_queue(cast.world, pull, passes=passes)
    assert (pull.merged is not None, pull.queued) == (passes, None)
    told = [f"{event}.{action}" for event, action, _ in cast.world.switchboard.told]
    assert "pull_request.dequeued" in told
    assert ("pull_request.closed" in told) == passes
