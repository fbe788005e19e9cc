"""Pull requests: opened, edited, closed, reopened, made ready and put back to draft."""

from typing import Any

from tests.forges.git_half import HEADS
from tests.forges.github.apps import Caller
from tests.forges.github.people import User, least
from tests.forges.github.pull_request import PullRequest
from tests.forges.github.pushing import check_writable, close, show
from tests.forges.github.refusal import Refused, custom, invalid
from tests.forges.github.repository import Repository
from tests.forges.github.telling import tell_pull
from tests.forges.github.world import World

Json = dict[str, Any]
NOT_PERMITTED = "GitHub Actions is not permitted to create or approve pull requests."


def open_pull(world: World, held: Repository, caller: Caller, asked: Json) -> PullRequest:
    """A new pull request; `Refused` for what GitHub refuses."""
    check_writable(held)
    user = acting(caller)
    if caller.app and caller.app.is_actions and not held.settings.actions_may_open_pulls:
        raise Refused(403, NOT_PERMITTED)
    head, branch = _head(world, held, caller, str(asked["head"]))
    base_sha = held.bare.ref(HEADS + str(asked["base"]))
    if not base_sha:
        raise invalid("PullRequest", "base")
    head_sha = head.bare.ref(HEADS + branch) if head else ""
    if not head or not head_sha:
        raise invalid("PullRequest", "head")
    if asked.get("draft") and held.private and not held.owner.is_paid:
        raise Refused(422, "Draft pull requests are not supported in this repository.")
    label = f"{head.owner.login}:{branch}"
    for each in held.pulls.values():
        if each.is_open and (each.head, each.head_ref, each.base_ref) == (head, branch, asked["base"]):
            raise custom("PullRequest", f"A pull request already exists for {label}.")
    if held.bare.is_ancestor(head_sha, base_sha):
        raise custom("PullRequest", f"No commits between {asked['base']} and {branch}")
    now = world.clock.tick()
    made = PullRequest(
        world.next(),
        held.number(),
        held,
        str(asked["base"]),
        base_sha,
        head,
        branch,
        head_sha,
        head.owner,
        user,
        str(asked["title"]),
        asked.get("body"),
        now,
        now,
        draft=bool(asked.get("draft")),
        maintainer_can_modify=head is not held and bool(asked.get("maintainer_can_modify", True)),
        last_pusher=user,
        app=caller.app,
    )
    held.pulls[made.number] = made
    show(made)
    tell_pull(world, made, "opened", user)
    return made


def acting(caller: Caller) -> User:
    """Who acts; `Refused` when nobody does."""
    if caller.user is None:
        raise Refused(401, "Requires authentication")
    return caller.user


def _head(world: World, held: Repository, caller: Caller, asked: str) -> tuple[Repository | None, str]:
    """The repository and branch that `branch` or `owner:branch` names."""
    owner, cut, branch = asked.partition(":")
    if not cut or owner == held.owner.login:
        return held, branch or asked
    found = (r for r in world.repositories.values() if r.owner.login == owner and r.parent is held)
    fork = next(found, None)
    return (fork if fork and world.sees(caller, fork) else None), branch


def edit(world: World, pull: PullRequest, caller: Caller, asked: Json) -> None:
    """Another title, body, base or state; anything else, a draft's flag too, is not looked at."""
    user = acting(caller)
    check_writable(pull.base)
    if user is not pull.user and not _may_write(pull.base, caller):
        raise Refused(403, "Resource not accessible by integration" if caller.is_app else "Forbidden")
    changes: Json = {}
    for name in ("title", "body"):
        if name in asked and asked[name] is not None and asked[name] != getattr(pull, name):
            changes[name] = {"from": getattr(pull, name) or ""}
            setattr(pull, name, asked[name])
    if (base := asked.get("base")) and base != pull.base_ref:
        sha = pull.base.bare.ref(HEADS + base)
        if not sha:
            raise invalid("PullRequest", "base")
        changes["base"] = {"ref": {"from": pull.base_ref}, "sha": {"from": pull.base_sha}}
        pull.base_ref, pull.base_sha = base, sha
        pull.moved()
    if changes:
        pull.updated = world.clock.tick()
        tell_pull(world, pull, "edited", user, changes=changes)
    if asked.get("state") == "closed" and pull.is_open:
        close(world, pull, user)
    elif asked.get("state") == "open" and not pull.is_open:
        reopen(world, pull, user)


def _may_write(held: Repository, caller: Caller) -> bool:
    # That an App may write is what its token says, and was asked at the door.
    return caller.is_app or least(held.role(caller.user), "triage")


def reopen(world: World, pull: PullRequest, user: User) -> None:
    """A closed pull request is open again; `Refused` when it was merged or its branch is gone."""
    head = pull.head.bare.ref(HEADS + pull.head_ref) if pull.head else ""
    if pull.merged:
        raise custom("PullRequest", "state cannot be changed. The pull request has already been merged.")
    if not head:
        raise custom("PullRequest", f"state cannot be changed. The {pull.head_ref} branch was deleted.")
    if not pull.base.bare.is_ancestor(pull.head_sha, head):
        said = f"The {pull.head_ref} branch was force-pushed or recreated."
        raise custom("PullRequest", f"state cannot be changed. {said}")
    for other in pull.base.pulls.values():
        if other.is_open and (other.head, other.head_ref) == (pull.head, pull.head_ref):
            said = f"There is already an open pull request from {pull.head_ref} to {pull.base_ref}."
            raise custom("PullRequest", f"state cannot be changed. {said}")
    pull.state, pull.closed, pull.head_sha = "open", None, head
    pull.updated = world.clock.tick()
    pull.moved()
    show(pull)
    tell_pull(world, pull, "reopened", user)


def ready(world: World, pull: PullRequest, caller: Caller) -> None:
    """No draft any more; again is no fault."""
    _turn(world, pull, caller, draft=False)


def to_draft(world: World, pull: PullRequest, caller: Caller) -> None:
    """A draft again; again is no fault."""
    if pull.base.private and not pull.base.owner.is_paid:
        raise Refused(422, "Draft pull requests are not supported in this repository.")
    _turn(world, pull, caller, draft=True)


def _turn(world: World, pull: PullRequest, caller: Caller, *, draft: bool) -> None:
    user = acting(caller)
    if user is not pull.user and not caller.is_app and not least(pull.base.role(user), "write"):
        raise Refused(403, f"{user.login} does not have the correct permissions to execute this mutation")
    if pull.draft == draft or not pull.is_open:
        return
    pull.draft, pull.updated = draft, world.clock.tick()
    tell_pull(world, pull, "converted_to_draft" if draft else "ready_for_review", user)
