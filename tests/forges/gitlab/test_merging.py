"""The merge button in each of its kinds, what it waits for, and what stands there after it."""

import pytest

from tests.forges.gitlab.cast import BRANCH, Cast
from tests.forges.gitlab.merge_request import MergeRequest
from tests.forges.gitlab.merging import run_train


def press(cast: Cast, held: MergeRequest, **asked: object) -> tuple[int, object]:
    found = cast.ask("PUT", f"/merge_requests/{held.iid}/merge", asked, "mia")
    return found.status, found.json().get("message")


def shape(cast: Cast, held: MergeRequest) -> tuple[bool, bool, int]:
    """Whether a merge and a squash commit are named, and how many parents the target's tip has."""
    tip = cast.project.tip("main")
    named = {held.merge_commit, held.squash_commit, held.head}
    assert tip in named
    return bool(held.merge_commit), bool(held.squash_commit), len(cast.project.bare.commit(tip).parent_ids)


@pytest.mark.parametrize(
    ("method", "squash", "expected"),
    [
        ("merge", False, (True, False, 2)),
        ("merge", True, (True, True, 2)),
        ("rebase_merge", False, (True, False, 2)),
        ("ff", False, (False, False, 1)),
        ("ff", True, (False, True, 1)),
    ],
)
def test_methods(cast: Cast, method: str, expected: tuple[bool, bool, int], *, squash: bool) -> None:
    cast.project.settings.merge_method = method
    held = cast.propose()
    cast.commit("ada", BRANCH, {"blue/y.yaml": b"y: 1\n"})
    assert press(cast, held, sha=held.head, squash=squash) == (200, None)
    assert shape(cast, held) == expected
    assert cast.project.bare.read(cast.project.tip("main"), "blue/y.yaml") == b"y: 1\n"
    assert cast.project.tip(BRANCH) == "", "the source is removed"
    assert [a for e, a, _ in cast.world.switchboard.told if e == "Merge Request Hook"] == [
        "open",
        "update",
        "merge",
    ]
    [event] = [each for each in cast.project.events if each.name == "accepted"]
    assert event.target is held


@pytest.mark.parametrize("method", ["rebase_merge", "ff"])
def test_behind(cast: Cast, method: str) -> None:
    cast.project.settings.merge_method = method
    held = cast.propose()
    cast.commit("mia", "main", {"elsewhere.yaml": b"x: 1\n"})
    assert cast.settle(held)["detailed_merge_status"] == "need_rebase"
    assert press(cast, held) == (422, "Branch cannot be merged")
    assert cast.ask("PUT", f"/merge_requests/{held.iid}/rebase").status == 202
    assert cast.settle(held)["detailed_merge_status"] == "mergeable"
    assert press(cast, held) == (200, None)


def test_a_guard_that_is_not_the_head(cast: Cast) -> None:
    held = cast.propose()
    before = held.head
    cast.commit("ada", BRANCH, {"blue/y.yaml": b"y: 1\n"})
    assert press(cast, held, sha=before) == (409, f"SHA does not match HEAD of source branch: {held.head}")
    assert held.state == "opened"
    assert press(cast, held) == (200, None), "without a guard whatever is there is merged"


def test_a_push_meets_the_merge(cast: Cast) -> None:
    held = cast.propose()
    before = held.head

    def race(_: object) -> None:
        cast.commit("ada", BRANCH, {"blue/y.yaml": b"y: 1\n"})

    cast.world.faults.race("PUT", "/merge$", race)
    assert press(cast, held, sha=before)[0] == 409


@pytest.mark.parametrize("status", [422, 406])
def test_conflicts(cast: Cast, status: int) -> None:
    cast.project.settings.conflict_status = status
    held = cast.propose()
    cast.commit("mia", "main", {"blue/x.yaml": b"another: 1\n"})
    shown = cast.settle(held)
    assert (shown["detailed_merge_status"], shown["has_conflicts"]) == ("conflict", True)
    assert shown["merge_status"] == "cannot_be_merged"
    assert press(cast, held) == (status, "Branch cannot be merged")
    cast.ask("PUT", f"/merge_requests/{held.iid}/rebase")
    shown = cast.settle(held)
    assert shown["merge_error"].startswith("Rebase failed")


def test_what_is_known_comes_late(cast: Cast) -> None:
    cast.project.settings.prepared_after, cast.project.settings.checked_after = 1, 2
    held = cast.propose()
    path = f"/merge_requests/{held.iid}"
    answers = [cast.ask("GET", path).json() for _ in range(4)]
    found = [(each["detailed_merge_status"], each["prepared_at"] is not None) for each in answers]
    assert found == [("preparing", False), ("checking", True), ("mergeable", True), ("mergeable", True)]
    cast.commit("ada", BRANCH, {"blue/y.yaml": b"y: 1\n"})
    [listed] = cast.ask("GET", "/merge_requests").json()
    assert listed["detailed_merge_status"] == "unchecked"
    assert [cast.ask("GET", path).json()["detailed_merge_status"] for _ in range(3)] == [
        "checking",
        "checking",
        "mergeable",
    ]


