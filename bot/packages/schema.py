"""What Kubernetes says of its own kinds' fields: their types, and by what a list's items are told apart.

`schema.txt` beside this module holds it, of Kubernetes 1.21, as kpt knows it: first the kinds of each version
(`Kind=Type` where the type is called otherwise), then the types, each with its fields grouped by what they
are: another type, `string`, `integer`, `number`, `boolean`, `[…]` a list, `{…}` a mapping with free keys.
What follows a list's slash are the keys that its items are merged by; nothing there: the items themselves.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from bot.packages.documents.node import Node

_SCALARS = frozenset({"string", "integer", "number", "boolean"})
_MORE = "    "  # opens a line that goes on with the one before


class Shape(NamedTuple):
    """What is known of one place in a resource; `UNKNOWN` when nothing is, and then of all below it too."""

    text: str

    @property
    def scalar(self) -> str:
        """'string', 'integer', 'number' or 'boolean'; '' for anything else."""
        return self.text if self.text in _SCALARS else ""

    @property
    def merge_keys(self) -> tuple[str, ...] | None:
        """The keys that tell a list's items apart, () where they do so themselves; None for other places."""
        _, slash, keys = self.text.rpartition("/")
        return tuple(filter(None, keys.split(","))) if slash else None

    def field(self, name: str) -> Shape:
        """The shape of what stands under `name`."""
        if self.text.startswith("{"):
            return Shape(self.text[1:-1])
        return _fields(self.text).get(name, UNKNOWN) if self.text in _blocks() else UNKNOWN

    def item(self) -> Shape:
        """The shape of the items of a list."""
        return Shape(self.text[1 : self.text.index("]")]) if self.text.startswith("[") else UNKNOWN


UNKNOWN = Shape("")


def shape_of(root: Node) -> Shape:
    """The shape of a resource; UNKNOWN for kinds that are not Kubernetes' own."""
    return _kinds().get((root.text("apiVersion"), root.text("kind")), UNKNOWN)


@cache
def _blocks() -> dict[str, list[str]]:
    """The lines of each block of the file, by its head."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in files("bot.packages").joinpath("schema.txt").read_text("utf-8").splitlines():
        if line.startswith(_MORE):
            lines[-1] += line
        elif line.startswith(" "):
            lines.append(line)
        else:
            lines = found[line] = []
    return found


def _words(block: str) -> list[tuple[str, list[str]]]:
    """Each line of a block as what stands before its colon, and the words after it."""
    parts = (line.partition(": ") for line in _blocks()[block])
    return [(head.strip(), words.split()) for head, _, words in parts]


@cache
def _kinds() -> dict[tuple[str, str], Shape]:
    pairs = ((version, word.partition("=")) for version, words in _words("kinds") for word in words)
    return {(version, kind): Shape(name or kind) for version, (kind, _, name) in pairs}


@cache
def _fields(name: str) -> dict[str, Shape]:
    return {word: Shape(text) for text, words in _words(name) for word in words}
