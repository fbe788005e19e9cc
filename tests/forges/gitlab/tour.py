"""A walk past every question that the world's REST API answers, each with a good answer."""

from typing import Any

from tests.forges.gitlab.cast import BRANCH, Cast

Json = Any
MR = "/merge_requests/1"


def tour(cast: Cast) -> None:
    """Ask everything once, as those who may."""
    _places(cast)
    _repository(cast)
    _requests(cast)
    _notes(cast)
    _issues(cast)
    _ends(cast)


def ask(cast: Cast, method: str, path: str, body: Json = None, username: str = "root") -> Json:
    """Ask below the project; the answer must be a good one."""
    answer = cast.ask(method, path, body, username)
    assert answer.status < 400, (method, path, answer)
    return answer.json()


def ask_above(cast: Cast, path: str, method: str = "GET", body: Json = None) -> Json:
    answer = cast.ask_as(cast.world.token(cast.user("root")), method, path, body)
    assert answer.status < 400, (path, answer)
    return answer.json()


def _places(cast: Cast) -> None:
    root, mallory = cast.user("root").id, cast.user("mallory").id
    for path in ("/version", "/metadata", "/user", "/users?username=ada", f"/users/{root}", "/projects"):
        ask_above(cast, path)
    ask_above(cast, "/personal_access_tokens/self")
    for path in (
        "",
        "/projects?include_subgroups=true",
        "/members",
        "/members/all",
        f"/members/all/{root}",
        "/hooks",
    ):
        ask_above(cast, f"/groups/acme{path}")
    ask(cast, "GET", "")
    ask(cast, "PUT", "", {"squash_option": "default_off", "default_branch": "main"})
    ask(cast, "POST", "/access_tokens", {"name": "bot", "scopes": ["api"]}, "mia")
    ask(cast, "POST", "/members", {"user_id": mallory, "access_level": 20})
    for path in ("/members", "/members/all", f"/members/all/{mallory}", f"/members/{mallory}"):
        ask(cast, "GET", path)
    ask(cast, "DELETE", f"/members/{mallory}")
    made = ask(cast, "POST", "/hooks", {"url": "http://bot.test/", "merge_requests_events": True})
    ask(cast, "GET", "/hooks")
    ask(cast, "GET", f"/hooks/{made['id']}")
    ask(cast, "GET", f"/hooks/{made['id']}/events")
    ask(cast, "PUT", f"/hooks/{made['id']}", {"url": "http://bot.test/", "note_events": True})
    ask(cast, "DELETE", f"/hooks/{made['id']}")
    made = ask_above(cast, "/groups/acme/hooks", "POST", {"url": "http://bot.test/"})
    ask_above(cast, f"/groups/acme/hooks/{made['id']}")
    ask_above(cast, f"/groups/acme/hooks/{made['id']}", "PUT", {"note_events": True})
    ask_above(cast, f"/groups/acme/hooks/{made['id']}", "DELETE")


def _repository(cast: Cast) -> None:
    action = {"action": "create", "file_path": "green/x.yaml", "content": "x: 1\n"}
    body = {"branch": "green", "start_branch": "main", "commit_message": "Green", "actions": [action]}
    sha = ask(cast, "POST", "/repository/commits", body)["id"]
    ask(cast, "POST", "/repository/branches", {"branch": "a/b", "ref": "main"})
    for path in ("branches", "branches/a%2Fb", "commits?ref_name=green", f"commits/{sha}"):
        ask(cast, "GET", f"/repository/{path}")
    ask(cast, "DELETE", "/repository/branches/a%2Fb")
    ask(cast, "POST", "/repository/tags", {"tag_name": "blue/v1", "ref": sha, "message": "Published"})
    ask(cast, "POST", "/repository/tags", {"tag_name": "blue/v2", "ref": "main"})
    for path in ("tags", "tags/blue%2Fv1", f"commits/{sha}/refs", "compare?from=main&to=green"):
        ask(cast, "GET", f"/repository/{path}")
    ask(cast, "GET", f"/repository/commits/{sha}/diff")
    ask(cast, "GET", "/repository/files/green%2Fx.yaml?ref=green")
    written = {"branch": "green", "commit_message": "Greener", "content": "y: 1\n"}
    for method in ("POST", "PUT", "DELETE"):
        ask(cast, method, "/repository/files/green%2Fy.yaml", written)
    ask(cast, "DELETE", "/repository/tags/blue%2Fv2")
    for kind, name, more in (
        ("branches", "drafts/*", {"push_access_level": 30, "allow_force_push": True}),
        ("tags", "*/v*", {"create_access_level": 40}),
    ):
        ask(cast, "POST", f"/protected_{kind}", {"name": name, **more})
        ask(cast, "GET", f"/protected_{kind}")
        ask(cast, "GET", f"/protected_{kind}/{name.replace('/', '%2F')}")
        if kind == "branches":
            ask(cast, "PATCH", f"/protected_branches/{name.replace('/', '%2F')}", {"allow_force_push": False})
        ask(cast, "DELETE", f"/protected_{kind}/{name.replace('/', '%2F')}")
    ask(cast, "POST", f"/statuses/{sha}", {"state": "pending", "name": "ci"})
    ask(cast, "GET", f"/repository/commits/{sha}/statuses")


