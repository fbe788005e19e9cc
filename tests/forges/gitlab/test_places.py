"""Who may what, how lists are paged, what projects remember, and how GitLab fails."""

from datetime import timedelta

import pytest
from gitlab import Gitlab
from gitlab.exceptions import GitlabHttpError

from tests.forges.gitlab.cast import BRANCH, PATH, Cast
from tests.forges.gitlab.limits import broken, limited, locked
from tests.forges.gitlab.people import DEVELOPER, MAINTAINER


def test_levels_are_inherited_and_the_highest_counts(cast: Cast) -> None:
    def level(username: str) -> int | None:
        found = cast.ask("GET", f"/members/all/{cast.user(username).id}")
        return found.json()["access_level"] if found.status == 200 else None

    assert [level(each) for each in ("root", "mia", "grace", "ada", "eve", "mallory")] == [
        50,
        40,
        30,
        30,
        20,
        None,
    ]
    cast.world.add(cast.project, "grace", MAINTAINER)
    assert level("grace") == 40
    cast.world.add(cast.project, "mallory", DEVELOPER, cast.world.today + timedelta(days=1))
    assert level("mallory") == 30
    cast.world.clock.move(24 * 3600)
    assert level("mallory") is None, "it was until then"
    direct = cast.ask("GET", "/members").json()
    assert {each["username"] for each in direct} >= {"ada", "eve"}
    assert "mia" not in {each["username"] for each in direct}
    cast.user("ada").state = "blocked"
    assert cast.ask("GET", "", username="ada").status == 401


def test_a_project_that_moved_is_found_where_it_was(cast: Cast) -> None:
    cast.world.rename(cast.project, "acme/elsewhere/blueprints")
    client = cast.gitlab("root")
    assert client.http_get(f"/projects/{PATH.replace('/', '%2F')}")["id"] == cast.project.id  # type: ignore[index]  # it may be a response
    assert client.projects.get(cast.project.id).path_with_namespace == "acme/elsewhere/blueprints"
    assert cast.git(cast.root, "clone", "-q", cast.address(cast.bot_token), "there").ok


def test_pages(cast: Cast) -> None:
    for number in range(5):
        cast.commit("ada", f"b/{number}", {f"{number}.yaml": b""})
    found = cast.ask("GET", "/repository/branches?per_page=4&page=1")
    assert (found.headers["X-Total"], found.headers["X-Next-Page"], len(found.json())) == ("6", "2", 4)
    assert 'rel="next"' in found.headers["Link"]
    project = cast.gitlab("ada").projects.get(PATH)
    names = [f"b/{number}" for number in range(5)] + ["main"]
    assert [each.name for each in project.branches.list(iterator=True, per_page=2)] == names
    keyset = project.branches.list(iterator=True, per_page=2, pagination="keyset")
    assert [each.name for each in keyset] == names
    first = cast.ask("GET", "/repository/branches?per_page=2&pagination=keyset")
    assert "X-Total" not in first.headers
    assert cast.ask("GET", "/repository/branches?per_page=1000").headers["X-Per-Page"] == "100"


def test_statuses_go_on_and_never_to_themselves(cast: Cast) -> None:
    held = cast.propose()
    path = f"/statuses/{held.head}"

    def say(state: str) -> tuple[int, str]:
        found = cast.ask("POST", path, {"state": state, "name": "portico"})
        return found.status, found.json().get("message", "")

    assert [say(each)[0] for each in ("pending", "running")] == [201, 201]
    status, said = say("running")
    assert status == 400
    assert said.startswith("Cannot transition status via :run from :running")
    assert say("pending")[0] == 400
    assert say("success")[0] == 201
    assert say("success")[0] == 201, "what is finished is no more; this is another"
    listed = cast.ask("GET", f"/repository/commits/{held.head}/statuses").json()
    assert [each["status"] for each in listed] == ["success"]
    shown = cast.ask("GET", "/merge_requests/1").json()
    assert shown["head_pipeline"]["status"] == "success"


def test_events_by_day(cast: Cast) -> None:
    cast.propose()
    today = cast.world.today
    for query, count in (
        ("", 2),
        ("?action=pushed", 1),
        ("?action=created", 1),
        (f"?after={today - timedelta(days=1)}", 2),
        (f"?after={today}", 0),
        (f"?before={today}", 0),
    ):
        assert len(cast.ask("GET", f"/events{query}").json()) == count, query


def test_a_fork_proposes_to_its_parent(cast: Cast) -> None:
    cast.project.visibility = "public"
    fork = cast.world.fork(cast.project, "mallory")
    head = cast.commit("mallory", BRANCH, {"blue/x.yaml": b"x: 1\n"}, project=fork)
    body = {
        "source_branch": BRANCH,
        "target_branch": "main",
        "title": "Blue",
        "target_project_id": cast.project.id,
    }
    token = cast.world.token(cast.user("mallory"))
    made = cast.ask_as(token, "POST", f"/projects/{fork.id}/merge_requests", body)
    assert made.status == 201
    shown = cast.settle(cast.project.merge_request(1))
    assert (shown["source_project_id"], shown["sha"]) == (fork.id, head)
    assert shown["detailed_merge_status"] == "mergeable"
    cast.world.delete(fork)
    assert cast.ask("GET", "/merge_requests/1").json()["source_project_id"] == fork.id


# Failures


def client(cast: Cast) -> Gitlab:
    return Gitlab(cast.lab.url, private_token=cast.bot_token)


def test_limits(cast: Cast) -> None:
    cast.lab.rest.limits.most = 2
    answers = [cast.ask_as(cast.bot_token, "GET", "/user") for _ in range(3)]
    assert [each.status for each in answers] == [200, 200, 429]
    assert answers[2].body == b"Retry later\n"
    assert int(answers[2].headers["Retry-After"]) <= 60
    assert [each.headers["RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
    cast.world.clock.move(60)
    assert cast.ask_as(cast.bot_token, "GET", "/user").status == 200


def test_faults_before_and_after_the_work(cast: Cast) -> None:
    held = cast.propose()
    body = {"body": "status"}
    project = client(cast).projects.get(PATH, lazy=True)
    notes = project.mergerequests.get(1, lazy=True).notes
    cast.world.faults.order("POST", "/notes$", broken(502))
    with pytest.raises(GitlabHttpError):
        client(cast).http_post(f"/projects/{cast.project.id}/merge_requests/1/notes", post_data=body)
    assert held.notes == {}
    cast.world.faults.order("POST", "/notes$", broken(500), after=True)
    with pytest.raises(GitlabHttpError):
        client(cast).http_post(f"/projects/{cast.project.id}/merge_requests/1/notes", post_data=body)
    assert len(held.notes) == 1, "it was done all the same"
    cast.world.faults.order("POST", "/notes$", limited(0))
    notes.create(body)
    assert len(held.notes) == 2, "python-gitlab asked again by itself"
    assert [each for each in cast.lab.writes() if each.endswith("/notes")] == [
        f"POST /api/v4/projects/{cast.project.id}/merge_requests/1/notes"
    ] * 2 + ["POST /api/v4/projects/acme%2Fplatform%2Fblueprints/merge_requests/1/notes"] * 2


def test_a_resource_that_is_locked(cast: Cast) -> None:
    cast.propose()
    path = f"/projects/{cast.project.id}/merge_requests/1/merge"
    cast.world.faults.order("PUT", "/merge$", locked())
    with pytest.raises(GitlabHttpError) as refused:
        client(cast).http_put(path)
    assert refused.value.response_code == 409
    assert client(cast).http_put(path)["state"] == "merged"  # type: ignore[index]  # it may be a response
