"""Apps: by JWT to a token that is bounded and runs out; the tokens of workflows."""

from typing import Any

import pytest

from tests.forges.github.cast import Cast

Json = Any
R = "/repos/acme/blueprints"


def token(cast: Cast, **asked: Json) -> Json:
    jwt = cast.jwt()
    path = f"/app/installations/{cast.installation.id}/access_tokens"
    return cast.ask_as(jwt, "POST", path, asked, Authorization=f"Bearer {jwt}").json()


def test_pygithub_gets_itself_a_token(cast: Cast) -> None:
    integration = cast.integration()
    installed = integration.get_repo_installation("acme", "blueprints")
    client = installed.get_github_for_installation()
    assert client.get_repo("acme/blueprints").get_branch("main").name == "main"
    assert [each.full_name for each in installed.get_repos()] == ["acme/blueprints"]


def test_a_token_runs_out(cast: Cast) -> None:
    made = token(cast)
    assert cast.ask_as(made["token"], "GET", R).status == 200
    cast.world.clock.move(3601)
    answer = cast.ask_as(made["token"], "GET", R)
    assert (answer.status, answer.json()["message"]) == (401, "Bad credentials")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{R}/pulls", {"title": "t", "head": "drafts/blue/v1", "base": "main"}),
        ("POST", f"{R}/issues/1/comments", {"body": "x"}),
        ("PUT", f"{R}/pulls/1/merge", {}),
        ("POST", f"{R}/git/refs", {"ref": "refs/tags/a/v1", "sha": "0" * 40}),
        ("POST", f"{R}/check-runs", {"name": "x", "head_sha": "0" * 40}),
        ("POST", f"{R}/statuses/{'0' * 40}", {"state": "success"}),
        ("PATCH", R, {"archived": True}),
    ],
)
def test_a_token_may_no_more_than_it_was_given(cast: Cast, method: str, path: str, body: Json) -> None:
    cast.pull()
    made = token(cast, permissions={"contents": "read", "pull_requests": "read"})
    assert cast.ask_as(made["token"], "GET", f"{R}/pulls").status == 200
    answer = cast.ask_as(made["token"], method, path, body)
    assert (answer.status, answer.json()["message"]) == (403, "Resource not accessible by integration")


def test_a_token_is_for_the_repositories_that_were_named(cast: Cast) -> None:
    other = cast.world.repository("acme/other", private=True)
    assert cast.installation.repositories is not None
    made = token(cast)
    assert cast.ask_as(made["token"], "GET", "/repos/acme/other").status == 404
    cast.installation.repositories.add(other.id)
    both, one = token(cast), token(cast, repositories=["blueprints"])
    assert cast.ask_as(both["token"], "GET", "/repos/acme/other").status == 200
    assert cast.ask_as(one["token"], "GET", "/repos/acme/other").status == 404
    assert [each["name"] for each in one["repositories"]] == ["blueprints"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"permissions": {"administration": "write"}}, "not granted to this installation"),
        ({"permissions": {"actions": "read"}}, "not granted to this installation"),
        ({"repositories": ["none"]}, "There is at least one repository that does not exist"),
    ],
)
def test_what_was_not_granted_is_not_given(cast: Cast, asked: Json, told: str) -> None:
    assert told in token(cast, **asked)["message"]


def test_who_signs_wrongly_is_nobody(cast: Cast) -> None:
    jwt = cast.jwt()
    forged = f"{jwt[:-6]}{'A' * 6}"
    assert cast.ask_as(forged, "GET", "/app", Authorization=f"Bearer {forged}").status == 401
    assert cast.ask_as(jwt, "GET", R, Authorization=f"Bearer {jwt}").status == 403
    cast.installation.is_suspended = True
    assert token(cast)["message"] == "This installation has been suspended"


def test_a_workflows_token(cast: Cast) -> None:
    cast.commit("ada", "drafts/x", {"x": b""})
    held = cast.world.workflow_token(cast.repo, {"contents": "write", "pull_requests": "write"}).token
    body = {"title": "t", "head": "drafts/x", "base": "main"}
    refused = cast.ask_as(held, "POST", f"{R}/pulls", body)
    assert refused.status == 403
    assert "GitHub Actions is not permitted to create or approve" in refused.json()["message"]
    cast.repo.settings.actions_may_open_pulls = True
    made = cast.ask_as(held, "POST", f"{R}/pulls", body)
    assert (made.status, made.json()["user"]["login"]) == (201, "github-actions[bot]")
    assert made.headers["X-RateLimit-Limit"] == "1000"
    assert cast.ask_as(held, "POST", f"{R}/check-runs", {"name": "c", "head_sha": "x"}).status == 403