def _requests(cast: Cast) -> None:
    cast.project.settings.is_paid = cast.project.settings.has_trains = True
    held = cast.propose()
    path = f"/statuses/{held.head}"
    ask(
        cast, "POST", path, {"state": "success", "name": "ci", "target_url": "http://ci", "description": "ok"}
    )
    ask(cast, "GET", "/merge_requests?state=opened&source_branch=" + BRANCH)
    ask(cast, "PUT", MR, {"title": "Draft: Blue", "assignee_ids": [cast.user("ada").id], "add_labels": "a"})
    ask(cast, "PUT", MR, {"title": "Blue", "description": "More", "reviewer_ids": [cast.user("grace").id]})
    cast.settle(held)
    for below in ("commits", "participants", "diffs", "changes", "versions", "merge_ref", "approvals"):
        ask(cast, "GET", f"{MR}/{below}")
    ask(cast, "GET", f"/repository/commits/{held.head}/merge_requests")
    ask(cast, "GET", "/approvals")
    _rules(cast)
    ask(cast, "POST", f"{MR}/approve", {"sha": held.head}, "grace")
    ask(cast, "GET", f"{MR}/approvals")
    ask(cast, "POST", f"{MR}/unapprove", None, "grace")
    reset = cast.ask_as(cast.bot_token, "PUT", f"/projects/{cast.project.id}{MR}/reset_approvals")
    assert reset.status == 202
    cast.commit("mia", "main", {"other.yaml": b"x: 1\n"})
    ask(cast, "PUT", f"{MR}/rebase")
    ask(cast, "POST", "/merge_trains/merge_requests/1", {"sha": held.head})
    ask(cast, "GET", "/merge_trains")
    ask(cast, "GET", "/merge_trains/merge_requests/1")


def _rules(cast: Cast) -> None:
    ask(cast, "GET", "/push_rule")
    for method in ("POST", "PUT", "GET", "DELETE"):
        ask(cast, method, "/push_rule", {"deny_delete_tag": True})
    asked = {"name": "Owners", "approvals_required": 1, "user_ids": [cast.user("grace").id]}
    made = ask(cast, "POST", "/approval_rules", asked)
    ask(cast, "GET", "/approval_rules")
    for method in ("GET", "PUT", "DELETE"):
        ask(cast, method, f"/approval_rules/{made['id']}", {**asked, "approvals_required": 2})


def _issues(cast: Cast) -> None:
    number = ask(cast, "POST", "/issues", {"title": "Mail", "description": "We need it."}, "ada")["iid"]
    path = f"/issues/{number}"
    ask(cast, "GET", "/issues?order_by=updated_at&sort=desc", None, "ada")
    ask(cast, "PUT", path, {"description": "We need it soon."}, "ada")
    ask(cast, "GET", path)
    _notes(cast, path)


def _notes(cast: Cast, beneath: str = MR) -> None:
    number = ask(cast, "POST", f"{beneath}/notes", {"body": "Well"}, "ada")["id"]
    note = f"{beneath}/notes/{number}"
    ask(cast, "PUT", note, {"body": "Well done"}, "ada")
    for path in (f"{beneath}/notes", note):
        ask(cast, "GET", path)
    thread = ask(cast, "POST", f"{beneath}/discussions", {"body": "Why"}, "ada")["id"]
    said = ask(cast, "POST", f"{beneath}/discussions/{thread}/notes", {"body": "So"}, "ada")["id"]
    for path in ("", f"/{thread}", f"/{thread}/notes/{said}"):
        ask(cast, "GET", f"{beneath}/discussions{path}")
    ask(cast, "PUT", f"{beneath}/discussions/{thread}/notes/{said}", {"resolved": True}, "ada")
    ask(cast, "DELETE", f"{beneath}/discussions/{thread}/notes/{said}", None, "ada")
    for path in (note, beneath):
        award = ask(cast, "POST", f"{path}/award_emoji", {"name": "eyes"}, "ada")["id"]
        ask(cast, "GET", f"{path}/award_emoji")
        ask(cast, "DELETE", f"{path}/award_emoji/{award}", None, "ada")
    ask(cast, "DELETE", note, None, "ada")


def _ends(cast: Cast) -> None:
    cast.project.settings.needs_pipeline = True
    waiting = cast.propose("ada", "drafts/blue/v2")
    ask(cast, "POST", f"/statuses/{waiting.head}", {"state": "running", "name": "ci"})
    path = f"/merge_requests/{waiting.iid}"
    ask(cast, "PUT", "/transfer", {"namespace": "acme"})
    ask(cast, "PUT", f"{path}/merge", {"auto_merge": True})
    ask(cast, "POST", f"{path}/cancel_merge_when_pipeline_succeeds")
    ask(cast, "PUT", path, {"state_event": "close"})
    ask(cast, "PUT", path, {"state_event": "reopen"})
    ask(cast, "DELETE", path)
    cast.project.settings.needs_pipeline = False
    ask(cast, "PUT", f"{MR}/merge", {"sha": cast.project.merge_request(1).head, "squash": True})
    ask(cast, "GET", "/events?action=pushed")
    ask(cast, "POST", "/archive")
