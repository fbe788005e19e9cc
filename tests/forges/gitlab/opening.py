"""Merge requests: opened, edited, closed, reopened, made ready and put back to draft."""

from typing import Any

from tests.forges.git_half import is_branch_name
from tests.forges.gitlab.merge_request import Draft, MergeRequest
from tests.forges.gitlab.people import DEVELOPER, User
from tests.forges.gitlab.place import told
from tests.forges.gitlab.project import Project
from tests.forges.gitlab.pushing import close, record, retitled
from tests.forges.gitlab.refusal import Refused, bad, forbidden
from tests.forges.gitlab.system_notes import say
from tests.forges.gitlab.telling import created, differs, tell_merge_request
from tests.forges.gitlab.world import World

Json = dict[str, Any]
LONGEST_TITLE = 255  # characters
EDITS = (
    "title",
    "description",
    "target_branch",
    "state_event",
    "squash",
    "labels",
    "add_labels",
    "remove_labels",
    "assignee_id",
    "assignee_ids",
    "reviewer_ids",
    "remove_source_branch",
    "discussion_locked",
    "allow_collaboration",
    "milestone_id",
)


def open_request(world: World, source: Project, target: Project, user: User, asked: Json) -> MergeRequest:
    """A new merge request; `Refused` for what GitLab refuses, which a source that is not there is not."""
    _check_may_open(world, source, target, user)
    branch, into, title = (str(asked[name]) for name in ("source_branch", "target_branch", "title"))
    _check_branches(source, target, branch, into)
    _check_title(title)
    now = world.clock.tick()
    made = MergeRequest(
        world.next(),
        max(target.merge_requests, default=0) + 1,
        target,
        into,
        source,
        source.id,
        branch,
        user,
        title,
        asked.get("description"),
        now,
        now,
        source.tip(branch),
        squash=bool(asked.get("squash")) or target.settings.squash_option in {"always", "default_on"},
        removes_source=bool(asked.get("remove_source_branch", target.settings.removes_source)),
    )
    made.labels = _words(asked.get("labels"))
    target.merge_requests[made.iid] = made
    record(world, made)
    world.remember(target, user, "opened", target=made)
    tell_merge_request(world, made, "open", user, created(made))
    return made


def _check_may_open(world: World, source: Project, target: Project, user: User) -> None:
    today = world.today
    may_read = target.is_seen(user, today) and target.reads_code(user, today)
    if target.archived or not may_read or source.level(user, today) < DEVELOPER:
        raise forbidden()


def _check_branches(source: Project, target: Project, branch: str, into: str) -> None:
    if source is target and branch == into:
        raise Refused(422, ["You can't use same project/branch for source and target"])
    names = {"source_branch": branch, "target_branch": into}
    if wrong := [key for key, name in names.items() if not is_branch_name(name)]:
        raise bad({key: ["is invalid"] for key in wrong})
    for each in target.merge_requests.values():
        if each.is_open and (each.source, each.source_branch, each.target_branch) == (source, branch, into):
            said = "Another open merge request already exists for this source branch"
            raise Refused(409, [f"{said}: !{each.iid}"])


def _check_title(title: str) -> None:
    if not title.strip():
        raise bad({"title": ["can't be blank"]})
    if len(title) > LONGEST_TITLE:
        raise bad({"title": [f"is too long (maximum is {LONGEST_TITLE} characters)"]})


def _words(said: Any) -> list[str]:
    listed = said.split(",") if isinstance(said, str) else said or []
    return [each.strip() for each in listed if each.strip()]


