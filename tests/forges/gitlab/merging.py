"""The merge button: merge commits, semi-linear and fast-forward, squashed or not; rebases and trains."""

from datetime import datetime
from typing import Any

from tests.forges.git_half import HEADS, ZERO, Change, Conflict, Person
from tests.forges.gitlab import mergeability
from tests.forges.gitlab.merge_request import MergeRequest
from tests.forges.gitlab.people import User
from tests.forges.gitlab.pushing import follow, mark_merged, move
from tests.forges.gitlab.refusal import Refused, another_head, bad, forbidden, not_allowed, unauthorized
from tests.forges.gitlab.status import UNFINISHED, combined
from tests.forges.gitlab.system_notes import say
from tests.forges.gitlab.world import World

Json = dict[str, Any]
CANNOT = "Branch cannot be merged"


def merge(world: World, held: MergeRequest, user: User, asked: Json) -> None:
    """Press the button; `Refused` with GitLab's words, and nothing done."""
    _check_may(world, held, user)
    held.asked += 1
    settings = held.target.settings
    if held.is_open and held.prepared is None:
        if held.asked <= settings.prepared_after:
            raise not_allowed()  # nothing is prepared yet
        held.prepared = world.clock.now
    status = mergeability.compute(held)
    is_auto = _is_true(asked.get("auto_merge")) or _is_true(asked.get("merge_when_pipeline_succeeds"))
    is_running = status == "mergeable" and combined(held.target.statuses_of(held.head)) in UNFINISHED
    waits = is_auto and (is_running or status in {"ci_still_running", "ci_must_pass"})
    if status in {"conflict", "need_rebase", "broken_status"}:
        raise Refused(settings.conflict_status, CANNOT)
    if status != "mergeable" and not waits:
        raise not_allowed()
    sha = asked.get("sha")
    if sha and sha != held.head:
        raise another_head(held.head)
    if "squash" in asked:
        held.squash = _is_true(asked["squash"])
    if "should_remove_source_branch" in asked:
        held.removes_source = _is_true(asked["should_remove_source_branch"])
    if waits:
        held.auto_merge = user
        return
    perform(world, held, user, asked.get("merge_commit_message"), asked.get("squash_commit_message"))


def _is_true(said: Any) -> bool:
    return str(said).lower() in {"true", "1", "on"}


def _check_may(world: World, held: MergeRequest, user: User) -> None:
    """`Refused` with a 401, though it is known who asks."""
    level = held.target.level(user, world.today)
    if held.target.archived or not held.target.may_merge(level, held.target_branch):
        raise unauthorized()


def perform(
    world: World, held: MergeRequest, user: User, message: str | None = None, squashed: str | None = None
) -> None:
    """Merge what can be merged; `Refused` when it fails all the same."""
    if message is not None and not message.strip():
        raise Refused(422, CANNOT)
    bare, now, tip = held.target.bare, world.clock.tick(), mergeability.target_tip(held)
    head = held.head
    if mergeability.squashes(held):
        head = held.squash_commit = _squash(held, user, squashed, now)
    made: str | None = None
    if held.target.settings.merge_method == "ff":
        if not bare.is_ancestor(tip, head):
            held.squash_commit = None
            raise Refused(422, CANNOT)
    else:
        text = message or _message(held)
        made = bare.make(bare.merge(tip, head), [tip, head], text, user.person, now)
    change = Change(HEADS + held.target_branch, tip, made or head)
    bare.move([change])
    # Merged first: what follows from the target would else find the head in it, and merge it as well.
    mark_merged(world, held, user, made)
    follow(world, held.target, user, [change])
    if held.removes_source and held.source:
        _remove_source(world, held, user)


def _message(held: MergeRequest) -> str:
    see = f"See merge request {held.target.full_path}!{held.iid}"
    return f"Merge branch '{held.source_branch}' into '{held.target_branch}'\n\n{held.title}\n\n{see}"


def _squash(held: MergeRequest, user: User, message: str | None, now: datetime) -> str:
    """One commit for all, upon where the sides parted."""
    bare = held.target.bare
    fork = bare.fork_point(mergeability.target_tip(held), held.head)
    commit = bare.commit(held.head)
    author = Person(held.author.person.name, held.author.person.email)
    text = message or held.title
    return bare.make(str(commit.tree_id), [fork], text, author, now, user.person)


def _remove_source(world: World, held: MergeRequest, user: User) -> None:
    source, branch = held.source, held.source_branch
    if not source or branch == source.default_branch or source.protections(branch):
        return
    if source.tip(branch) == held.head:
        move(world, source, user, [Change(HEADS + branch, held.head, ZERO)])


def rebase(world: World, held: MergeRequest, user: User) -> None:
    """Put the source upon the target anew; a conflict is not refused, but stands in `merge_error`."""
    source = held.source
    if not source or not source.may_push(source.level(user, world.today), held.source_branch):
        raise forbidden()
    tip = mergeability.target_tip(held)
    try:
        made = source.bare.rebase(tip, held.head, user.person, world.clock.tick())
    except Conflict:
        held.merge_error = "Rebase failed: Rebase locally, resolve all conflicts, then push the branch."
        return
    if made != held.head:
        move(world, source, user, [Change(HEADS + held.source_branch, held.head, made)])


def pipeline_moved(world: World, held: MergeRequest) -> None:
    """Merge what waits for its pipeline alone, when that succeeds."""
    has_succeeded = combined(held.target.statuses_of(held.head)) == "success"
    if held.auto_merge and held.is_open and has_succeeded and mergeability.compute(held) == "mergeable":
        perform(world, held, held.auto_merge)


# Trains


def board(world: World, held: MergeRequest, user: User, asked: Json) -> None:
    """Put a merge request on the train of its target; `Refused`."""
    settings = held.target.settings
    if not (settings.is_paid and settings.has_trains):
        raise forbidden()
    _check_may(world, held, user)
    if asked.get("sha") and asked["sha"] != held.head:
        raise another_head(held.head)
    if held.prepared is None:
        held.prepared = world.clock.now
    if mergeability.compute(held) != "mergeable":
        raise bad("Failed to create merge train car")
    now = world.clock.tick()
    say(world, held, user, "started a merge train")
    held.train = {"id": world.next(), "user": user, "made": now, "updated": now, "status": "fresh"}


def run_train(world: World, held: MergeRequest, *, passes: bool) -> None:
    """What a train does by itself, some time later: it merges, or throws off."""
    assert held.train is not None
    held.train["updated"] = world.clock.tick()
    if passes and mergeability.compute(held) == "mergeable":
        perform(world, held, held.train["user"])
        held.train["status"] = "merged"
        return
    thrown, held.train = held.train["user"], None
    why = "the pipeline did not succeed" if not passes else "it cannot be merged"
    say(world, held, thrown, f"removed this merge request from the merge train because {why}")
    held.updated = world.clock.now
