"""Approvals: given, taken back, and reset by bots."""

from tests.forges.gitlab import mergeability
from tests.forges.gitlab.merge_request import Approval, MergeRequest
from tests.forges.gitlab.people import User
from tests.forges.gitlab.refusal import absent, another_head, unauthorized
from tests.forges.gitlab.system_notes import say
from tests.forges.gitlab.telling import tell_merge_request
from tests.forges.gitlab.world import World


def approve(world: World, held: MergeRequest, user: User, sha: str | None = None) -> None:
    """Approve what is there, or only `sha`; `Refused`."""
    level = held.target.level(user, world.today)
    known = any(each.user is user for each in held.approvals)
    if known or not mergeability.may_approve(held, user, level):
        raise unauthorized()
    if sha and sha != held.head:
        raise another_head(held.head)
    held.approvals.append(Approval(user, world.clock.tick()))
    held.updated = world.clock.now
    say(world, held, user, "approved this merge request")
    world.remember(held.target, user, "approved", target=held)
    tell_merge_request(world, held, "approved" if mergeability.is_enough(held) else "approval", user)


def unapprove(world: World, held: MergeRequest, user: User) -> None:
    """Take an approval back; `Refused` when there was none. The event says so even when enough are left."""
    if all(each.user is not user for each in held.approvals):
        raise absent()
    was_enough = mergeability.is_enough(held)
    held.approvals = [each for each in held.approvals if each.user is not user]
    held.updated = world.clock.tick()
    say(world, held, user, "unapproved this merge request")
    tell_merge_request(world, held, "unapproved" if was_enough else "unapproval", user)


def reset(world: World, held: MergeRequest, user: User) -> None:
    """Take all approvals away, which only bots of projects and groups may; `Refused`."""
    if not user.is_bot:
        raise unauthorized()
    held.approvals.clear()
    held.updated = world.clock.tick()
