"""What both sides changed differently, told as a value, and who is asked which side to take."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from bot.packages.documents import Node, emit
from bot.packages.naming import quoted
from bot.packages.redaction import REDACTED, shown
from bot.packages.resource import Identity

_DATA = re.compile(r"(?:data|stringData)(?:\W|$)")


class Side(StrEnum):
    """One of the two that changed what they have in common."""

    LOCAL = "local"
    UPSTREAM = "upstream"


class OnConflict(StrEnum):
    """What to do about conflicts.

    `upstream` is kpt's way: of a field the upstream's value is taken; a resource or file that one side
    removed, and lines or bytes that are no fields, stay as the local package has them. The strategies that
    copy files take the whole file of the upstream. `local` takes the local package's in all of these; `stop`
    changes nothing.
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
        """One line of a bounded length, whatever the names are."""
        parts = [quoted(self.file)]
        if self.resource is not None:
            name = "/".join(filter(None, (self.resource.namespace, self.resource.name)))
            parts.append(f"{_plain(self.resource.kind)} {quoted(name)}".strip())
        if self.field:
            parts.append(f"`{_plain(self.field)}`")
        did = f"here it was {self._done(self.ours)}, upstream {self._done(self.theirs)}"
        return f"{', '.join(parts)}: {did}; taken: {self.taken}."

    def _done(self, now: str | None) -> str:
        if now is None:
            return "removed"
        verb = "added" if self.base is None else "changed"
        text = now.strip()
        if not text or "\n" in text or self.base is None:
            return verb
        return f"{verb} to {quoted(self._shown(text))}"

    def _shown(self, text: str) -> str:
        # What is told comes to stand in logs and in the messages of commits.
        if self.resource is None:
            return shown(text, self.file, text)
        if self.resource.kind == "Secret" and _DATA.match(self.field):
            return REDACTED
        return shown(text, self.field)


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
        return self._asked(place, (_text(base), _text(ours), _text(theirs)), field)

    def file(self, place: Place, values: Iterable[str | None]) -> Side:
        """Which side's file is taken, where files are copied and not merged; `values` as for `whole`."""
        return self._asked(place, values)

    def whole(self, place: Place, values: Iterable[str | None], field: str = "") -> None:
        """Remember what is no field: there the local package's stays, as it does with kpt.

        `values` are the three: base, ours, theirs.
        """
        self._note(place, values, field, Side.LOCAL)

    def _asked(self, place: Place, values: Iterable[str | None], field: str = "") -> Side:
        taken = Side.UPSTREAM if self.on_conflict is OnConflict.UPSTREAM else Side.LOCAL
        self._note(place, values, field, taken)
        return taken

    def _note(self, place: Place, values: Iterable[str | None], field: str, taken: Side) -> None:
        base, ours, theirs = values
        self.conflicts.append(Conflict(place.file, place.resource, field, base, ours, theirs, taken))


def _plain(text: str) -> str:
    """What `quoted` shows, without the quotes."""
    return quoted(text)[1:-1]


def _text(node: Node | None) -> str | None:
    if node is None:
        return None
    return emit([node]).decode().rstrip("\n") if node.content else node.value
