"""A walk past every question that the world's REST API answers, each with a good answer."""

from typing import Any

from tests.forges.git_half import HEADS
from tests.forges.github.cast import Cast
from tests.forges.github.checking import press, rerun
from tests.forges.github.rules import Protection, Ruleset

Json = Any
R = "/repos/acme/blueprints"
MEMBERS = "/orgs/acme/teams/platform"


def tour(cast: Cast) -> None:
    """Ask everything once, as those who may."""
    cast.world.team(cast.acme, "Platform", "grace")
    _places(cast)
    _pulls(cast)
    _issues(cast)
    _commits(cast)
    _apps(cast)


def _ask(cast: Cast, method: str, path: str, body: Json = None, login: str = "ada") -> Json:
    answer = cast.ask(method, path, body, login)
    assert answer.status < 400, (method, path, answer)
    return answer.json()


def _places(cast: Cast) -> None:
    number = cast.world.next()
    rule = {"required_approving_review_count": 0, "dismiss_stale_reviews_on_push": False}
    more = ("require_code_owner_review", "require_last_push_approval", "required_review_thread_resolution")
    parameters = {**rule, **dict.fromkeys(more, False)}
    rules = {"pull_request": parameters, "deletion": {}}
    cast.repo.rulesets[number] = Ruleset(number, "main", "branch", ("never-there",), rules)
    cast.repo.protections["main"] = Protection(checks=("ci",), reviews=1)
    _ask(cast, "GET", f"{R}/rulesets")
    _ask(cast, "GET", f"{R}/rulesets/{number}")
    _ask(cast, "GET", f"{R}/rules/branches/never-there")
    _ask(cast, "GET", f"{R}/branches/main/protection", login="root")
    _ask(cast, "GET", f"{R}/branches/main")
    del cast.repo.protections["main"]
    for path in ("/meta", "/user", "/users/grace", "/rate_limit", "/orgs/acme/members"):
        _ask(cast, "GET", path)
    hook = cast.world.hook(cast.repo, url="http://bot.test/")
    cast.commit("root", "main", {"CODEOWNERS": b"* @ada nobody\n"})
    rooms = ("hooks", f"hooks/{hook.id}/deliveries", "actions/permissions/workflow", "codeowners/errors")
    for each in rooms:
        _ask(cast, "GET", f"{R}/{each}", login="root")
    cast.world.switchboard.hooks.remove(hook)
    _ask(cast, "PATCH", R, {"allow_auto_merge": True, "default_branch": "main"}, "root")
    for path in ("", "/activity", "/collaborators", "/collaborators/grace", "/branches"):
        _ask(cast, "GET", R + path)
    _ask(cast, "GET", f"{R}/collaborators/grace/permission")
    for path in ("", "/members", "/memberships/grace"):
        _ask(cast, "GET", MEMBERS + path, login="root")


def _pulls(cast: Cast) -> None:
    pull = cast.pull()
    path, issue = f"{R}/pulls/{pull.number}", f"{R}/issues/{pull.number}"
    _ask(cast, "POST", f"{R}/labels", {"name": "portico: draft", "color": "00ff00"})
    _ask(cast, "POST", f"{issue}/labels", {"labels": ["portico: draft", "blue"]})
    for each in (f"{R}/labels", f"{R}/labels/blue", f"{issue}/labels", issue):
        _ask(cast, "GET", each)
    _ask(cast, "DELETE", f"{issue}/labels/blue")
    _ask(cast, "POST", f"{path}/requested_reviewers", {"reviewers": ["grace"]})
    _comments(cast, issue)
    review = _ask(cast, "POST", f"{path}/reviews", {"body": "later"}, "grace")
    _ask(cast, "POST", f"{path}/reviews/{review['id']}/events", {"event": "APPROVE"}, "grace")
    _ask(cast, "GET", f"{path}/reviews")
    _ask(cast, "GET", f"{path}/reviews/{review['id']}")
    _ask(cast, "PUT", f"{path}/reviews/{review['id']}/dismissals", {"message": "stale"}, "grace")
    _ask(cast, "PATCH", path, {"title": "Better", "state": "closed"})
    _ask(cast, "PATCH", issue, {"state": "open"})
    cast.commit("ada", "main", {"README.md": b"# moved\n"})
    _ask(cast, "PUT", f"{path}/update-branch", {"expected_head_sha": pull.head_sha})
    for each in (f"{R}/pulls", path, path, f"{path}/commits", f"{path}/files"):
        _ask(cast, "GET", each)
    _ask(cast, "PUT", f"{path}/merge", {"sha": pull.head_sha})
    _ask(cast, "GET", f"{path}/merge")
    _ask(cast, "GET", f"{R}/commits/{pull.merge_commit}/pulls")


