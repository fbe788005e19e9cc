"""Refs that move, whoever moves them: what is refused, what is told, and what follows."""

from tests.forges.git_half import HEADS, TAGS, ZERO, Change, is_branch_name
from tests.forges.gitlab import mergeability
from tests.forges.gitlab.merge_request import UNFINISHED, Draft, MergeRequest, Version
from tests.forges.gitlab.people import DEVELOPER, MAINTAINER, User
from tests.forges.gitlab.project import Project
from tests.forges.gitlab.system_notes import say
from tests.forges.gitlab.telling import differs, news, tell_merge_request, tell_push
from tests.forges.gitlab.world import World

FORCED = "GitLab: You are not allowed to force push code to a protected branch on this project."


def push_refusal(world: World, held: Project, user: User, changes: list[Change]) -> str:
    """Why a push may not be, or nothing; one that is refused takes all others with it."""
    level = held.level(user, world.today)
    return next((f"GitLab: {said}" for each in changes if (said := refusal(held, level, each))), "")


def refusal(held: Project, level: int, change: Change) -> str:
    """Why one ref may not move, in GitLab's words."""
    if change.ref.startswith(TAGS):
        return _tag_refusal(held, level, change)
    if not change.ref.startswith(HEADS):
        return "" if level >= DEVELOPER else "You are not allowed to push code to this project."
    name = change.ref.removeprefix(HEADS)
    if not is_branch_name(name):
        return "Branch name is invalid"
    if change.after == ZERO:
        return _deletion_refusal(held, level, name)
    if not held.may_push(level, name):
        return "You are not allowed to push code to protected branches on this project."
    return ""


def _deletion_refusal(held: Project, level: int, name: str) -> str:
    if name == held.default_branch:
        return "The default branch of a project cannot be deleted."
    if not held.protections(name):
        return ""
    if level < MAINTAINER:
        return (
            "You are not allowed to delete protected branches from this project. "
            "Only a project maintainer or owner can delete a protected branch."
        )
    return "You can only delete protected branches using the web interface."


def _tag_refusal(held: Project, level: int, change: Change) -> str:
    name = change.ref.removeprefix(TAGS)
    is_new = change.before == ZERO
    if not is_new and level < MAINTAINER:
        return "You are not allowed to change existing tags on this project."
    if not held.tag_protections(name):
        return ""
    if change.after == ZERO:
        return "You can only delete protected tags using the web interface."
    if not is_new:
        return "Protected tags cannot be updated."
    return "" if held.may_tag(level, name) else "You are not allowed to create this tag as it is protected."


def straight(held: Project, changes: list[Change]) -> list[str]:
    """The refs of a push that only go forward, which is found out when its commits are there."""
    heads = [each.ref for each in changes if each.ref.startswith(HEADS)]
    return [ref for ref in heads if not held.may_force(ref.removeprefix(HEADS))]


def move(world: World, held: Project, user: User, changes: list[Change]) -> None:
    """Move refs that may be moved, and let follow what does; `Stale`."""
    held.bare.move(changes)
    follow(world, held, user, changes)


def after_push(world: World, held: Project, user: User, before: dict[str, str]) -> None:
    """Let follow what Git itself did, seen by the refs there were."""
    after = held.bare.refs()
    names = sorted({*before, *after})
    moved = [
        Change(n, before.get(n, ZERO), after.get(n, ZERO)) for n in names if before.get(n) != after.get(n)
    ]
    if moved:
        world.clock.tick()
        follow(world, held, user, moved)


def follow(world: World, held: Project, user: User, changes: list[Change]) -> None:
    """What refs that moved by one push bring about: events, hooks, and merge requests that follow."""
    for root, kind in ((HEADS, "branch"), (TAGS, "tag")):
        of_kind = [each for each in changes if each.ref.startswith(root)]
        if of_kind:
            _remember(world, held, user, of_kind, kind)
        for each in of_kind:
            world.clock.tick()
            if len(of_kind) <= held.settings.hooks_limit:
                tell_push(world, held, user, each)
    for each in changes:
        if each.ref.startswith(HEADS):
            _follow_branch(world, held, user, each)


def _remember(world: World, held: Project, user: User, changes: list[Change], kind: str) -> None:
    """An event for each ref; of many at once, one that names none of them."""
    if len(changes) > held.settings.activities_limit:
        data = {
            "commit_count": 0,
            "action": "pushed",
            "ref_type": kind,
            "commit_from": None,
            "commit_to": None,
        }
        data |= {"ref": None, "commit_title": None, "ref_count": len(changes)}
        world.remember(held, user, "pushed to", data)
        return
    for each in changes:
        action = "created" if each.before == ZERO else "removed" if each.after == ZERO else "pushed"
        listed = news(held, each)
        tip = held.bare.peel(each.after) if each.after != ZERO else ""
        data = {
            "commit_count": len(listed),
            "action": action,
            "ref_type": kind,
            "commit_from": None if each.before == ZERO else each.before,
            "commit_to": None if each.after == ZERO else each.after,
            "ref": each.ref.removeprefix(HEADS if kind == "branch" else TAGS),
            "commit_title": held.bare.commit(tip).message.partition("\n")[0] if tip else None,
            "ref_count": None,
        }
        words = {"created": "pushed new", "removed": "deleted", "pushed": "pushed to"}
        world.remember(held, user, words[action], data)


