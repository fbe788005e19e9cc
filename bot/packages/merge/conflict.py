"""What both sides changed differently, told as a value, and who is asked which side to take."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from bot.packages.documents import Node, emit
from bot.packages.naming import quoted
from bot.packages.resource import Identity


class Side(StrEnum):
    """One of the two that changed what they have in common."""

    LOCAL = "local"
    UPSTREAM = "upstream"


class OnConflict(StrEnum):
    """What to do about conflicts.

    `upstream` is kpt's way: of a field the upstream's value is taken; a resource or file that one side
    removed, and lines or bytes that are no fields, stay as the local package has them. `local` takes the
    local package's in all of these; `stop` changes nothing.
    """

    UPSTREAM = "upstream"
    LOCAL = "local"
    STOP = "stop"


class Conflict(NamedTuple):
    """One thing that both sides changed, each in its own way.

    `file` is the path in the package, `resource` None where it is none, `field` '' where the whole resource,
    file or subpackage is meant; else it is the field's path, or 'line N' of the local file. The three values
    are YAML or the text itself; None where there was nothing, '' where it is no text.
    """

    file: str
    resource: Identity | None
    field: str
    base: str | None
    ours: str | None
    theirs: str | None
    taken: Side

    def __str__(self) -> str:
        parts = [quoted(self.file)]
        if self.resource is not None:
            name = "/".join(filter(None, (self.resource.namespace, self.resource.name)))
            parts.append(f"{self.resource.kind} {quoted(name)}".strip())
        if self.field:
            parts.append(f"`{self.field}`")
        did = f"here it was {_done(self.base, self.ours)}, upstream {_done(self.base, self.theirs)}"
        return f"{', '.join(parts)}: {did}; taken: {self.taken}."


def _done(base: str | None, now: str | None) -> str:
    if now is None:
        return "removed"
    verb = "added" if base is None else "changed"
    text = now.strip()
    return f"{verb} to {quoted(text)}" if text and "\n" not in text and base is not None else verb


class Place(NamedTuple):
    """Where something stands that is being merged."""

    file: str
    resource: Identity | None = None


class Arbiter:
    """Answers each conflict as it was asked to, and remembers all of them."""

    def __init__(self, on_conflict: OnConflict) -> None:
        self.on_conflict = on_conflict
        self.conflicts: list[Conflict] = []

    def field(
        self, place: Place, field: str, base: Node | None, ours: Node | None, theirs: Node | None
    ) -> Side:
        """Which side's value a field is given."""
        taken = Side.UPSTREAM if self.on_conflict is OnConflict.UPSTREAM else Side.LOCAL
        values = (_text(base), _text(ours), _text(theirs))
        self.conflicts.append(Conflict(place.file, place.resource, field, *values, taken))
        return taken

    def whole(self, place: Place, values: Iterable[str | None], field: str = "") -> None:
        """Remember what is no field: there the local package's stays, as it does with kpt.

        `values` are the three: base, ours, theirs.
        """
        base, ours, theirs = values
        self.conflicts.append(Conflict(place.file, place.resource, field, base, ours, theirs, Side.LOCAL))


def _text(node: Node | None) -> str | None:
    if node is None:
        return None
    return emit([node]).decode().rstrip("\n") if node.content else node.value
