"""The events of a world, in the shapes of GitLab's webhooks."""

from typing import Any

from tests.forges.git_half import HEADS, TAGS, ZERO, Change
from tests.forges.gitlab.issue import Issue, Noteable, kind
from tests.forges.gitlab.merge_request import MergeRequest
from tests.forges.gitlab.note import Award, Note
from tests.forges.gitlab.people import User
from tests.forges.gitlab.place import Place, told
from tests.forges.gitlab.project import Project
from tests.forges.gitlab.shapes import hook, issue
from tests.forges.gitlab.world import World

Json = dict[str, Any]
MOST_COMMITS = 20  # that a push tells


def differs(name: str, before: Any, after: Any) -> Json:
    """One entry of `changes`."""
    return {name: {"previous": before, "current": after}}


def tell_merge_request(
    world: World, held: MergeRequest, action: str, actor: User, changes: Json | None = None, **more: Any
) -> None:
    """Something happened to a merge request; `more` stands among its own attributes, as `oldrev` does."""
    place = world.place
    payload: Json = {
        "object_kind": "merge_request",
        "event_type": "merge_request",
        "user": hook.user(actor),
        "project": hook.project(place, held.target),
        "object_attributes": {**hook.merge_request(place, held), **more, "action": action},
        "labels": [],
        "changes": changes or {},
        "repository": hook.repository(place, held.target),
    }
    if held.assignees:
        payload["assignees"] = [hook.user(each) for each in held.assignees]
    if held.reviewers:
        payload["reviewers"] = [hook.user(each) for each in held.reviewers]
    world.tell(held.target, "Merge Request Hook", payload)


def created(held: MergeRequest) -> Json:
    """The changes of a merge request that is new: all that it has came from nothing."""
    now: Json = {
        "merge_status": "preparing",
        "author_id": held.author.id,
        "created_at": told(held.made),
        "description": held.description,
        "id": held.id,
        "iid": held.iid,
        "source_branch": held.source_branch,
        "source_project_id": held.source_id,
        "target_branch": held.target_branch,
        "target_project_id": held.target.id,
        "title": held.title,
        "updated_at": told(held.updated),
        "merge_params": {"force_remove_source_branch": "1" if held.removes_source else "0"},
    }
    found: Json = {}
    for name, value in now.items():
        found |= differs(name, {} if name == "merge_params" else None, value)
    return found


def tell_issue(world: World, held: Issue, action: str, actor: User) -> None:
    """Somebody raised or edited an issue."""
    place = world.place
    payload = {
        "object_kind": "issue",
        "event_type": "issue",
        "user": hook.user(actor),
        "project": hook.project(place, held.target),
        "object_attributes": {**issue.hook(place, held), "action": action},
        "labels": [],
        "changes": {},
        "repository": hook.repository(place, held.target),
    }
    world.tell(held.target, "Issue Hook", payload)


def _noteable(place: Place, held: Noteable) -> Json:
    if isinstance(held, Issue):
        return {"issue": issue.hook(place, held)}
    return {"merge_request": hook.merge_request(place, held)}


def tell_note(world: World, held: Noteable, note: Note, action: str, actor: User) -> None:
    """Somebody wrote or edited; GitLab tells nobody of its own notes."""
    place = world.place
    payload = {
        "object_kind": "note",
        "event_type": "confidential_note" if note.internal else "note",
        "user": hook.user(actor),
        "project_id": held.target.id,
        "project": hook.project(place, held.target),
        "object_attributes": {**hook.note(place, held, note), "action": action},
        "repository": hook.repository(place, held.target),
        **_noteable(place, held),
    }
    world.tell(held.target, "Note Hook", payload)


def tell_award(
    world: World, held: Noteable, award: Award, action: str, actor: User, note: Note | None = None
) -> None:
    """Somebody gave an emoji or took it back."""
    place = world.place
    shown: Json = {
        "object_kind": "emoji",
        "event_type": action,
        "user": hook.user(actor),
        "project_id": held.target.id,
        "project": hook.project(place, held.target),
        "object_attributes": {
            "user_id": award.user.id,
            "created_at": told(award.made),
            "id": award.id,
            "name": award.name,
            "awardable_type": "Note" if note else kind(held),
            "awardable_id": note.id if note else held.id,
            "updated_at": told(award.made),
            "action": action,
            "awarded_on_url": f"{place.web}/{held.path}" + (f"#note_{note.id}" if note else ""),
        },
        **_noteable(place, held),
    }
    if note:
        shown["note"] = hook.note(place, held, note)
    world.tell(held.target, "Emoji Hook", shown)


def tell_push(world: World, held: Project, actor: User, change: Change) -> None:
    """A branch or tag moved."""
    place, is_tag = world.place, change.ref.startswith(TAGS)
    listed = news(held, change)
    moved = "tag_push" if is_tag else "push"
    shown = listed[-MOST_COMMITS:]
    tip = None if change.after == ZERO else held.bare.peel(change.after)
    project = hook.project(place, held)
    more = ("git_http_url", "git_ssh_url", "visibility_level")
    payload = {
        "object_kind": moved,
        "event_name": moved,
        "before": change.before,
        "after": change.after,
        "ref": change.ref,
        "ref_protected": _is_protected(held, change.ref),
        "checkout_sha": tip,
        "message": "" if is_tag else None,
        "user_id": actor.id,
        "user_name": actor.name,
        "user_username": actor.username,
        "user_email": "",
        "user_avatar": hook.user(actor)["avatar_url"],
        "project_id": held.id,
        "project": project,
        "commits": [hook.pushed_commit(place, held, sha) for sha in shown],
        "total_commits_count": len(listed),
        "push_options": {},
        "repository": {**hook.repository(place, held), **{key: project[key] for key in more}},
    }
    world.tell(held, "Tag Push Hook" if is_tag else "Push Hook", payload)


def _is_protected(held: Project, ref: str) -> bool:
    if ref.startswith(TAGS):
        return bool(held.tag_protections(ref.removeprefix(TAGS)))
    return bool(held.protections(ref.removeprefix(HEADS)))


def news(held: Project, change: Change) -> list[str]:
    """The commits that a move brought, the oldest first; of a tag its own."""
    if change.after == ZERO:
        return []
    if change.ref.startswith(TAGS):
        return [held.bare.peel(change.after)]
    if change.before == ZERO:
        base = held.tip(held.default_branch)
        return held.bare.missing(base, change.after) if base else [change.after]
    return held.bare.missing(change.before, change.after)
