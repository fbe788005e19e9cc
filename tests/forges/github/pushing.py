"""Refs that move: by `git push`, by the API or by a merge, and all that follows from it."""

from datetime import UTC, datetime
from typing import Any

import pygit2

from tests.forges.git_half import HEADS, TAGS, ZERO, Change, Stale, is_branch_name
from tests.forges.github.apps import Caller
from tests.forges.github.people import User, least
from tests.forges.github.pull_request import PullRequest
from tests.forges.github.refusal import Refused
from tests.forges.github.repository import Activity, Repository
from tests.forges.github.rules import violation
from tests.forges.github.shapes import repository as shape
from tests.forges.github.telling import tell_pull, tell_review
from tests.forges.github.world import World

Json = dict[str, Any]
MOST_TAGS = 3  # of one push that still make events
UNDER_PROTECTION = "GH006: Protected branch update failed"
MOST_COMMITS = 2048  # in the event of a push


def refused(held: Repository, caller: Caller, change: Change) -> str:
    """Why the caller may not move a ref so, or nothing."""
    rulesets = held.rulesets_for(change.ref, caller)
    is_forced = _is_forced(held, change)
    if said := violation(rulesets, change, is_forced=is_forced):
        return said
    branch = change.ref.removeprefix(HEADS)
    protection = held.protections.get(branch) if change.ref.startswith(HEADS) else None
    if not protection or (held.role(caller.user) == "admin" and not protection.holds_admins):
        return ""
    if change.after == ZERO and not protection.allows_deletion:
        return "Cannot delete a protected branch"
    if is_forced and not protection.allows_force:
        return "Cannot force-push to this branch"
    if protection.pushers is not None and caller.user and caller.user.login not in protection.pushers:
        return "You're not authorized to push to this branch."
    if protection.reviews:
        return "Changes must be made through a pull request."
    return "Required status checks are expected." if protection.checks else ""


def push_refusal(held: Repository, caller: Caller, changes: list[Change]) -> str:
    """What `git push` is told on its remote side, or nothing."""
    for change in changes:
        if change.ref.startswith("refs/pull/"):
            return "deny updating a hidden ref"
        if said := refused(held, caller, change):
            by_rules = bool(held.rulesets_for(change.ref, caller))
            kind = "GH013: Repository rule violations found" if by_rules else UNDER_PROTECTION
            return f"error: {kind} for {change.ref}.\n\n- {said}\n"
    return ""


def straight(held: Repository, caller: Caller, changes: list[Change]) -> list[str]:
    """Those refs of a push that may only go forward."""
    return [change.ref for change in changes if _is_straight(held, caller, change.ref)]


def _is_straight(held: Repository, caller: Caller, ref: str) -> bool:
    if any("non_fast_forward" in each.rules for each in held.rulesets_for(ref, caller)):
        return True
    protection = held.protections.get(ref.removeprefix(HEADS))
    is_admin = held.role(caller.user) == "admin"
    if not protection or protection.allows_force:
        return False
    return protection.holds_admins or not is_admin


def after_push(world: World, held: Repository, caller: Caller, before: dict[str, str]) -> list[Change]:
    """Find out what a push moved, by what the refs were before, and let follow what follows."""
    now = held.bare.refs()
    changes = [
        Change(name, before.get(name, ZERO), now.get(name, ZERO))
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name) and not name.startswith("refs/pull/")
    ]
    follow(world, held, caller.user, changes)
    return changes


def move(world: World, held: Repository, caller: Caller, changes: list[Change], kind: str = "") -> None:
    """Move refs for the API, all or none; `Refused`, `Stale`."""
    check_writable(held)
    for change in changes:
        if said := refused(held, caller, change):
            raise Refused(422, f"Repository rule violations found\n\n{said}\n\n")
    held.bare.move(changes)
    follow(world, held, caller.user, changes, kind)


def check_writable(held: Repository) -> None:
    if held.archived:
        raise Refused(403, "Repository was archived so is read-only.")


