"""The node tree of a YAML document: go-yaml's shape, so that what kpt writes can be written here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag


class Kind(IntEnum):
    """What a node is; the numbers are go-yaml's."""

    DOCUMENT = 1
    SEQUENCE = 2
    MAPPING = 4
    SCALAR = 8
    ALIAS = 16


class Style(IntFlag):
    """How a node is written; the bits are go-yaml's, 0 is plain or block."""

    PLAIN = 0
    TAGGED = 1
    DOUBLE_QUOTED = 2
    SINGLE_QUOTED = 4
    LITERAL = 8
    FOLDED = 16
    FLOW = 32


# To look a member up takes longer than to compare with it.
_DOCUMENT, _MAPPING = Kind.DOCUMENT, Kind.MAPPING


@dataclass(slots=True, eq=False)
class Node:
    """One node; `content` alternates keys and values in a mapping, and holds the items of a sequence.

    `tag` is short ('!!str', '!!int', '!!null', …); `line` counts from 1, 0 for nodes made here; `wide` is
    of a document: its lists stood two columns right of their keys.
    """

    kind: Kind
    tag: str = ""
    value: str = ""
    style: Style = Style.PLAIN
    content: list[Node] = field(default_factory=list)
    head_comment: str = ""
    line_comment: str = ""
    foot_comment: str = ""
    anchor: str = ""
    line: int = 0
    wide: bool = False

    @property
    def root(self) -> Node:
        """The node that a document holds; any other node itself."""
        return self.content[0] if self.kind is _DOCUMENT and self.content else self

    @property
    def has_aliases(self) -> bool:
        """Whether an alias stands in this tree; whoever sorts it could put the alias before its anchor."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.kind is Kind.ALIAS:
                return True
            waiting += node.content
        return False

    @property
    def has_references(self) -> bool:
        """Whether an anchor, an alias or a merge key makes one place of this tree depend on another."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.anchor or node.kind is Kind.ALIAS or node.tag == "!!merge":
                return True
            waiting += node.content
        return False

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Keys and values of a mapping, in order; nothing for other kinds."""
        if self.kind is _MAPPING:
            yield from zip(self.content[::2], self.content[1::2], strict=True)

    def key(self, name: str) -> Node | None:
        """The key node called `name`, which carries the pair's head and line comments."""
        return next((key for key, _ in self.pairs() if key.value == name), None)

    def get(self, *names: str) -> Node | None:
        """The value under `names`, one mapping deeper per name; None when any is missing."""
        here = self.content[0] if self.kind is _DOCUMENT and self.content else self
        for name in names:
            if here.kind is not _MAPPING:
                return None
            content = here.content
            for index in range(0, len(content), 2):  # no generator: rendering asks this most often
                if content[index].value == name:
                    here = content[index + 1]
                    break
            else:
                return None
        return here

    def text(self, *names: str) -> str:
        """The scalar's text under `names`; '' when it is missing, null or no scalar."""
        found = self.get(*names)
        return found.value if found and found.kind is Kind.SCALAR and found.tag != "!!null" else ""

    def put(self, name: str, value: Node) -> None:
        """Set `name` in this mapping to `value`: in its place when there, at the end when not."""
        for index, (key, _) in enumerate(self.pairs()):
            if key.value == name:
                self.content[2 * index + 1] = value
                return
        self.content += [string(name), value]

    def drop(self, name: str) -> bool:
        """Remove `name` from this mapping; say whether it was there."""
        for index, (key, _) in enumerate(self.pairs()):
            if key.value == name:
                del self.content[2 * index : 2 * index + 2]
                return True
        return False


def string(text: str, style: Style = Style.PLAIN) -> Node:
    """A scalar of kind string; the writer quotes it where plain text would mean something else."""
    return Node(Kind.SCALAR, "!!str", text, style)


def mapping(*pairs: tuple[str, Node]) -> Node:
    """A block mapping with these pairs, in order."""
    return Node(
        Kind.MAPPING, "!!map", content=[node for key, value in pairs for node in (string(key), value)]
    )


def sequence(*items: Node) -> Node:
    """A block sequence with these items, in order."""
    return Node(Kind.SEQUENCE, "!!seq", content=list(items))
