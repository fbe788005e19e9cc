"""Other drafts at a change's commit: a forge shows one verdict on a commit, which must be true of all."""

from collections.abc import Iterator, Mapping, Sequence

from bot.attendant.room import Room
from bot.errors import InvalidName
from bot.forges.ledger import MayWrite
from bot.gather import Gatherer, Members
from bot.lifecycle.change import Change, Verdict
from bot.lifecycle.verdict import verdict
from bot.packages.layout import HEADS, RefKind
from bot.packages.naming import RevisionName, check_name

_DRAFTS = f"{HEADS}{RefKind.DRAFT}/"


def drafts_by_head(refs: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """The branches of drafts among refs, by where they stand."""
    found: dict[str, list[str]] = {}
    for ref, commit in sorted(refs.items()):
        if ref.startswith(_DRAFTS):
            found.setdefault(commit, []).append(ref.removeprefix(HEADS))
    return found


def neighbours(
    room: Room, change: Change, may_write: MayWrite, members: Members
) -> Mapping[RevisionName, Verdict]:
    """What is thought of each other draft with an open change at this one's commit."""
    return {
        name: verdict(Gatherer(room.source(other, may_write), room.server, members).facts(name), room.layout)
        for name, other in _beside(room, change)
    }


def _beside(room: Room, change: Change) -> Iterator[tuple[RevisionName, Change]]:
    together = drafts_by_head(room.branches.refs()).get(change.head, ()) if change.open else ()
    if change.branch not in together:
        return
    for branch in together:
        name, number = _name(room, branch), 0 if branch == change.branch else room.forge.change_of(branch)
        other = room.forge.change(number) if name and number else None
        if name is None or other is None or not other.open or other.foreign:
            continue
        if (other.head, other.target) == (change.head, change.target):
            yield name, other


def _name(room: Room, branch: str) -> RevisionName | None:
    try:
        place = room.layout.read(HEADS + branch)
        return check_name(RevisionName(place.path, place.suffix)) if place else None
    except InvalidName:
        return None
