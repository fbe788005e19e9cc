"""The merge button: by merge, squash or rebase, the queue, and a head that is brought up to date."""

from typing import Any

from tests.forges.git_half import HEADS, ZERO, Change, Conflict, Person
from tests.forges.github.apps import Caller
from tests.forges.github.mergeability import base_tip, is_behind, is_conflicting, unmet
from tests.forges.github.opening import acting
from tests.forges.github.pull_request import PullRequest
from tests.forges.github.pushing import check_writable, close, follow, may_push
from tests.forges.github.refusal import Refused
from tests.forges.github.telling import tell_pull
from tests.forges.github.world import World

Json = dict[str, Any]
GITHUB = Person("GitHub", "noreply@github.com")
HEAD_MOVED = "Head branch was modified. Review and try the merge again."
METHODS = {
    "merge": "Merge commits are not allowed on this repository.",
    "squash": "Squash merges are not allowed on this repository.",
    "rebase": "Rebase merges are not allowed on this repository.",
}


def merge(world: World, pull: PullRequest, caller: Caller, asked: Json) -> Json:
    """Press the button; `Refused` with GitHub's sentences, and nothing done."""
    user = acting(caller)
    method = asked.get("merge_method") or "merge"
    check_writable(pull.base)
    _check(pull, caller, method, asked.get("sha"))
    try:
        made = _made(world, pull, caller, method, asked)
    except Conflict as error:
        raise Refused(405, "Pull Request is not mergeable") from error
    ref = HEADS + pull.base_ref
    change = Change(ref, base_tip(pull), made)
    pull.base.bare.move([change])
    # Closed first: what follows from the base would else find the head in it, and close it as well.
    close(world, pull, user, made)
    follow(world, pull.base, user, [change], "pr_merge")
    if pull.base.settings.delete_branch_on_merge and pull.head is pull.base:
        _delete(world, pull, caller)
    return {"sha": made, "merged": True, "message": "Pull Request successfully merged"}


def _check(pull: PullRequest, caller: Caller, method: str, sha: str | None) -> None:
    if not may_push(pull.base, caller):
        said = "Resource not accessible by integration" if caller.is_app else "Must have write access"
        raise Refused(403, said)
    if not pull.is_open:
        raise Refused(405, "Pull Request is not mergeable")
    if sha and sha != pull.head_sha:
        raise Refused(409, HEAD_MOVED)
    if pull.draft:
        raise Refused(405, "Pull Request is still a draft")
    wants = pull.base.demands(pull.base_ref)
    passes = pull.base.passes_all(pull.base_ref, caller)
    if not pull.base.settings.allows(method) or method not in wants.methods:
        raise Refused(405, METHODS[method])
    if wants.needs_queue and not passes:
        raise Refused(405, METHODS["merge"])
    if is_conflicting(pull):
        raise Refused(405, "Pull Request is not mergeable")
    lacking = [] if passes else list(unmet(pull))
    if wants.is_strict and not passes and is_behind(pull):
        lacking.append("The head branch is not up to date with the base branch.")
    if lacking and wants.by_ruleset:
        raise Refused(405, "Repository rule violations found\n\n" + "".join(f"{s}\n\n" for s in lacking))
    if lacking:
        raise Refused(405, " ".join(lacking))
    protection = pull.base.protections.get(pull.base_ref)
    pushers = protection.pushers if protection and not passes else None
    if pushers is not None and caller.user and caller.user.login not in pushers:
        raise Refused(405, "You're not authorized to push to this branch. Visit the docs for more.")


