"""What GitLab sends, as small as a test needs it; shapes as in the published documentation of REST v4."""

from typing import Any

Json = Any
ME = "project_1_bot_abc"
PROJECT = "/projects/acme/infra/packages"
CHANGE = f"{PROJECT}/merge_requests/7"
HEAD, OTHER, MERGED = "a" * 40, "b" * 40, "c" * 40
AT = "2026-03-01T12:00:00.000Z"


def at(minute: int) -> str:
    return f"2026-03-01T12:{minute:02d}:00.000Z"


def read_at(minute: int) -> str:
    """The same as we write it."""
    return f"2026-03-01T12:{minute:02d}:00.000000Z"


def user(username: str, number: int = 0, **more: Json) -> Json:
    return {
        "id": number or len(username),
        "username": username,
        "name": username.title(),
        "state": "active",
        **more,
    }


def project(**more: Json) -> Json:
    return {
        "id": 1,
        "path_with_namespace": "acme/infra/packages",
        "default_branch": "main",
        "archived": False,
        "merge_method": "merge",
        "squash_option": "default_off",
        **more,
    }


def request(**more: Json) -> Json:
    return {
        "id": 70,
        "iid": 7,
        "title": "Draft: A change",
        "state": "opened",
        "draft": str(more.get("title", "Draft:")).startswith("Draft:"),
        "created_at": at(1),
        "updated_at": at(2),
        "source_branch": "drafts/web/x",
        "target_branch": "main",
        "source_project_id": 1,
        "target_project_id": 1,
        "sha": HEAD,
        "merge_commit_sha": None,
        "squash_commit_sha": None,
        "detailed_merge_status": "mergeable",
        "author": user("ada"),
        "labels": [],
        "web_url": "https://gitlab.example.com/acme/infra/packages/-/merge_requests/7",
        **more,
    }


def note(number: int, body: str, by: str = "ada", minute: int = 5, **more: Json) -> Json:
    return {
        "id": number,
        "body": body,
        "author": user(by),
        "created_at": at(minute),
        "updated_at": at(minute),
        "system": False,
        **more,
    }


def approval(by: str, minute: int | None) -> Json:
    return {"user": user(by), **({"approved_at": at(minute)} if minute is not None else {})}


def pushed(by: str, minute: int, before: str | None, after: str | None, **more: Json) -> Json:
    data = {"ref_type": "branch", "ref": "drafts/web/x", "commit_from": before, "commit_to": after, **more}
    return {
        "id": minute,
        "action_name": "pushed to",
        "created_at": at(minute),
        "author": user(by),
        "push_data": data,
    }


def version(minute: int, head: str) -> Json:
    return {"id": minute, "head_commit_sha": head, "created_at": at(minute), "state": "collected"}