def _follow_branch(world: World, held: Project, user: User, change: Change) -> None:
    branch = change.ref.removeprefix(HEADS)
    for project in list(world.projects.values()):
        for each in list(project.merge_requests.values()):
            if not each.is_open:
                continue
            if each.target is held and each.target_branch == branch:
                _target_moved(world, each, user, change)
            if each.is_open and each.source is held and each.source_branch == branch:
                _source_moved(world, each, user, change)


def _target_moved(world: World, held: MergeRequest, user: User, change: Change) -> None:
    held.asked = 0
    if change.after == ZERO or not held.head or change.before == ZERO:
        return
    brought = held.target.bare.missing(change.before, change.after)
    if held.head in brought:
        # Somebody else's push held it, as when it was merged by hand.
        mark_merged(world, held, user, _bringer(held, brought))


def _bringer(held: MergeRequest, brought: list[str]) -> str:
    """The first merge among the commits that holds the head, or the head."""
    bare = held.target.bare
    merges = (s for s in brought if len(bare.commit(s).parent_ids) > 1 and bare.is_ancestor(held.head, s))
    return next(merges, held.head)


def mark_merged(world: World, held: MergeRequest, user: User, commit: str | None) -> None:
    """End a merge request as merged."""
    held.state, held.merged, held.merged_by = "merged", world.clock.tick(), user
    held.merge_commit, held.updated, held.auto_merge = commit, held.merged, None
    say(world, held, user, "merged")
    world.remember(held.target, user, "accepted", target=held)
    changes = differs("state_id", 1, 3)
    tell_merge_request(world, held, "merge", user, changes)


def close(world: World, held: MergeRequest, user: User) -> None:
    """End a merge request without merging it."""
    held.state, held.closed, held.closed_by = "closed", world.clock.tick(), user
    held.updated, held.auto_merge = held.closed, None
    say(world, held, user, "closed")
    world.remember(held.target, user, "closed", target=held)
    tell_merge_request(world, held, "close", user, differs("state_id", 1, 2))


def _source_moved(world: World, held: MergeRequest, user: User, change: Change) -> None:
    if change.after == ZERO:
        close(world, held, user)
        return
    before, held.head = held.head, change.after
    held.updated, held.asked = world.clock.tick(), 0
    held.merge_error = held.auto_merge = None
    if held.train and held.train["status"] in {"idle", "fresh"}:
        held.train["status"] = "skip_merged"
    record(world, held)
    listed = held.target.bare.missing(before, change.after) if before else [change.after]
    lines = "".join(f"<li>{s[:8]} - {_title(held, s)}</li>" for s in listed)
    plural = "commit" if len(listed) == 1 else "commits"
    say(
        world,
        held,
        user,
        f"added {len(listed)} {plural}\n\n<ul>{lines}</ul>\n\n[Compare with previous version]",
    )
    tell_merge_request(world, held, "update", user, oldrev=before)
    _reset_approvals(world, held, user)
    titles = [_title(held, sha) for sha in listed]
    if not held.is_draft and any(UNFINISHED.match(title) for title in titles):
        title, held.title = held.title, f"Draft: {held.title}"
        tell_merge_request(world, held, "update", user, retitled(title, held.title))


def retitled(before: str, after: str) -> dict[str, object]:
    """The changes of another title; that a draft begins or ends is told too."""
    found = differs("title", before, after)
    if Draft.has(before) != Draft.has(after):
        found |= differs("draft", Draft.has(before), Draft.has(after))
    return found


def _title(held: MergeRequest, sha: str) -> str:
    return held.target.bare.commit(sha).message.partition("\n")[0]


def record(world: World, held: MergeRequest) -> None:
    """Keep a version of what is wanted, and the head where it can be fetched when its branch is gone."""
    bare, tip = held.target.bare, held.target.tip(held.target_branch)
    if not held.head or not tip:
        return
    fork = bare.fork_point(tip, held.head) or tip
    held.versions.append(Version(world.next(), held.head, fork, tip, world.clock.now))
    bare.git.references.create(f"refs/merge-requests/{held.iid}/head", held.head, force=True)


def _reset_approvals(world: World, held: MergeRequest, user: User) -> None:
    """What Premium does at a push by default, and Free never; the same patch keeps its approvals."""
    settings = held.target.settings
    if not settings.is_paid or not settings.resets_on_push or not held.approvals:
        return
    versions = held.versions[-2:]
    if len({mergeability.patch_id(held, each) for each in versions}) < len(versions):
        return
    held.approvals.clear()
    if settings.tells_resets:
        why = "approvals_reset_on_push"
        tell_merge_request(world, held, "unapproved", user, system=True, system_action=why)
