"""A change is merged at exactly one head, once, by the method of the project."""

from typing import Any

import pytest

from bot.errors import Later, Moved, NotFound, Outdated, Refused, UserError
from bot.forges.gitlab import merging
from bot.forges.gitlab.forge import GitLab
from bot.lifecycle.change import Change
from bot.lifecycle.person import Person
from tests.forges.github.adapter.line import BREAK, Line, Said
from tests.forges.gitlab.adapter.shapes import CHANGE, HEAD, MERGED, OTHER, PROJECT, project, request

GET, PUT = f"GET {CHANGE}", f"PUT {CHANGE}/merge"
CAR, BOARD = (f"{verb} {PROJECT}/merge_trains/merge_requests/7" for verb in ("GET", "POST"))
READY = request(title="A change")
DONE = {**READY, "state": "merged", "merge_commit_sha": MERGED}
SEEN = Change(
    number=7, title="A change", branch="drafts/web/x", head=HEAD, target="main", author=Person("ada")
)


def merge(forge: GitLab) -> str:
    return forge.merge(SEEN, HEAD, "Publish web v1", "Approved-by: Grace")


def test_a_merge_expects_its_head(line: Line, forge: GitLab) -> None:
    line.on(GET, READY)
    line.on(PUT, DONE)
    assert merge(forge) == MERGED
    message = "Publish web v1\n\nApproved-by: Grace"
    assert line.bodies(PUT) == [
        {
            "sha": HEAD,
            "merge_commit_message": message,
            "squash_commit_message": message,
            "should_remove_source_branch": False,
            "squash": False,
        }
    ]


def test_a_project_that_squashes_in_any_case_is_let(line: Line, forge: GitLab) -> None:
    line.on(f"GET {PROJECT}", project(squash_option="always"))
    line.on(GET, READY)
    line.on(PUT, {**READY, "state": "merged", "squash_commit_sha": OTHER})
    assert merge(forge) == OTHER
    assert "squash" not in line.bodies(PUT)[0]


def test_what_was_merged_is_not_merged_again(line: Line, forge: GitLab) -> None:
    line.on(GET, DONE)
    assert merge(forge) == MERGED
    assert PUT not in line.names()


def test_gitlab_is_waited_for_while_it_works_it_out(line: Line, forge: GitLab) -> None:
    states = ["preparing", "checking", "unchecked", "approvals_syncing", "mergeable"]
    line.on(GET, *({**READY, "detailed_merge_status": state} for state in states))
    line.on(PUT, DONE)
    assert merge(forge) == MERGED
    assert line.names().count(GET) == len(states)


@pytest.mark.parametrize("more", [{"detailed_merge_status": "checking"}, {"state": "locked"}])
def test_it_is_not_waited_for_without_end(line: Line, forge: GitLab, more: dict[str, str]) -> None:
    line.on(GET, {**READY, **more})
    with pytest.raises(Later):
        merge(forge)
    assert line.names() == [GET] * merging.TRIES


@pytest.mark.parametrize(
    ("more", "words"),
    [({"sha": OTHER}, "pushed"), ({"state": "closed"}, "closed"), ({"title": "Draft: A change"}, "draft")],
)
def test_what_moved_is_not_merged(line: Line, forge: GitLab, more: dict[str, str], words: str) -> None:
    line.on(GET, {**READY, **more})
    with pytest.raises(Moved, match=words):
        merge(forge)
    assert line.names() == [GET]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("conflict", "conflicts"),
        ("need_rebase", "rebase"),
        ("not_approved", "approval rules"),
        ("ci_still_running", "pipeline"),
        ("discussions_not_resolved", "thread"),
    ],
)
def test_an_obstacle_is_named(line: Line, forge: GitLab, status: str, words: str) -> None:
    line.on(GET, {**READY, "detailed_merge_status": status})
    with pytest.raises(Refused, match=words) as caught:
        merge(forge)
    assert isinstance(caught.value, Outdated) == (status == "need_rebase")
    assert PUT not in line.names()


@pytest.mark.parametrize(
    ("status", "then", "kind", "words"),
    [
        (401, READY, Refused, "Allowed to merge"),
        (403, READY, Refused, "Allowed to merge"),
        (404, READY, NotFound, "member"),
        (409, READY, Moved, "another head"),
        (405, READY, Later, "just now"),
        (405, {**READY, "detailed_merge_status": "ci_must_pass"}, Refused, "pipeline"),
        (405, {**READY, "title": "Draft: x"}, Moved, "draft"),
        (405, {**READY, "sha": OTHER}, Moved, "pushed"),
        (405, DONE, Moved, "merged"),
        (406, {**READY, "detailed_merge_status": "conflict"}, Refused, "conflicts"),
        (422, {**READY, "detailed_merge_status": "news_to_us"}, Refused, "SHA does not match"),
        (400, READY, Refused, "SHA does not match"),
        (429, READY, Later, "wait"),
    ],
)
def test_a_refusal_is_understood(
    line: Line, forge: GitLab, status: int, then: Any, kind: type[UserError], words: str
) -> None:
    line.on(GET, READY, then)
    line.on(PUT, Said(status, {"message": "SHA does not match HEAD of source branch"}))
    with pytest.raises(kind, match=words):
        merge(forge)
    assert line.names().count(PUT) == 1


def test_a_merge_that_is_under_way_is_waited_for(line: Line, forge: GitLab) -> None:
    line.on(GET, READY)
    line.on(PUT, Said(409, {"message": "Merge request is already being merged"}))
    with pytest.raises(Later, match="already"):
        merge(forge)


@pytest.mark.parametrize("status", [500, 502, BREAK])
def test_an_answer_that_was_lost_is_looked_for(line: Line, forge: GitLab, status: int) -> None:
    line.on(GET, READY, {**READY, "state": "locked"}, DONE)
    line.on(PUT, Said(status))
    assert merge(forge) == MERGED
    assert line.names().count(PUT) == 1
    line.on(GET, READY)
    with pytest.raises(Later):
        merge(forge)
    assert line.names().count(PUT) == 2


def test_a_merge_train_is_joined_once(line: Line, forge: GitLab) -> None:
    line.on(f"GET {PROJECT}", project(merge_trains_enabled=True))
    line.on(GET, READY)
    line.on(CAR, Said(404), {"status": "fresh"}, {"status": "skip_merged"})
    line.on(BOARD, Said(201, []), Said(409, {"message": "SHA does not match HEAD"}))
    assert merge(forge) == ""
    assert merge(forge) == ""
    assert line.bodies(BOARD) == [{"sha": HEAD}]
    with pytest.raises(Moved):
        merge(forge)
    assert forge.home().queued
