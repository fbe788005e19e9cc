"""The mutations of GraphQL that this world knows."""

from collections.abc import Callable
from typing import Any

from tests.forges.git_half import ZERO, Change, Stale
from tests.forges.github import merging, opening, pushing, talking
from tests.forges.github.apps import Caller
from tests.forges.github.nodes import PullNode, RepositoryNode, find
from tests.forges.github.people import least
from tests.forges.github.refusal import Refused, not_for_apps
from tests.forges.github.repository import Repository
from tests.forges.github.talk_nodes import CommentNode
from tests.forges.github.world import World

Json = dict[str, Any]
Mutation = Callable[[World, Caller, Json], Json]


def _may(held: Repository, caller: Caller, permission: str, role: str) -> None:
    """`Refused` unless an App's token has the permission, or a person is so much here."""
    if caller.is_app:
        if held.id not in (caller.repositories or ()) or not caller.may(permission):
            raise not_for_apps()
    elif not least(held.role(caller.user), role):
        login = caller.user.login if caller.user else ""
        raise Refused(403, f"{login} does not have the correct permissions to execute this mutation")


def _pull(world: World, caller: Caller, asked: Json, permission: str = "pull_requests:write") -> PullNode:
    found = find(world, caller, asked["pullRequestId"])
    assert isinstance(found, PullNode)
    _may(found.held.base, caller, permission, "read")
    return found


def ready(world: World, caller: Caller, asked: Json) -> Json:
    found = _pull(world, caller, asked)
    opening.ready(world, found.held, caller)
    return {"pullRequest": PullNode(world, caller, found.held)}


def to_draft(world: World, caller: Caller, asked: Json) -> Json:
    found = _pull(world, caller, asked)
    opening.to_draft(world, found.held, caller)
    return {"pullRequest": PullNode(world, caller, found.held)}


def enqueue(world: World, caller: Caller, asked: Json) -> Json:
    found = _pull(world, caller, asked, "contents:write")
    _may(found.held.base, caller, "contents:write", "write")
    merging.enqueue(world, found.held, caller, asked.get("expectedHeadOid"))
    return {"mergeQueueEntry": PullNode(world, caller, found.held).merge_queue_entry}


def merge(world: World, caller: Caller, asked: Json) -> Json:
    found = _pull(world, caller, asked, "contents:write")
    wanted = {
        "sha": asked.get("expectedHeadOid"),
        "merge_method": (asked.get("mergeMethod") or "MERGE").lower(),
        "commit_title": asked.get("commitHeadline"),
        "commit_message": asked.get("commitBody"),
    }
    merging.merge(world, found.held, caller, wanted)
    return {"pullRequest": PullNode(world, caller, found.held)}


def auto_merge(world: World, caller: Caller, asked: Json) -> Json:
    found = _pull(world, caller, asked)
    if not found.held.base.settings.allow_auto_merge:
        raise Refused(422, "Auto merge is not allowed for this repository")
    raise Refused(422, "Pull request is in clean status")


def minimize(world: World, caller: Caller, asked: Json) -> Json:
    found = find(world, caller, asked["subjectId"])
    assert isinstance(found, CommentNode)
    held = next(r for r in world.repositories.values() if found.comment.id in r.comments)
    if found.comment.user is not caller.user:
        _may(held, caller, "issues:write|pull_requests:write", "write")
    found.comment.minimized = asked["classifier"]
    return {"minimizedComment": CommentNode(world, caller, found.comment)}


def update_refs(world: World, caller: Caller, asked: Json) -> Json:
    """All refs or none."""
    found = find(world, caller, asked["repositoryId"])
    assert isinstance(found, RepositoryNode)
    held = found._held
    _may(held, caller, "contents:write", "write")
    changes = []
    for each in asked["refUpdates"]:
        now = held.bare.ref(each["name"]) or ZERO
        before = each.get("beforeOid") or now
        if before != now:
            raise Refused(422, f"{each['name']}: expected {before}, but it is at {now}")
        after = each["afterOid"]
        if after != ZERO and after not in held.bare.git:
            raise Refused(422, f"{each['name']}: {after} does not exist")
        is_move = ZERO not in {now, after}
        if is_move and not each.get("force") and not held.bare.is_ancestor(now, after):
            raise Refused(422, f"{each['name']}: update is not a fast forward")
        changes.append(Change(each["name"], now, after))
    try:
        pushing.move(world, held, caller, changes)
    except Stale as error:
        raise Refused(422, str(error)) from error
    return {}


def add_comment(world: World, caller: Caller, asked: Json) -> Json:
    found = find(world, caller, asked["subjectId"])
    assert isinstance(found, PullNode)
    _may(found.held.base, caller, "issues:write|pull_requests:write", "read")
    made = talking.say(world, found.held.base, found.held.number, caller, asked["body"])
    return {"commentEdge": {"node": CommentNode(world, caller, made), "cursor": "1"}}


MUTATIONS: dict[str, Mutation] = {
    "markPullRequestReadyForReview": ready,
    "convertPullRequestToDraft": to_draft,
    "enqueuePullRequest": enqueue,
    "mergePullRequest": merge,
    "enablePullRequestAutoMerge": auto_merge,
    "minimizeComment": minimize,
    "updateRefs": update_refs,
    "addComment": add_comment,
}