def edit(world: World, held: MergeRequest, user: User, asked: Json) -> None:
    """Another title, description, target, state and so on, told by one event; `Refused`."""
    if user is not held.author and held.target.level(user, world.today) < DEVELOPER:
        raise forbidden()
    if not any(name in asked for name in EDITS):
        raise Refused(
            400, f"{', '.join(EDITS)} are missing, at least one parameter must be provided", "error"
        )
    changes: Json = {}
    if "title" in asked and asked["title"] != held.title:
        changes |= _retitle(world, held, user, str(asked["title"]))
    if "description" in asked and asked["description"] != held.description:
        changes |= differs("description", held.description, asked["description"])
        held.description, held.edited, held.edited_by = asked["description"], world.clock.now, user
        say(world, held, user, "changed the description")
    if "target_branch" in asked and asked["target_branch"] != held.target_branch:
        changes |= _retarget(world, held, user, str(asked["target_branch"]))
    if "squash" in asked:
        held.squash = bool(asked["squash"])
    if "remove_source_branch" in asked:
        held.removes_source = bool(asked["remove_source_branch"])
    changes |= _relabel(held, asked) | _assign(world, held, asked)
    if changes:
        tell_changes(world, held, user, changes)
    if asked.get("state_event") == "close" and held.is_open:
        close(world, held, user)
    elif asked.get("state_event") == "reopen" and held.state == "closed":
        reopen(world, held, user)


def tell_changes(world: World, held: MergeRequest, user: User, changes: Json) -> None:
    """Let an event say what an edit changed, and that it did so now."""
    before, held.updated, held.updated_by = held.updated, world.clock.tick(), user
    changes |= differs("updated_at", told(before), told(held.updated))
    tell_merge_request(world, held, "update", user, changes)


def _retitle(world: World, held: MergeRequest, user: User, title: str) -> Json:
    _check_title(title)
    before, held.title = held.title, title
    plain = (Draft.without(before), Draft.without(title))
    if Draft.has(before) != Draft.has(title):
        say(world, held, user, f"marked this merge request as **{'draft' if held.is_draft else 'ready'}**")
    if plain[0] != plain[1]:
        say(world, held, user, f"changed title from **{before}** to **{title}**")
    return retitled(before, title)


def _retarget(world: World, held: MergeRequest, user: User, branch: str) -> Json:
    if held.source:
        _check_branches(held.source, held.target, held.source_branch, branch)
    before, held.target_branch, held.asked = held.target_branch, branch, 0
    record(world, held)
    say(world, held, user, f"changed target branch from `{before}` to `{branch}`")
    return differs("target_branch", before, branch)


def _relabel(held: MergeRequest, asked: Json) -> Json:
    before = list(held.labels)
    found = _words(asked["labels"]) if "labels" in asked else list(before)
    found += [each for each in _words(asked.get("add_labels")) if each not in found]
    gone = _words(asked.get("remove_labels"))
    held.labels = [each for each in found if each not in gone]
    if held.labels == before:
        return {}
    old, new = ([{"title": each} for each in listed] for listed in (before, held.labels))
    return differs("labels", old, new)


def _assign(world: World, held: MergeRequest, asked: Json) -> Json:
    found: Json = {}
    ids = asked.get("assignee_ids", [asked["assignee_id"]] if asked.get("assignee_id") else None)
    for name, wanted in (("assignees", ids), ("reviewers", asked.get("reviewer_ids"))):
        if wanted is None:
            continue
        before = getattr(held, name)
        users = [user for user in world.users.values() if user.id in {int(each) for each in wanted}]
        if users != before:
            setattr(held, name, users)
            old, new = ([{"id": u.id, "username": u.username} for u in listed] for listed in (before, users))
            found |= differs(name, old, new)
    return found


def reopen(world: World, held: MergeRequest, user: User) -> None:
    """A closed merge request is open again; `Refused` when another took its place."""
    if held.source:
        _check_branches(held.source, held.target, held.source_branch, held.target_branch)
        held.head = held.source.tip(held.source_branch)
    held.state, held.closed, held.closed_by, held.asked = "opened", None, None, 0
    held.updated = world.clock.tick()
    if held.version and held.version.head != held.head:
        record(world, held)
    say(world, held, user, "reopened")
    world.remember(held.target, user, "reopened", target=held)
    tell_merge_request(world, held, "reopen", user, differs("state_id", 2, 1))


def set_draft(world: World, held: MergeRequest, user: User, *, draft: bool) -> bool:
    """Make ready or put back to draft, as the buttons do; whether anything changed."""
    if held.is_draft == draft:
        return False
    title = Draft.without(held.title)
    edit(world, held, user, {"title": f"Draft: {title}" if draft else title})
    return True
