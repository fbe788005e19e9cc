"""Comments and reactions: made, edited, deleted, and labels put on."""

from typing import Any

from tests.forges.github.apps import Caller
from tests.forges.github.comment import CONTENTS, LONGEST, Comment, Reaction
from tests.forges.github.opening import acting
from tests.forges.github.people import least
from tests.forges.github.pull_request import PullRequest
from tests.forges.github.pushing import check_writable
from tests.forges.github.refusal import Refused, absent, custom, invalid
from tests.forges.github.repository import Repository
from tests.forges.github.shapes import pull as shape
from tests.forges.github.telling import tell_comment, tell_pull
from tests.forges.github.world import World

Json = dict[str, Any]


def say(world: World, held: Repository, number: int, caller: Caller, body: str) -> Comment:
    """A new comment; on a public repository anybody may."""
    check_writable(held)
    pull = held.pull(number)
    _check_body(body)
    now = pull.updated = world.clock.tick()
    made = Comment(world.next(), number, acting(caller), body, now, now, caller.app)
    held.comments[made.id] = made
    tell_comment(world, held, made, "created", made.user)
    return made


def _check_body(body: str) -> None:
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    if len(body) > LONGEST:
        raise custom("IssueComment", f"body is too long (maximum is {LONGEST} characters)")


def edit(world: World, held: Repository, comment: Comment, caller: Caller, body: str) -> Comment:
    """Other words; whoever may write can change anybody's, and the event says who did."""
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


def react(world: World, comment: Comment, caller: Caller, content: str) -> tuple[Reaction, bool]:
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
