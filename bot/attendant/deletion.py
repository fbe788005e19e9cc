"""Deletions of published revisions, from being asked for to a branch that is fit to be merged."""

from bot.attendant.notes import Notes
from bot.attendant.room import Room
from bot.errors import Moved, NotFound, Refused
from bot.forges.deletion_source import DeletionSource
from bot.forges.deletion_store import DeletionStore
from bot.gather import Gatherer, Members
from bot.lifecycle import change_messages
from bot.lifecycle.change import NOBODY, Change
from bot.lifecycle.commands import ProposeDeletion
from bot.lifecycle.events import Asked
from bot.lifecycle.person import Person
from bot.packages.layout import HEADS
from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle
from bot.steward import Steward


def ask(room: Room, name: RevisionName, by: Person, members: Members, notes: Notes) -> str:
    """Propose a revision for deletion in somebody's name: its branch; '' where it is refused.

    What is said about it, `notes` has. Raises NotFound and Moved.
    """
    branch = room.layout.deletion_ref(*name).removeprefix(HEADS)
    nothing = Change(
        number=0, title="", branch=branch, head="", target=room.layout.branch, author=NOBODY, open=False
    )
    source = room.source(nothing, lambda _: True, DeletionSource)
    store = DeletionStore(room.forge, room.branches, room.layout, room.renderings, nothing, by)
    reader = Gatherer(source, room.server, members)
    match reader.facts(name).lifecycle:
        case Lifecycle.ABSENT:
            raise NotFound(change_messages.no_revision(name))
        case Lifecycle.DELETION_PROPOSED:
            notes.say(name, change_messages.doomed_already(name))
            return branch
    Steward(store, room.renderer, reader, notes, tries=1).handle(Asked(ProposeDeletion(name=name, by=by)))
    return branch if store.touched else ""


def mend(room: Room, name: RevisionName, head: str) -> bool:
    """Have a deletion's branch, which stands at `head`, hold the commit that it needs; whether it did not.

    Raises Refused where people put something else there, NotFound for no such revision, and Moved.
    """
    branches = room.branches
    if branches.tagged(name) is None:
        raise NotFound(change_messages.no_revision_left(name))
    removal = branches.removal(name.path, head)
    if removal is not None and branches.is_fit(name, removal):
        return False
    if files := branches.excess(name, head):
        raise Refused(change_messages.holds_more(name, files))
    branches.write_removal(name, head, _proposer(room, name, head))
    return True


def _proposer(room: Room, name: RevisionName, head: str) -> Person:
    """Who asked: the author of our commit, or who pushed a branch that has none yet."""
    if found := room.branches.proposer(name.path, head):
        return found
    branch = room.layout.deletion_ref(*name).removeprefix(HEADS)
    pushed = [push.by for push in room.forge.pushes(branch) if push.after == head]
    if not pushed or pushed[-1] == NOBODY:
        raise Moved(change_messages.unknown_proposer(name))
    return pushed[-1]