def follow(world: World, held: Repository, actor: User | None, changes: list[Change], kind: str = "") -> None:
    """What refs that moved bring about: activities, events, and pull requests that follow."""
    assert actor is not None
    tags = sum(change.ref.startswith(TAGS) for change in changes)
    for change in changes:
        held.pushed = world.clock.tick()
        is_branch = change.ref.startswith(HEADS)
        if is_branch:
            _remember(world, held, actor, change, kind)
        if is_branch or tags <= MOST_TAGS:
            _tell(world, held, actor, change)
        if is_branch:
            for each in list(world.repositories.values()):
                for pull in list(each.pulls.values()):
                    _follow(world, pull, held, actor, change)


def _remember(world: World, held: Repository, actor: User, change: Change, kind: str) -> None:
    found = kind or "push"
    if change.before == ZERO:
        found = "branch_creation"
    elif change.after == ZERO:
        found = "branch_deletion"
    elif _is_forced(held, change):
        found = "force_push"
    made = Activity(world.next(), change.before, change.after, change.ref, world.clock.now, found, actor)
    held.activities.append(made)


def _is_forced(held: Repository, change: Change) -> bool:
    if ZERO in {change.before, change.after} or change.ref.startswith(TAGS):
        return False
    if change.after not in held.bare.git:
        return False  # a push that is yet to come; Git's hook looks at it
    return not held.bare.is_ancestor(change.before, change.after)


def _follow(world: World, pull: PullRequest, held: Repository, actor: User, change: Change) -> None:
    """Let one pull request follow a branch that moved."""
    if not pull.is_open:
        return
    if pull.head is held and change.ref == HEADS + pull.head_ref:
        if change.after == ZERO:
            close(world, pull, actor)
        else:
            synchronize(world, pull, actor, change.after)
    elif pull.base is held and change.ref == HEADS + pull.base_ref:
        if change.after == ZERO:
            close(world, pull, actor)
            return
        pull.moved()
        if held.bare.is_ancestor(pull.head_sha, change.after):
            close(world, pull, actor, change.after)


def synchronize(world: World, pull: PullRequest, actor: User, head: str) -> None:
    """The head of a pull request moved."""
    before, pull.head_sha = pull.head_sha, head
    pull.base_sha = pull.base.bare.ref(HEADS + pull.base_ref)
    pull.updated, pull.last_pusher = world.clock.now, actor
    pull.queued = None
    pull.moved()
    show(pull)
    tell_pull(world, pull, "synchronize", actor, before=before, after=head)
    if pull.base.bare.is_ancestor(head, pull.base_sha):
        close(world, pull, actor)  # nothing is left of it; this is not a merge
        return
    if pull.base.demands(pull.base_ref).dismisses_stale:
        for review in pull.reviews:
            if review.state == "APPROVED":
                review.state = "DISMISSED"
                tell_review(world, pull, review, "dismissed", actor)


def show(pull: PullRequest) -> None:
    """Keep a pull request's head in its base, where it can be fetched after its branch is gone."""
    references = pull.base.bare.git.references
    references.create(f"refs/pull/{pull.number}/head", pull.head_sha, force=True)


def close(world: World, pull: PullRequest, actor: User, merge: str = "") -> None:
    """End a pull request: merged by `merge`, or closed without."""
    pull.state, pull.closed, pull.queued = "closed", world.clock.tick(), None
    pull.updated = pull.closed
    if merge:
        pull.merged, pull.merged_by, pull.merge_commit = pull.closed, actor, merge
    tell_pull(world, pull, "closed", actor)


def _tell(world: World, held: Repository, actor: User, change: Change) -> None:
    created, deleted = change.before == ZERO, change.after == ZERO
    is_branch = change.ref.startswith(HEADS)
    short = change.ref.removeprefix(HEADS if is_branch else TAGS)
    if not change.ref.startswith((HEADS, TAGS)):
        return
    page = f"{world.place.web}/{held.full_name}"
    listed = [] if deleted else _news(held, change)
    compare = f"{page}/compare/{change.before[:12]}...{change.after[:12]}"
    tip = held.bare.peel(change.after) if not deleted else ""
    world.tell(
        held,
        "push",
        actor,
        {
            "ref": change.ref,
            "before": change.before,
            "after": change.after,
            "pusher": {"name": actor.login, "email": actor.person.email},
            "created": created,
            "deleted": deleted,
            "forced": _is_forced(held, change),
            "base_ref": None,
            "compare": compare,
            "commits": [_commit(world, page, held, sha) for sha in listed[:MOST_COMMITS]],
            "head_commit": _commit(world, page, held, tip) if tip else None,
        },
    )
    brief = {"ref": short, "ref_type": "branch" if is_branch else "tag", "pusher_type": "user"}
    if created:
        more = {"master_branch": held.default_branch, "description": held.description}
        world.tell(held, "create", actor, {**brief, **more})
    elif deleted:
        world.tell(held, "delete", actor, brief)


