"""The statuses and sentences with which GitHub refuses, as a table."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.forges.git_half import HEADS
from tests.forges.github.cast import Cast
from tests.forges.github.rules import Protection, Ruleset

Json = Any
R = "/repos/acme/blueprints"
P = f"{R}/pulls"
Before = Callable[[Cast], object]
Row = tuple[Before, str, str, str, Json, int, str]


def nothing(_: Cast) -> None:
    return None


def a_pull(cast: Cast) -> None:
    cast.pull()


def a_draft(cast: Cast) -> None:
    cast.pull(draft=True)


def a_branch(cast: Cast) -> None:
    cast.commit("ada", "drafts/x", {"x": b"1"})


def a_merged(cast: Cast) -> None:
    cast.pull()
    assert cast.ask("PUT", f"{P}/1/merge", {}).status == 200


def a_closed(cast: Cast) -> None:
    cast.pull()
    assert cast.ask("PATCH", f"{P}/1", {"state": "closed"}).status == 200


def a_gone_branch(cast: Cast) -> None:
    cast.pull()
    assert cast.ask("DELETE", f"{R}/git/refs/heads/drafts/blue/v1").status == 204


def a_conflict(cast: Cast) -> None:
    cast.pull()
    cast.commit("grace", "main", {"blue/x.yaml": b"by: grace\n"})


def a_private(cast: Cast) -> None:
    a_branch(cast)
    cast.repo.private, cast.acme.is_paid = True, False


def an_archive(cast: Cast) -> None:
    cast.pull()
    cast.repo.archived = True


def two_pulls(cast: Cast) -> None:
    a_closed(cast)
    body = {"title": "t", "head": "drafts/blue/v1", "base": "main"}
    assert cast.ask("POST", P, body).status == 201


def protected(**options: Any) -> Before:
    def make(cast: Cast) -> None:
        cast.pull()
        cast.repo.protections["main"] = Protection(**options)

    return make


def ruled(kind: str, parameters: Json, target: str = "branch", name: str = "main") -> Before:
    def make(cast: Cast) -> None:
        cast.pull()
        cast.repo.rulesets[7] = Ruleset(7, "r", target, (name,), {kind: parameters})

    return make


def only_squash(cast: Cast) -> None:
    cast.pull()
    cast.repo.settings.allow_merge_commit = cast.repo.settings.allow_rebase_merge = False


def behind(cast: Cast) -> None:
    protected(checks=("ci",), is_strict=True)(cast)
    pull = cast.repo.pull(1)
    path = f"{R}/statuses/{pull.head_sha}"
    assert cast.ask("POST", path, {"state": "success", "context": "ci"}).status == 201
    cast.repo.protections.pop("main")
    cast.commit("grace", "main", {"other": b""})
    cast.repo.protections["main"] = Protection(checks=("ci",), is_strict=True)


def tag_v1(cast: Cast) -> None:
    sha = cast.repo.bare.ref(HEADS + "main")
    assert cast.ask("POST", f"{R}/git/refs", {"ref": "refs/tags/a/v1", "sha": sha}).status == 201


OPEN = {"title": "t", "head": "drafts/x", "base": "main"}
SHA = "0123456789012345678901234567890123456789"
INVALID = "Validation Failed"
TAG = {"ref": "refs/tags/a/v1", "sha": "MAIN"}
REVIEWS = {"required_approving_review_count": 1}
CHECKS = {"required_status_checks": [{"context": "ci"}], "strict_required_status_checks_policy": False}

OPENING: list[Row] = [
    (nothing, "ada", "POST", P, OPEN, 422, "'head', 'code': 'invalid'"),
    (a_branch, "ada", "POST", P, {**OPEN, "base": "no"}, 422, "'base', 'code': 'invalid'"),
    (
        a_pull,
        "ada",
        "POST",
        P,
        {**OPEN, "head": "drafts/blue/v1"},
        422,
        "already exists for acme:drafts/blue/v1.",
    ),
    (nothing, "ada", "POST", P, {**OPEN, "head": "main"}, 422, "No commits between main and main"),
    (a_private, "ada", "POST", P, {**OPEN, "draft": True}, 422, "Draft pull requests are not supported"),
    (nothing, "ada", "POST", P, {"head": "a", "base": "b"}, 422, '"title" wasn\'t supplied'),
    (an_archive, "ada", "POST", P, OPEN, 403, "Repository was archived so is read-only."),
    (nothing, "", "POST", P, OPEN, 401, "Requires authentication"),
    (a_gone_branch, "ada", "PATCH", f"{P}/1", {"state": "open"}, 422, "branch was deleted"),
    (a_merged, "ada", "PATCH", f"{P}/1", {"state": "open"}, 422, "already been merged"),
    (two_pulls, "ada", "PATCH", f"{P}/1", {"state": "open"}, 422, "There is already an open pull request"),
    (nothing, "ada", "GET", f"{P}/99", None, 404, "Not Found"),
    (nothing, "ada", "GET", "/repos/acme/none", None, 404, "Not Found"),
    (a_private, "eve", "GET", R, None, 404, "Not Found"),
]
MERGING: list[Row] = [
    (a_draft, "ada", "PUT", f"{P}/1/merge", {}, 405, "Pull Request is still a draft"),
    (
        a_pull,
        "ada",
        "PUT",
        f"{P}/1/merge",
        {"sha": SHA},
        409,
        "Head branch was modified. Review and try the merge",
    ),
    (a_pull, "eve", "PUT", f"{P}/1/merge", {}, 403, "Must have"),
    (a_conflict, "ada", "PUT", f"{P}/1/merge", {}, 405, "Pull Request is not mergeable"),
    (a_closed, "ada", "PUT", f"{P}/1/merge", {}, 405, "Pull Request is not mergeable"),
    (a_merged, "ada", "PUT", f"{P}/1/merge", {}, 405, "Pull Request is not mergeable"),
    (only_squash, "ada", "PUT", f"{P}/1/merge", {}, 405, "Merge commits are not allowed on this repository"),
    (
        only_squash,
        "ada",
        "PUT",
        f"{P}/1/merge",
        {"merge_method": "rebase"},
        405,
        "Rebase merges are not allowed",
    ),
    (protected(reviews=1), "ada", "PUT", f"{P}/1/merge", {}, 405, "At least 1 approving review is required"),
    (
        protected(reviews=2),
        "ada",
        "PUT",
        f"{P}/1/merge",
        {},
        405,
        "At least 2 approving reviews are required",
    ),
    (
        protected(checks=("ci",)),
        "ada",
        "PUT",
        f"{P}/1/merge",
        {},
        405,
        'Required status check "ci" is expected.',
    ),
    (behind, "ada", "PUT", f"{P}/1/merge", {}, 405, "not up to date with the base branch"),
    (
        protected(pushers=frozenset({"grace"})),
        "ada",
        "PUT",
        f"{P}/1/merge",
        {},
        405,
        "You're not authorized to push",
    ),
    (
        ruled("pull_request", REVIEWS),
        "ada",
        "PUT",
        f"{P}/1/merge",
        {},
        405,
        "Repository rule violations found",
    ),
    (ruled("required_status_checks", CHECKS), "ada", "PUT", f"{P}/1/merge", {}, 405, '"ci" is expected'),
    (
        ruled("merge_queue", {}),
        "ada",
        "PUT",
        f"{P}/1/merge",
        {},
        405,
        "Merge commits are not allowed on this",
    ),
    (a_pull, "ada", "PUT", f"{P}/1/update-branch", {"expected_head_sha": SHA}, 422, "expected head sha didn"),
    (a_pull, "ada", "PUT", f"{P}/1/update-branch", {}, 422, "There are no new commits on the base branch."),
    (an_archive, "ada", "PUT", f"{P}/1/merge", {}, 403, "read-only"),
]
REVIEWING: list[Row] = [
    (
        a_pull,
        "ada",
        "POST",
        f"{P}/1/reviews",
        {"event": "APPROVE"},
        422,
        "Can not approve your own pull request",
    ),
    (
        a_pull,
        "ada",
        "POST",
        f"{P}/1/reviews",
        {"event": "REQUEST_CHANGES", "body": "x"},
        422,
        "Can not request changes on",
    ),
    (a_pull, "grace", "POST", f"{P}/1/reviews", {"event": "COMMENT"}, 422, "Body can't be blank"),
    (a_pull, "grace", "POST", f"{P}/1/reviews", {"event": "LGTM"}, 422, "invalid value"),
    (a_pull, "grace", "POST", f"{P}/1/reviews", {"event": "APPROVE", "commit_id": SHA}, 422, "not part of"),
    (a_pull, "grace", "GET", f"{P}/1/reviews/5", None, 404, "Not Found"),
]
TALKING: list[Row] = [
    (a_pull, "ada", "POST", f"{R}/issues/1/comments", {"body": " "}, 422, INVALID),
    (
        a_pull,
        "ada",
        "POST",
        f"{R}/issues/1/comments",
        {"body": "x" * 65_537},
        422,
        "body is too long (maximum is 65536",
    ),
    (a_pull, "ada", "POST", f"{R}/issues/9/comments", {"body": "x"}, 404, "Not Found"),
    (a_pull, "", "POST", f"{R}/issues/1/comments", {"body": "x"}, 401, "Requires authentication"),
    (a_pull, "ada", "DELETE", f"{R}/issues/1/labels/none", None, 404, "Label does not exist"),
    (an_archive, "ada", "POST", f"{R}/issues/1/comments", {"body": "x"}, 403, "read-only"),
]
REFS: list[Row] = [
    (tag_v1, "ada", "POST", f"{R}/git/refs", TAG, 422, "Reference already exists"),
    (nothing, "ada", "POST", f"{R}/git/refs", {**TAG, "sha": SHA}, 422, "Object does not exist"),
    (nothing, "ada", "POST", f"{R}/git/refs", {**TAG, "ref": "a/v1"}, 422, "is not a valid ref name"),
    (
        nothing,
        "ada",
        "POST",
        f"{R}/git/refs",
        {**TAG, "ref": "refs/heads/a..b"},
        422,
        "is not a valid ref name",
    ),
    (
        nothing,
        "ada",
        "POST",
        f"{R}/git/refs",
        {**TAG, "ref": f"refs/heads/{'x' * 245}"},
        422,
        "is not a valid",
    ),
    (nothing, "eve", "POST", f"{R}/git/refs", TAG, 404, "Not Found"),
    (a_branch, "ada", "POST", f"{R}/git/refs", {**TAG, "ref": "refs/heads/drafts/x/y"}, 422, "Reference"),
    (
        ruled("creation", {}, "tag", "*/v*"),
        "ada",
        "POST",
        f"{R}/git/refs",
        TAG,
        422,
        "Cannot create ref due to creations",
    ),
    (
        ruled("pull_request", REVIEWS),
        "ada",
        "PATCH",
        f"{R}/git/refs/heads/main",
        {"sha": "HEAD"},
        422,
        "through a pull",
    ),
    (
        a_pull,
        "ada",
        "PATCH",
        f"{R}/git/refs/heads/drafts/blue/v1",
        {"sha": "MAIN"},
        422,
        "Update is not a fast forward",
    ),
    (nothing, "ada", "PATCH", f"{R}/git/refs/heads/none", {"sha": "MAIN"}, 422, "Reference does not exist"),
    (nothing, "ada", "DELETE", f"{R}/git/refs/heads/none", None, 422, "Reference does not exist"),
    (nothing, "ada", "GET", f"{R}/git/ref/heads/none", None, 404, "Not Found"),
    (nothing, "ada", "GET", f"{R}/branches/none", None, 404, "Branch not found"),
    (nothing, "ada", "GET", f"{R}/commits/none", None, 422, "No commit found for SHA: none"),
]
ADMITTING: list[Row] = [
    (
        a_pull,
        "ada",
        "POST",
        f"{R}/check-runs",
        {"name": "c", "head_sha": "MAIN"},
        403,
        "authenticate via a GitHub App",
    ),
    (nothing, "ada", "POST", f"{R}/statuses/{SHA}", {"state": "success"}, 422, "No commit found for SHA"),
    (nothing, "ada", "POST", f"{R}/statuses/MAIN", {"state": "ok"}, 422, INVALID),
    (nothing, "eve", "GET", f"{R}/collaborators/ada/permission", None, 403, "Must have push access to view"),
    (nothing, "ada", "GET", f"{R}/collaborators/nobody/permission", None, 404, "is not a user"),
    (nothing, "ada", "PATCH", R, {"archived": True}, 403, "Must have admin rights to Repository."),
    (nothing, "ada", "GET", f"{R}/branches/main/protection", None, 404, "Not Found"),
    (nothing, "root", "GET", f"{R}/branches/main/protection", None, 404, "Branch not protected"),
    (nothing, "ada", "GET", "/app", None, 401, "A JSON web token could not be decoded"),
    (nothing, "eve", "GET", "/orgs/acme/teams/none", None, 404, "Not Found"),
]


@pytest.mark.parametrize(
    ("before", "login", "method", "path", "body", "status", "told"),
    [*OPENING, *MERGING, *REVIEWING, *TALKING, *REFS, *ADMITTING],
)
def test_a_refusal(
    cast: Cast, before: Before, login: str, method: str, path: str, body: Json, status: int, told: str
) -> None:
    before(cast)
    names = {"MAIN": cast.repo.bare.ref(HEADS + "main")}
    names["HEAD"] = cast.repo.pulls[1].head_sha if cast.repo.pulls else ""
    if isinstance(body, dict):
        body = {
            key: names.get(value, value) if isinstance(value, str) else value for key, value in body.items()
        }
    refs = cast.repo.bare.refs()
    heard = len(cast.world.switchboard.told)
    answer = cast.ask(method, path.replace("MAIN", names["MAIN"]), body, login)
    said = answer.json()
    assert (answer.status, told in f"{said['message']} {said.get('errors', '')}") == (status, True), said
    assert cast.repo.bare.refs() == refs, "a refusal changes nothing"
    assert len(cast.world.switchboard.told) == heard, "a refusal is no event"


def test_a_token_that_is_nobodys(cast: Cast) -> None:
    answer = cast.ask_as("ghp_wrong", "GET", R)
    assert (answer.status, answer.json()["message"]) == (401, "Bad credentials")


def test_a_drafts_flag_is_no_field_to_edit(cast: Cast) -> None:
    pull = cast.pull(draft=True)
    found = cast.ask("PATCH", f"{P}/{pull.number}", {"draft": False})
    assert (found.status, found.json()["draft"]) == (200, True)


def test_mergeability_takes_its_time(cast: Cast) -> None:
    cast.repo.settings.mergeable_after = 2
    pull = cast.pull()
    path = f"{P}/{pull.number}"
    assert [cast.ask("GET", path).json()["mergeable"] for _ in range(4)] == [None, None, True, True]
    cast.commit("grace", "main", {"blue/x.yaml": b"by: grace\n"})
    found = [cast.ask("GET", path).json() for _ in range(3)]
    assert [each["mergeable_state"] for each in found] == ["unknown", "unknown", "dirty"]


@pytest.mark.parametrize(
    ("before", "state"),
    [
        (a_pull, "clean"),
        (a_draft, "draft"),
        (a_conflict, "dirty"),
        (behind, "behind"),
        (protected(reviews=1), "blocked"),
    ],
)
def test_the_state_of_mergeability(cast: Cast, before: Before, state: str) -> None:
    before(cast)
    cast.repo.settings.mergeable_after = 0
    assert cast.ask("GET", f"{P}/1").json()["mergeable_state"] == state