def test_what_is_not_prepared_is_not_merged(cast: Cast) -> None:
    cast.project.settings.prepared_after = 1
    held = cast.propose()
    assert press(cast, held)[0] == 405
    assert press(cast, held)[0] == 200


@pytest.mark.parametrize(
    ("said", "status"),
    [((), "ci_must_pass"), (("running",), "ci_still_running"), (("failed",), "ci_must_pass")],
)
def test_a_pipeline_that_is_wanted(cast: Cast, said: tuple[str, ...], status: str) -> None:
    cast.project.settings.needs_pipeline = True
    held = cast.propose()
    for state in said:
        cast.ask("POST", f"/statuses/{held.head}", {"state": state})
    assert cast.settle(held)["detailed_merge_status"] == status
    assert press(cast, held)[0] == 405
    shown = cast.ask("PUT", f"/merge_requests/{held.iid}/merge", {"auto_merge": True}, "mia").json()
    assert (shown["merge_when_pipeline_succeeds"], shown["state"]) == (True, "opened")
    cast.ask("POST", f"/statuses/{held.head}", {"state": "success"})
    assert held.state == "merged"


def test_an_approval_that_is_wanted(cast: Cast) -> None:
    cast.project.settings.is_paid, cast.project.settings.approvals = True, 1
    held = cast.propose()
    assert cast.settle(held)["detailed_merge_status"] == "not_approved"
    assert press(cast, held)[0] == 405


def test_an_approval_by_those_whom_a_rule_names(cast: Cast) -> None:
    cast.project.settings.is_paid = True
    rule = {"name": "Owners", "approvals_required": 1, "user_ids": [cast.user("grace").id]}
    assert cast.ask("POST", "/approval_rules", rule, "mia").status == 201
    held = cast.propose()
    cast.approve("mia", held)
    assert cast.settle(held)["detailed_merge_status"] == "not_approved"
    cast.approve("grace", held)
    assert press(cast, held)[0] == 200


def test_a_thread_that_is_open_still(cast: Cast) -> None:
    cast.project.settings.needs_resolved = True
    held = cast.propose()
    path = f"/merge_requests/{held.iid}/discussions"
    thread = cast.ask("POST", path, {"body": "Why?"}, "grace").json()
    assert cast.settle(held)["detailed_merge_status"] == "discussions_not_resolved"
    assert press(cast, held)[0] == 405
    note = f"{path}/{thread['id']}/notes/{thread['notes'][0]['id']}"
    assert cast.ask("PUT", note, {"resolved": True}, "ada").json()["resolved"] is True
    assert press(cast, held)[0] == 200


def test_a_pipeline_that_nobody_wants_is_waited_for_by_who_asks(cast: Cast) -> None:
    held = cast.propose()
    cast.ask("POST", f"/statuses/{held.head}", {"state": "running"})
    cast.settle(held)
    cast.ask("PUT", f"/merge_requests/{held.iid}/merge", {"auto_merge": True}, "mia")
    assert held.state == "opened"
    cast.ask("POST", f"/statuses/{held.head}", {"state": "success"})
    assert held.state == "merged"


def test_an_empty_message_cannot_be(cast: Cast) -> None:
    held = cast.propose()
    assert press(cast, held, merge_commit_message="")[0] == 422
    assert press(cast, held, merge_commit_message="Publish blue/v1")[0] == 200
    tip = cast.project.bare.commit(cast.project.tip("main"))
    assert tip.message == "Publish blue/v1"


def test_what_is_merged_stays(cast: Cast) -> None:
    held = cast.propose()
    press(cast, held)
    assert press(cast, held)[0] == 405
    assert (
        cast.ask("PUT", f"/merge_requests/{held.iid}", {"state_event": "reopen"}).json()["state"] == "merged"
    )
    assert cast.settle(held)["detailed_merge_status"] == "not_open"


@pytest.mark.parametrize("passes", [True, False])
def test_trains(cast: Cast, *, passes: bool) -> None:
    cast.project.settings.is_paid = cast.project.settings.has_trains = True
    held = cast.propose()
    path = f"/merge_trains/merge_requests/{held.iid}"
    assert cast.ask("POST", path, {"sha": "0" * 40}, "mia").status == 409
    assert cast.ask("POST", path, {"sha": held.head}, "mia").json()[0]["status"] == "fresh"
    run_train(cast.world, held, passes=passes)
    assert held.state == ("merged" if passes else "opened")
    assert cast.ask("GET", path).status == (200 if passes else 404)


def test_a_source_that_is_not_there(cast: Cast) -> None:
    body = {"source_branch": "none", "target_branch": "main", "title": "None"}
    made = cast.ask("POST", "/merge_requests", body).json()
    assert (made["sha"], made["diff_refs"]) == (None, None)
    held = cast.project.merge_request(1)
    assert cast.settle(held)["detailed_merge_status"] == "broken_status"
    assert press(cast, held)[0] == 422
