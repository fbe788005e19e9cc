"""What a push asks for: its refs, read as commands; several refs can be one request."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from bot.errors import InvalidName
from bot.lifecycle import messages
from bot.lifecycle.admission import MAGIC
from bot.lifecycle.commands import EXPLAIN, SPOKEN, Command, Delete, Propose, ProposeDeletion, Reject, Save
from bot.lifecycle.person import Person
from bot.packages.layout import Layout, RefKind
from bot.packages.naming import RevisionName

REASON = "reason="


class Move(Protocol):
    """A ref of a push; ids are '' for a ref that appears or goes."""

    @property
    def old(self) -> str: ...
    @property
    def new(self) -> str: ...
    @property
    def ref(self) -> str: ...


class Request(NamedTuple):
    """Commands to carry out in order, and the refs that get their answer; without commands, plain moves."""

    name: RevisionName
    refs: tuple[str, ...]
    commands: tuple[Command, ...] = ()
    word: str = ""
    refusal: str = ""
    moves: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Asker:
    layout: Layout
    by: Person
    reason: str


def read_requests(
    layout: Layout, moves: Sequence[Move], options: Iterable[str], by: Person
) -> Iterator[Request]:
    """Read the refs of one push; `options` are its push options, of which `reason=…` is ours.

    Porch and people who know only branches propose by creating `proposed/…` while deleting `drafts/…`,
    and reject the other way round: such pairs are one request.
    """
    reason = next((o.removeprefix(REASON) for o in options if o.startswith(REASON)), "")
    asker = _Asker(layout, by, reason)
    by_ref = {move.ref: move for move in moves}
    while by_ref:
        ref, move = next(iter(by_ref.items()))
        request = _magic(asker, move) if ref.startswith(MAGIC) else _branch(asker, move, by_ref)
        for answered in request.refs:
            by_ref.pop(answered, None)
        yield request


def _magic(asker: _Asker, move: Move) -> Request:
    word, _, rest = move.ref.removeprefix(MAGIC).partition("/")
    full_path, _, workspace = rest.rpartition("/")
    path = asker.layout.inside(full_path)
    if not path or not workspace:
        wanted = f"refs/portico/{word}/{asker.layout.full_path('<path>')}/<workspace>"
        return Request(RevisionName(rest, ""), (move.ref,), refusal=f"Name a package revision: '{wanted}'.")
    name = RevisionName(path, workspace)
    if word == EXPLAIN:
        return Request(name, (move.ref,), word=word)
    kind = SPOKEN[word]
    if kind is Reject:
        return Request(name, (move.ref,), (Reject(name=name, by=asker.by, at=move.new, reason=asker.reason),))
    return Request(name, (move.ref,), (kind(name=name, by=asker.by, at=move.new),))


def _branch(asker: _Asker, move: Move, by_ref: dict[str, Move]) -> Request:
    try:
        place = asker.layout.read(move.ref)
    except InvalidName as error:
        if move.new:
            return Request(RevisionName("", ""), (move.ref,), refusal=str(error))
        place = None  # what should not be there can always be removed
    if place is None:
        return Request(RevisionName("", ""), (move.ref,), moves=((move.ref, move.old, move.new),))
    name = RevisionName(place.path, place.suffix)
    if place.kind is RefKind.DELETION:
        command = _deletion(asker, name, move)
        return Request(name, (move.ref,), (command,))
    draft = by_ref.get(asker.layout.draft_ref(name))
    proposed = by_ref.get(asker.layout.proposed_ref(name))
    refs = tuple(pair.ref for pair in (draft, proposed) if pair is not None)
    return _pair(asker, name, refs, draft, proposed)


def _deletion(asker: _Asker, name: RevisionName, move: Move) -> Command:
    if move.new:
        return ProposeDeletion(name=name, by=asker.by, at=move.new)
    return Reject(name=name, by=asker.by, at=move.old, reason=asker.reason)


def _pair(
    asker: _Asker, name: RevisionName, refs: tuple[str, ...], draft: Move | None, proposed: Move | None
) -> Request:
    """Read what happens to a draft's branch and to its proposed branch together."""
    by = asker.by
    if draft and draft.new and proposed and (proposed.new or draft.new != proposed.old):
        # Whichever were done, the other would be answered with `ok` and lost.
        return Request(name, refs, refusal=messages.draft_or_proposal(name))
    if proposed is None or (proposed.new and proposed.old):
        if proposed is not None or draft is None:
            return Request(name, refs, refusal=messages.proposed_by_asking(name))
        if not draft.new:
            return Request(name, refs, (Delete(name=name, by=by, at=draft.old),))
        return Request(name, refs, (Save(name=name, by=by, at=draft.new, old=draft.old),))
    if proposed.new:
        propose = Propose(name=name, by=by, at=proposed.new)
        old = draft.old if draft is not None else ""
        moved = draft is None or old != proposed.new
        commands = (Save(name=name, by=by, at=proposed.new, old=old), propose) if moved else (propose,)
        return Request(name, refs, commands)
    if draft is not None and draft.new == proposed.old:
        return Request(name, refs, (Reject(name=name, by=by, at=proposed.old, reason=asker.reason),))
    return Request(name, refs, (Delete(name=name, by=by, at=proposed.old),))
