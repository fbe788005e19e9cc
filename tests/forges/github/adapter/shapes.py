"""Answers of GitHub, as short as the adapter can read them."""

from typing import Any

Json = Any
HEAD = "a" * 40
OTHER = "b" * 40
MERGED = "c" * 40


def who(login: str, kind: str = "User", **more: str) -> Json:
    return {"__typename": kind, "login": login, **more}


def page(*nodes: Json, before: str = "") -> Json:
    """A connection of GraphQL; `before` is the cursor where there is more."""
    return {
        "pageInfo": {"hasPreviousPage": bool(before), "startCursor": before or None},
        "nodes": list(nodes),
    }


def review(number: int, state: str, login: str = "grace", **more: Json) -> Json:
    return {
        "fullDatabaseId": str(number),
        "state": state,
        "submittedAt": "2026-03-01T12:00:00Z",
        "body": "",
        "commit": {"oid": HEAD},
        "author": who(login),
        **more,
    }


def comment(number: int, body: str, login: str = "ada", *shown: str, **more: Json) -> Json:
    return {
        "fullDatabaseId": str(number),
        "body": body,
        "createdAt": "2026-03-01T12:00:00Z",
        "lastEditedAt": None,
        "viewerDidAuthor": False,
        "reactionGroups": [{"content": content, "viewerHasReacted": True} for content in shown],
        "author": who(login),
        **more,
    }


def pull(**more: Json) -> Json:
    return {
        "number": 7,
        "title": "A change",
        "url": "https://github.com/acme/packages/pull/7",
        "state": "OPEN",
        "isDraft": False,
        "createdAt": "2026-03-01T11:00:00Z",
        "baseRefName": "main",
        "headRefName": "drafts/web/x",
        "headRefOid": HEAD,
        "isCrossRepository": False,
        "headRepository": {"nameWithOwner": "acme/packages"},
        "author": who("ada", name="Ada", email="ada@example.com"),
        "mergeCommit": None,
        "mergedBy": None,
        "labels": page(),
        "timelineItems": page(),
        "commits": page(),
        "reviews": page(),
        "comments": page(),
        **more,
    }


def answer(found: Json, me: str = "portico-user", **repository: Json) -> Json:
    """What a query about one change is answered."""
    return {"data": {"viewer": {"login": me}, "repository": {"pullRequest": found, **repository}}}


def standing(**more: Json) -> Json:
    """What is asked before a write."""
    state = {
        "id": "PR_7",
        "state": "OPEN",
        "isDraft": False,
        "isInMergeQueue": False,
        "headRefOid": HEAD,
        "mergeable": "MERGEABLE",
        "mergeStateStatus": "CLEAN",
        "mergeCommit": None,
    }
    allowed = {name: more.pop(name, True) for name in ("mergeCommitAllowed", "squashMergeAllowed")}
    queue = more.pop("mergeQueue", None)
    return answer({**state, **more}, **allowed, rebaseMergeAllowed=True, mergeQueue=queue)


def listed(number: int, branch: str = "drafts/web/x", **more: Json) -> Json:
    """A change as REST lists it."""
    return {
        "number": number,
        "state": "open",
        "draft": True,
        "updated_at": "2026-03-01T12:00:00Z",
        "labels": [],
        "head": {"ref": branch, "sha": HEAD, "repo": {"id": 1}},
        "base": {"ref": "main", "repo": {"id": 1}},
        **more,
    }


def errors(kind: str, message: str, *path: str) -> Json:
    return [{"type": kind, "message": message, "path": list(path)}]
