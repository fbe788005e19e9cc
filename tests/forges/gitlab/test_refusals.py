"""What GitLab says when it does not do what it is asked, by status and words."""

from typing import Any

import pytest

from tests.forges.gitlab.cast import BRANCH, Cast

Json = Any
MR = "/merge_requests/1"
OPEN = {"source_branch": BRANCH, "target_branch": "main", "title": "Again"}
# Who asks for what, and what they read. The merge request is ada's draft from BRANCH; blue/v1 is a tag.
REFUSED: tuple[tuple[str, str, str, Json, int, Json], ...] = (
    ("mallory", "GET", "", None, 404, {"message": "404 Project Not Found"}),
    ("", "GET", "", None, 404, {"message": "404 Project Not Found"}),
    ("", "POST", "/merge_requests", OPEN, 401, {"message": "401 Unauthorized"}),
    ("ada", "GET", "/nothing", None, 404, {"error": "404 Not Found"}),
    ("ada", "GET", "/merge_requests/9", None, 404, {"message": "404 Not found"}),
    ("ada", "GET", "/merge_requests/x", None, 400, {"error": "iid is invalid"}),
    ("ada", "GET", "/repository/branches/none", None, 404, {"message": "404 Branch Not Found"}),
    ("ada", "GET", "/repository/tags/none", None, 404, {"message": "404 Tag Not Found"}),
    ("ada", "GET", "/repository/commits/none", None, 404, {"message": "404 Commit Not Found"}),
    ("ada", "GET", "/members/all/1", None, 404, {"message": "404 Not found"}),
    ("ada", "GET", "/hooks", None, 403, {"message": "403 Forbidden"}),
    ("mia", "POST", "/hooks", {}, 400, {"error": "url is missing"}),
    # Opened
    ("eve", "POST", "/merge_requests", OPEN, 403, {"message": "403 Forbidden"}),
    ("ada", "POST", "/merge_requests", {},
     400, {"error": "title is missing, source_branch is missing, target_branch is missing"}),
    ("ada", "POST", "/merge_requests", OPEN,
     409, {"message": ["Another open merge request already exists for this source branch: !1"]}),
    ("ada", "POST", "/merge_requests", {**OPEN, "source_branch": "main"},
     422, {"message": ["You can't use same project/branch for source and target"]}),
    ("ada", "POST", "/merge_requests", {**OPEN, "source_branch": "x", "title": " "},
     400, {"message": {"title": ["can't be blank"]}}),
    ("eve", "PUT", MR, {"title": "x"}, 403, {"message": "403 Forbidden"}),
    # Merged
    ("ada", "PUT", f"{MR}/merge", {}, 401, {"message": "401 Unauthorized"}),
    ("mia", "PUT", f"{MR}/merge", {}, 405, {"message": "405 Method Not Allowed"}),
    # Approved
    ("eve", "POST", f"{MR}/approve", {}, 401, {"message": "401 Unauthorized"}),
    ("ada", "POST", f"{MR}/unapprove", {}, 404, {"message": "404 Not found"}),
    ("mia", "PUT", f"{MR}/reset_approvals", {}, 401, {"message": "401 Unauthorized"}),
    # Said
    ("ada", "POST", f"{MR}/notes", {}, 400, {"error": "body is missing"}),
    ("ada", "POST", f"{MR}/notes", {"body": " "},
     400, {"message": '400 Bad request - Note {:note=>["can\'t be blank"]}'}),
    ("ada", "POST", f"{MR}/notes", {"body": "/clone"},
     400, {"message": '400 Bad request - Note {:commands_only=>["Failed to apply commands."]}'}),
    ("eve", "POST", f"{MR}/notes", {"body": "/close"},
     400, {"message": '400 Bad request - Note {:commands_only=>["Failed to apply commands."]}'}),
    ("ada", "GET", f"{MR}/notes/1", None, 404, {"message": "404 Not found"}),
    # Refs
    ("ada", "POST", "/repository/branches", {"branch": BRANCH, "ref": "main"},
     400, {"message": "Branch already exists"}),
    ("ada", "POST", "/repository/branches", {"branch": "x", "ref": "none"},
     400, {"message": "Invalid reference name: none"}),
    ("ada", "POST", "/repository/branches", {"branch": "a..b", "ref": "main"},
     400, {"message": "Branch name is invalid"}),
    ("ada", "POST", "/repository/branches", {"branch": "drafts/blue", "ref": "main"},
     400, {"message": "Failed to create branch 'drafts/blue'"}),
    ("ada", "DELETE", "/repository/branches/main", None,
     400, {"message": "The default branch of a project cannot be deleted."}),
    ("eve", "DELETE", "/repository/branches/x", None, 403, {"message": "403 Forbidden"}),
    ("ada", "POST", "/repository/tags", {"tag_name": "blue/v1", "ref": "main"},
     400, {"message": "Tag blue/v1 already exists"}),
    ("ada", "POST", "/repository/tags", {"tag_name": "x", "ref": "none"},
     400, {"message": "Target none is invalid"}),
    ("ada", "POST", "/repository/tags", {"tag_name": "a b", "ref": "main"},
     400, {"message": "Tag name invalid"}),
    ("ada", "POST", "/repository/tags", {"tag_name": "red/v1", "ref": "main"},
     400, {"message": "You are not allowed to create this tag as it is protected."}),
    ("mia", "POST", "/protected_tags", {"name": "red/*"},
     409, {"message": "Protected tag 'red/*' already exists"}),
    # Statuses
    ("ada", "POST", "/statuses/" + "0" * 40, {"state": "pending"}, 404, {"message": "404 Commit Not Found"}),
    ("ada", "POST", "/statuses/" + "0" * 40, {"state": "fine"},
     400, {"error": "state does not have a valid value"}),
    # Trains are paid for
    ("mia", "POST", "/merge_trains/merge_requests/1", {}, 403, {"message": "403 Forbidden"}),
    ("mia", "GET", "/approvals", None, 404, {"message": "404 Not found"}),
)  # fmt: skip


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0] or 'nobody'} {row[1]} {row[2]} {row[4]}")
def test_refused(cast: Cast, row: tuple[str, str, str, Json, int, Json]) -> None:
    username, method, path, body, status, said = row
    cast.propose(draft=True)
    for path_, asked in (
        ("/repository/tags", {"tag_name": "blue/v1", "ref": "main"}),
        ("/protected_tags", {"name": "red/*", "create_access_level": 40}),
    ):
        assert cast.ask("POST", path_, asked, "mia").status == 201
    before, told = cast.project.bare.refs(), len(cast.world.switchboard.told)
    found = cast.ask(method, path, body, username)
    assert (found.status, found.json()) == (status, said)
    assert cast.project.bare.refs() == before
    assert len(cast.world.switchboard.told) == told, "what is refused is told to nobody"