def _issues(cast: Cast) -> None:
    number = _ask(cast, "POST", f"{R}/issues", {"title": "Mail", "body": "We need it."})["number"]
    path = f"{R}/issues/{number}"
    _ask(cast, "GET", f"{R}/issues?state=all&sort=updated&direction=desc")
    _ask(cast, "POST", f"{path}/reactions", {"content": "eyes"})
    _ask(cast, "PATCH", path, {"body": "We need it soon."})
    for each in (path, f"{path}/reactions"):
        _ask(cast, "GET", each)
    _comments(cast, path)


def _comments(cast: Cast, issue: str) -> None:
    comment = _ask(cast, "POST", f"{issue}/comments", {"body": "hello"})["id"]
    path = f"{R}/issues/comments/{comment}"
    _ask(cast, "GET", path)
    _ask(cast, "PATCH", path, {"body": "hello again"})
    reaction = _ask(cast, "POST", f"{path}/reactions", {"content": "eyes"})["id"]
    for each in (f"{issue}/comments", f"{R}/issues/comments", f"{path}/reactions"):
        _ask(cast, "GET", each)
    _ask(cast, "DELETE", f"{path}/reactions/{reaction}")
    _ask(cast, "DELETE", path)


def _commits(cast: Cast) -> None:
    sha = cast.repo.bare.ref(HEADS + "main")
    commit = cast.repo.bare.commit(sha)
    _ask(cast, "POST", f"{R}/git/refs", {"ref": "refs/tags/blue/v1", "sha": sha})
    _ask(cast, "POST", f"{R}/git/refs", {"ref": "refs/heads/other", "sha": sha})
    before = str(commit.parent_ids[0])
    _ask(cast, "PATCH", f"{R}/git/refs/heads/other", {"sha": before, "force": True})
    _ask(cast, "DELETE", f"{R}/git/refs/heads/other")
    tag = {"tag": "blue/v1", "message": "Blue", "object": sha, "type": "commit"}
    made = _ask(cast, "POST", f"{R}/git/tags", tag)["sha"]
    blob = str(commit.tree["README.md"].id)
    rooms = ("ref/heads/main", "matching-refs/tags/blue", f"tags/{made}", f"commits/{sha}", f"blobs/{blob}")
    for each in (*rooms, f"trees/{sha}", f"trees/{sha}?recursive=1"):
        _ask(cast, "GET", f"{R}/git/{each}")
    _ask(cast, "POST", f"{R}/statuses/{sha}", {"state": "success", "context": "ci"})
    run = _run(cast, sha)
    for each in ("", "/statuses", "/status", "/check-runs"):
        _ask(cast, "GET", f"{R}/commits/{sha}{each}")
    for each in (f"check-runs/{run}", f"check-runs/{run}/annotations", "commits", "tags"):
        _ask(cast, "GET", f"{R}/{each}")
    for each in (f"compare/{before}...{sha}", "contents/blue/Kptfile", "contents/blue"):
        _ask(cast, "GET", f"{R}/{each}")


def _run(cast: Cast, sha: str) -> int:
    token = cast.world.installation_token(cast.installation).token
    made = cast.ask_as(token, "POST", f"{R}/check-runs", {"name": "portico", "head_sha": sha})
    assert made.status == 201
    number = int(made.json()["id"])
    remark = {
        "path": "blue/Kptfile",
        "start_line": 1,
        "end_line": 1,
        "annotation_level": "failure",
        "message": "no",
    }
    output = {"title": "Rendered", "summary": "fine", "annotations": [remark]}
    body = {"status": "completed", "conclusion": "success", "output": output}
    assert cast.ask_as(token, "PATCH", f"{R}/check-runs/{number}", body).status == 200
    rerun(cast.world, cast.repo, cast.repo.runs[number], cast.user("ada"))
    press(cast.world, cast.repo, cast.repo.runs[number], cast.user("ada"), "approve")
    return number


def _apps(cast: Cast) -> None:
    jwt = cast.jwt()
    found = cast.installation.id
    cast.world.switchboard.deliver(lambda _: 500)
    delivery = cast.world.switchboard.tried[0].id
    paths = ["/app", "/app/installations", f"/app/installations/{found}", f"{R}/installation"]
    paths += [
        "/app/hook/config",
        "/orgs/acme/installation",
        "/app/hook/deliveries",
        f"/app/hook/deliveries/{delivery}",
    ]
    mine = cast.world.repository("ada/own")
    cast.world.install(cast.app, mine)
    for each in (*paths, "/users/ada/installation"):
        assert cast.ask_as(jwt, "GET", each, Authorization=f"Bearer {jwt}").status == 200, each
    posts = (f"/app/installations/{found}/access_tokens", f"/app/hook/deliveries/{delivery}/attempts")
    for each in posts:
        assert cast.ask_as(jwt, "POST", each, {}, Authorization=f"Bearer {jwt}").status < 300, each
    token = cast.world.installation_token(cast.installation).token
    assert cast.ask_as(token, "GET", "/installation/repositories").status == 200
