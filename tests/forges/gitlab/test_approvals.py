"""Approvals: guarded by the head, reset or not by pushes, and told in words that do not say all."""

from typing import Any

import pytest

from tests.forges.gitlab.cast import BRANCH, Cast
from tests.forges.gitlab.merge_request import MergeRequest

Json = Any


def names(cast: Cast) -> list[str]:
    """What was told of merge requests, in order."""
    return [action for event, action, _ in cast.world.switchboard.told if event == "Merge Request Hook"]


def approvals(cast: Cast, held: MergeRequest, username: str = "root") -> Json:
    return cast.ask("GET", f"/merge_requests/{held.iid}/approvals", username=username).json()


def approvers(cast: Cast, held: MergeRequest) -> list[str]:
    return [each["user"]["username"] for each in approvals(cast, held)["approved_by"]]


def test_free_takes_ones_own_and_keeps_them_through_pushes(cast: Cast) -> None:
    held = cast.propose()
    assert approvals(cast, held)["approved"] is False
    assert cast.approve("ada", held).status == 201
    assert cast.approve("ada", held).status == 401
    assert "approvals_required" not in approvals(cast, held)
    cast.commit("ada", BRANCH, {"blue/x.yaml": b"other: 1\n"})
    assert approvers(cast, held) == ["ada"]
    assert approvals(cast, held)["approved"] is True
    assert names(cast) == ["open", "approved", "update"]


def test_an_approval_of_another_head_is_refused(cast: Cast) -> None:
    held = cast.propose()
    before = held.head
    cast.commit("ada", BRANCH, {"blue/x.yaml": b"other: 1\n"})
    refused = cast.approve("grace", held, sha=before)
    assert refused.status == 409
    assert refused.json() == {"message": f"SHA does not match HEAD of source branch: {held.head}"}
    assert cast.approve("grace", held, sha=held.head).status == 201
    assert cast.approve("mia", held).status == 201, "without a guard whatever is there is approved"


@pytest.mark.parametrize("tells", [False, True])
def test_premium_resets_at_a_push(cast: Cast, *, tells: bool) -> None:
    settings = cast.project.settings
    settings.is_paid, settings.approvals, settings.tells_resets = True, 2, tells
    held = cast.propose()
    assert cast.approve("grace", held).json()["approvals_left"] == 1
    cast.approve("mia", held)
    assert approvals(cast, held)["approved"] is True
    cast.commit("ada", BRANCH, {"blue/x.yaml": b"other: 1\n"})
    assert approvers(cast, held) == []
    assert names(cast) == ["open", "approval", "approved", "update", *(["unapproved"] if tells else [])]
    if tells:
        told = cast.world.switchboard.told[-1][2]["object_attributes"]
        assert (told["system"], told["system_action"]) == (True, "approvals_reset_on_push")


def test_a_rebase_with_the_same_patch_keeps_approvals(cast: Cast) -> None:
    cast.project.settings.is_paid = True
    held = cast.propose()
    cast.approve("grace", held)
    cast.commit("mia", "main", {"elsewhere.yaml": b"x: 1\n"})
    before = held.head
    assert cast.ask("PUT", f"/merge_requests/{held.iid}/rebase").status == 202
    assert held.head != before
    assert approvers(cast, held) == ["grace"]


def test_unapproved_is_told_though_enough_are_left(cast: Cast) -> None:
    cast.project.settings.is_paid, cast.project.settings.approvals = True, 1
    held = cast.propose()
    for username in ("grace", "mia"):
        cast.approve(username, held)
    assert cast.ask("POST", f"/merge_requests/{held.iid}/unapprove", None, "grace").status == 201
    assert names(cast)[-1] == "unapproved"
    assert approvals(cast, held)["approved"] is True


def test_whom_premium_forbids(cast: Cast) -> None:
    settings = cast.project.settings
    settings.is_paid, settings.author_may_approve, settings.committers_may_approve = True, False, False
    held = cast.propose()
    cast.commit("grace", BRANCH, {"blue/y.yaml": b"y: 1\n"})
    assert [cast.approve(who, held).status for who in ("ada", "grace", "mia")] == [401, 401, 201]


def test_a_bot_resets(cast: Cast) -> None:
    held = cast.propose()
    cast.approve("grace", held)
    path = f"/projects/{cast.project.id}/merge_requests/{held.iid}/reset_approvals"
    assert cast.ask_as(cast.bot_token, "PUT", path).status == 202
    assert approvers(cast, held) == []
    assert names(cast)[-1] == "approved", "nobody is told"


def test_no_moment_where_gitlab_has_none(cast: Cast) -> None:
    cast.project.settings.shows_approved_at = False
    held = cast.propose()
    cast.approve("grace", held)
    assert [set(each) for each in approvals(cast, held)["approved_by"]] == [{"user"}]