def test_tokens_that_are_no_longer_good(cast: Cast) -> None:
    held = cast.world.holder(cast.bot_token)
    path = "/personal_access_tokens/self"
    assert cast.ask_as(cast.bot_token, "GET", path).json()["active"] is True
    cast.world.clock.move(366 * 24 * 3600)
    expired = cast.ask_as(cast.bot_token, "GET", path)
    assert (expired.status, expired.json()["error"]) == (401, "invalid_token")
    assert "expired" in expired.json()["error_description"]
    held.revoked = True
    assert "revoked" in cast.ask_as(cast.bot_token, "GET", path).json()["error_description"]
    nobody = cast.ask_as("glpat-nobody", "GET", path)
    assert (nobody.status, nobody.json()) == (401, {"message": "401 Unauthorized"})


def test_a_token_does_no_more_than_its_scopes(cast: Cast) -> None:
    reader = cast.world.token(cast.user("ada"), ("read_api",))
    path = f"/projects/{cast.project.id}"
    assert cast.ask_as(reader, "GET", path).status == 200
    refused = cast.ask_as(reader, "POST", f"{path}/merge_requests", OPEN)
    assert (refused.status, refused.json()["error"]) == (403, "insufficient_scope")
    pusher = cast.world.token(cast.user("ada"), ("write_repository",))
    assert cast.ask_as(pusher, "GET", path).status == 403


def test_what_is_archived_is_read_alone(cast: Cast) -> None:
    cast.propose()
    cast.project.archived = True
    assert cast.ask("GET", MR).status == 200
    assert cast.ask("POST", f"{MR}/notes", {"body": "x"}).status == 403
    assert cast.ask("POST", "/repository/tags", {"tag_name": "x", "ref": "main"}).status == 403
    assert cast.ask("PUT", f"{MR}/merge", {}, "mia").status == 401