def _news(held: Repository, change: Change) -> list[str]:
    if change.ref.startswith(TAGS):
        return []
    if change.before == ZERO:
        base = held.bare.ref(HEADS + held.default_branch)
        return held.bare.missing(base, change.after) if base else [change.after]
    return held.bare.missing(change.before, change.after)


def _commit(world: World, page: str, held: Repository, sha: str) -> Json:
    found = held.bare.commit(sha)
    parents = [str(each) for each in found.parent_ids]
    files = held.bare.touched(parents[0] if parents else "", sha)
    moment = datetime.fromtimestamp(found.committer.time, UTC)
    return {
        "id": sha,
        "tree_id": str(found.tree_id),
        "distinct": True,
        "message": found.message.rstrip("\n"),
        "timestamp": moment.isoformat(),
        "url": f"{page}/commit/{sha}",
        "author": _named(world, found.author),
        "committer": _named(world, found.committer),
        "added": [each.path for each in files if each.status == "added"],
        "removed": [each.path for each in files if each.status == "removed"],
        "modified": [each.path for each in files if each.status == "modified"],
    }


def _named(world: World, held: pygit2.Signature) -> Json:
    """Who a commit names, with the login of the account whose address it is."""
    found = next((each for each in world.users.values() if each.person.email == held.email), None)
    named = {"name": held.name, "email": held.email}
    return {**named, "username": found.login} if found else named


# Refs by the API


def create_ref(world: World, held: Repository, caller: Caller, name: str, sha: str) -> Json:
    """A new ref; `Refused` when it is there, or names nothing."""
    check_writable(held)
    is_good = name.count("/") > 1 and pygit2.reference_is_valid_name(name)
    if not is_good or (name.startswith(HEADS) and not is_branch_name(name.removeprefix(HEADS))):
        raise Refused(422, f"{name} is not a valid ref name.")
    if held.bare.ref(name):
        raise Refused(422, "Reference already exists")
    if len(sha) != len(ZERO) or sha not in held.bare.git:
        raise Refused(422, "Object does not exist")
    _move(world, held, caller, Change(name, ZERO, sha), "Reference already exists")
    return shape.ref(world.place, held, name, sha)


def update_ref(world: World, held: Repository, caller: Caller, name: str, sha: str, *, force: bool) -> Json:
    """Another target of a ref; `Refused` when it is not forward and not forced."""
    check_writable(held)
    before = held.bare.ref(name)
    if not before:
        raise Refused(422, "Reference does not exist")
    if len(sha) != len(ZERO) or sha not in held.bare.git:
        raise Refused(422, "Object does not exist")
    if not force and not held.bare.is_ancestor(before, sha):
        raise Refused(422, "Update is not a fast forward")
    if before != sha:
        _move(world, held, caller, Change(name, before, sha), "Reference cannot be updated")
    return shape.ref(world.place, held, name, sha)


def delete_ref(world: World, held: Repository, caller: Caller, name: str) -> None:
    check_writable(held)
    before = held.bare.ref(name)
    if not before:
        raise Refused(422, "Reference does not exist")
    _move(world, held, caller, Change(name, before, ZERO), "Reference cannot be deleted")


def _move(world: World, held: Repository, caller: Caller, change: Change, otherwise: str) -> None:
    try:
        move(world, held, caller, [change])
    except Stale as error:
        # `drafts/a` and `drafts/a/b` cannot both be.
        raise Refused(422, otherwise) from error


def may_push(held: Repository, caller: Caller) -> bool:
    """Whether a caller may write to the repository at all."""
    if caller.is_app:
        return caller.may("contents:write") and held.id in (caller.repositories or ())
    return least(held.role(caller.user), "write")
