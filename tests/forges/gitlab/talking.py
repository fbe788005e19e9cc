"""Notes and emoji: written, edited, taken back; quick actions are taken out before anything is written."""

from typing import Any

from tests.forges.gitlab import quick_actions
from tests.forges.gitlab.issue import Noteable
from tests.forges.gitlab.note import LONGEST, Award, Note
from tests.forges.gitlab.people import MAINTAINER, REPORTER, User
from tests.forges.gitlab.quick_actions import Taken
from tests.forges.gitlab.refusal import Refused, absent, bad_request, forbidden, unauthorized
from tests.forges.gitlab.telling import tell_award, tell_note
from tests.forges.gitlab.world import World

Json = dict[str, Any]


def find(held: Noteable, number: int) -> Note:
    """A note; `Refused` when there is none."""
    if number not in held.notes:
        raise absent()
    return held.notes[number]


def write(
    world: World, held: Noteable, user: User, body: str, *, internal: bool = False, thread: int | None = None
) -> tuple[Note | None, Taken]:
    """A note, or none when all of it was quick actions; no hook hears of these, but of what they did.

    `thread` is the note that began the thread, 0 for one that begins with this.
    """
    _check(world, held, user, body, internal=internal)
    taken = quick_actions.extract(body)
    if taken.is_all:
        quick_actions.run(world, held, user, taken)
        if not taken.changes:
            raise bad_request('Note {:commands_only=>["Failed to apply commands."]}')
        return None, taken
    now = world.clock.tick()
    made = Note(world.next(), user, taken.body, now, now, internal=internal)
    if thread is not None:
        made.thread = thread or made.id
    held.notes[made.id] = made
    held.updated = now
    quick_actions.run(world, held, user, taken)
    world.remember(held.target, user, "commented on", target=made)
    tell_note(world, held, made, "create", user)
    return made, taken


def _check(world: World, held: Noteable, user: User, body: str, *, internal: bool) -> None:
    level = held.target.level(user, world.today)
    if held.target.archived or (internal and level < REPORTER):
        raise forbidden()
    if not body.strip():
        raise bad_request('Note {:note=>["can\'t be blank"]}')
    if len(body) > LONGEST:
        raise bad_request(f'Note {{:note=>["is too long (maximum is {LONGEST} characters)"]}}')


def edit(world: World, held: Noteable, note: Note, user: User, body: str) -> Note:
    """Other words, by whoever wrote it or a maintainer; the event says who."""
    _check_may_change(world, held, note, user)
    if not body.strip():
        raise bad_request('Note {:note=>["can\'t be blank"]}')
    if note.body != body:
        note.body, note.updated, note.edited_by = body, world.clock.tick(), user
        held.updated = note.updated
        tell_note(world, held, note, "update", user)
    return note


def resolve(held: Noteable, thread: int, user: User | None) -> None:
    """Let a thread be resolved by somebody, or open again."""
    for each in held.notes.values():
        if each.thread == thread:
            each.resolved_by = user


def unsay(world: World, held: Noteable, note: Note, user: User) -> None:
    """Take a note away, of which no hook hears."""
    _check_may_change(world, held, note, user)
    del held.notes[note.id]


def _check_may_change(world: World, held: Noteable, note: Note, user: User) -> None:
    is_maintainer = held.target.level(user, world.today) >= MAINTAINER
    if note.system or (user is not note.user and not is_maintainer):
        raise forbidden()


def award(world: World, held: Noteable, user: User, name: str, note: Note | None = None) -> Award:
    """An emoji; `Refused`, by a 404, when the same person gave it already."""
    awards = note.awards if note else held.awards
    if any(each.user is user and each.name == name for each in awards):
        raise absent("Award Emoji Name has already been taken")
    if not name.replace("_", "").isalnum():
        raise Refused(404, "404 Award Emoji Name is not a valid emoji name Not Found")
    made = Award(world.next(), user, name, world.clock.tick())
    awards.append(made)
    tell_award(world, held, made, "award", user, note)
    return made


def unaward(world: World, held: Noteable, user: User, number: int, note: Note | None = None) -> None:
    awards = note.awards if note else held.awards
    found = next((each for each in awards if each.id == number), None)
    if not found:
        raise absent()
    if found.user is not user:
        raise unauthorized()
    awards.remove(found)
    world.clock.tick()
    tell_award(world, held, found, "revoke", user, note)