def _made(world: World, pull: PullRequest, caller: Caller, method: str, asked: Json) -> str:
    """The commit that the base will point to; `Conflict`."""
    bare, now, by = pull.base.bare, world.clock.tick(), acting(caller).person
    tip = base_tip(pull)
    if method == "rebase":
        return bare.rebase(tip, pull.head_sha, GITHUB, now)
    tree = bare.merge(tip, pull.head_sha)
    if method == "merge":
        title = asked.get("commit_title") or f"Merge pull request #{pull.number} from {_from(pull)}"
        message = f"{title}\n\n{asked.get('commit_message') or pull.title}"
        return bare.make(tree, [tip, pull.head_sha], message, by, now, GITHUB)
    commits = bare.missing(tip, pull.head_sha)
    messages = [bare.commit(sha).message.rstrip("\n") for sha in commits]
    only = messages[0].partition("\n")[0] if len(messages) == 1 else pull.title
    title = asked.get("commit_title") or f"{only} (#{pull.number})"
    body = asked.get("commit_message")
    if body is None:
        body = "" if len(messages) == 1 else "\n\n".join(f"* {each}" for each in messages)
    author = bare.commit(commits[0]).author if commits else None
    named = Person(author.name, author.email) if author else by
    return bare.make(tree, [tip], f"{title}\n\n{body}".rstrip("\n"), named, now, GITHUB)


def _from(pull: PullRequest) -> str:
    return f"{pull.head_owner.login}/{pull.head_ref}"


def _delete(world: World, pull: PullRequest, caller: Caller) -> None:
    change = Change(HEADS + pull.head_ref, pull.head_sha, ZERO)
    pull.base.bare.move([change])
    follow(world, pull.base, caller.user, [change])


def update_branch(world: World, pull: PullRequest, caller: Caller, expected: str | None) -> Json:
    """Bring the base into the head; `Refused`."""
    check_writable(pull.base)
    if expected and expected != pull.head_sha:
        raise Refused(422, "expected head sha didn\u2019t match current head ref.")
    if not is_behind(pull):
        raise Refused(422, "There are no new commits on the base branch.")
    try:
        tree = pull.base.bare.merge(pull.head_sha, base_tip(pull))
    except Conflict as error:
        raise Refused(422, "merge conflict between base and head") from error
    assert pull.head is not None
    message = f"Merge branch '{pull.base_ref}' into {pull.head_ref}"
    parents = [pull.head_sha, base_tip(pull)]
    made = pull.head.bare.make(tree, parents, message, acting(caller).person, world.clock.tick(), GITHUB)
    change = Change(HEADS + pull.head_ref, pull.head_sha, made)
    pull.head.bare.move([change])
    follow(world, pull.head, caller.user, [change])
    url = f"{world.place.api}/repos/{pull.base.full_name}/pulls/{pull.number}"
    return {"message": "Updating pull request branch.", "url": url}


def enqueue(world: World, pull: PullRequest, caller: Caller, expected: str | None) -> None:
    """Put a pull request into the merge queue; `Refused`."""
    if not pull.base.demands(pull.base_ref).needs_queue:
        raise Refused(422, "Merge queue is not enabled for this branch")
    if expected and expected != pull.head_sha:
        raise Refused(422, "Head branch was modified. Review and try the merge again.")
    lacking = next(unmet(pull), "")
    if lacking or pull.draft or not pull.is_open or is_conflicting(pull):
        raise Refused(422, f"Pull request is not mergeable. {lacking}".strip())
    pull.queued, pull.queued_head = world.clock.tick(), pull.head_sha
    tell_pull(world, pull, "enqueued", acting(caller))


def run_queue(world: World, pull: PullRequest, *, passes: bool) -> None:
    """What the queue does by itself, some time later: it merges, or throws out."""
    assert pull.queued is not None
    bot = world.user("github-merge-queue[bot]")
    bot.kind = "Bot"
    pull.queued, pull.updated = None, world.clock.tick()
    if not passes:
        tell_pull(world, pull, "dequeued", bot, reason="CI_FAILURE")
        return
    made = _made(world, pull, Caller(bot), "merge", {})
    tell_pull(world, pull, "dequeued", bot, reason="MERGE")
    change = Change(HEADS + pull.base_ref, base_tip(pull), made)
    pull.base.bare.move([change])
    close(world, pull, bot, made)
    follow(world, pull.base, bot, [change], "merge_queue_merge")
