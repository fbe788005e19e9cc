"""Comments and reactions: made, edited, deleted, and labels put on."""

from typing import Any

from tests.forges.github.apps import Caller
from tests.forges.github.comment import CONTENTS, LONGEST, Comment, Reaction
from tests.forges.github.issue import Issue
from tests.forges.github.opening import acting
from tests.forges.github.people import least
from tests.forges.github.pull_request import PullRequest
from tests.forges.github.pushing import check_writable
from tests.forges.github.refusal import Refused, absent, custom, invalid, not_for_apps
from tests.forges.github.repository import Repository
from tests.forges.github.shapes import pull as shape
from tests.forges.github.telling import tell_comment, tell_issue, tell_pull
from tests.forges.github.world import World

Json = dict[str, Any]


def say(world: World, held: Repository, number: int, caller: Caller, body: str) -> Comment:
    """A new comment; on a public repository anybody may."""
    check_writable(held)
    _check_permission(held, number, caller)
    _check_body(body)
    now = held.issue(number).updated = world.clock.tick()
    made = Comment(world.next(), number, acting(caller), body, now, now, caller.app)
    held.comments[made.id] = made
    tell_comment(world, held, made, "created", made.user)
    return made


def raise_issue(world: World, held: Repository, caller: Caller, title: str, body: str) -> Issue:
    """A new issue; on a public repository anybody may."""
    check_writable(held)
    now = world.clock.tick()
    made = Issue(world.next(), held.number(), acting(caller), title, body, now, now, caller.app)
    held.issues[made.number] = made
    tell_issue(world, held, made, "opened", made.user)
    return made


def rewrite_issue(world: World, held: Repository, issue: Issue, caller: Caller, body: str) -> None:
    """Another text, by whoever wrote it or may write."""
    if acting(caller) is not issue.user and not least(held.role(caller.user), "write"):
        raise Refused(403, "Must have admin rights to Repository.")
    before, issue.body = issue.body, body
    issue.updated = world.clock.tick()
    tell_issue(world, held, issue, "edited", acting(caller), changes={"body": {"from": before}})


def _check_permission(held: Repository, number: int, caller: Caller) -> None:
    """An App that may write to pull requests does not write to issues by that."""
    held.issue(number)
    if number in held.issues and caller.is_app and not caller.may("issues:write"):
        raise not_for_apps()


def _check_body(body: str) -> None:
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    if len(body) > LONGEST:
        raise custom("IssueComment", f"body is too long (maximum is {LONGEST} characters)")


def edit(world: World, held: Repository, comment: Comment, caller: Caller, body: str) -> Comment:
    """Other words; whoever may write can change anybody's, and the event says who did."""
    _check_permission(held, comment.number, caller)
    _may_change(held, comment, caller)
    _check_body(body)
    before, comment.body = comment.body, body
    comment.updated = world.clock.tick()
    if before != body:
        changes = {"body": {"from": before}}
        tell_comment(world, held, comment, "edited", acting(caller), changes=changes)
    return comment


def unsay(world: World, held: Repository, comment: Comment, caller: Caller) -> None:
    _may_change(held, comment, caller)
    del held.comments[comment.id]
    tell_comment(world, held, comment, "deleted", acting(caller))


def _may_change(held: Repository, comment: Comment, caller: Caller) -> None:
    check_writable(held)
    if caller.user is comment.user or caller.is_app:
        return
    if not least(held.role(caller.user), "write"):
        raise Refused(403, "Must have admin rights to Repository.")


def react(world: World, comment: Comment | Issue, caller: Caller, content: str) -> tuple[Reaction, bool]:
    """A reaction, and whether it is new: one person has each but once."""
    user = acting(caller)
    if content not in CONTENTS:
        raise invalid("Reaction", "content")
    for each in comment.reactions:
        if each.user is user and each.content == content:
            return each, False
    made = Reaction(world.next(), user, content, world.clock.tick())
    comment.reactions.append(made)
    return made, True


def unreact(comment: Comment, number: int) -> None:
    if all(each.id != number for each in comment.reactions):
        raise absent()
    comment.reactions = [each for each in comment.reactions if each.id != number]


def add_labels(world: World, pull: PullRequest, caller: Caller, names: list[str]) -> None:
    """Put labels on; those that are there already make no event."""
    for name in names:
        label = pull.base.label(name, world.next())
        if label not in pull.labels:
            pull.labels.append(label)
            shown = shape.label(world.place, pull.base, label)
            tell_pull(world, pull, "labeled", acting(caller), label=shown)


def remove_label(world: World, pull: PullRequest, caller: Caller, name: str) -> None:
    label = next((each for each in pull.labels if each.name.lower() == name.lower()), None)
    if not label:
        raise Refused(404, "Label does not exist")
    pull.labels.remove(label)
    shown = shape.label(world.place, pull.base, label)
    tell_pull(world, pull, "unlabeled", acting(caller), label=shown)
