"""Ordinary documents to node trees, line by line: what the whole grammar would come to, several times sooner.

Ordinary are block mappings and lists of one-line scalars and literal blocks, as nearly all resources are,
with comments behind scalars and above keys. At the first line that is anything else the caller is told to
read the document in full; hence nothing here is ever an error.
"""

from __future__ import annotations

from operator import attrgetter

from bot.packages.documents.line import Line, Sort, Text, line_of
from bot.packages.documents.node import Kind, Node, Style

_PLAIN, _FLOW = Style.PLAIN, Style.FLOW
_SCALAR, _MAPPING, _SEQUENCE = Kind.SCALAR, Kind.MAPPING, Kind.SEQUENCE
_COMMENT, _SIMPLE, _NOTHING, _LITERAL, _LIST = (
    Sort.COMMENT,
    Sort.SCALAR,
    Sort.NOTHING,
    Sort.LITERAL,
    Sort.LIST,
)
_value_of = attrgetter("value")
# Characters: no larger object fits into a cluster, and what so few can hold may be counted afterwards.
_LONGEST = 1024 * 1024


def read_quickly(text: str, first_line: int, deepest: int) -> tuple[Node, int] | None:
    """The one document of `text`, and how many nodes it has; None where it is not ordinary.

    `first_line` is the number of its first line; of collections in collections at most `deepest` are read.
    """
    if len(text) > _LONGEST or not text.endswith("\n"):
        return None
    lines = text.split("\n")
    del lines[-1]
    reading = _Reading(lines, first_line, deepest)
    return (reading.document, reading.nodes) if reading.is_done() else None


class _Reading:
    """Reads one document; `content` is of the innermost open collection, whose items stand at `column`."""

    __slots__ = (
        "column", "content", "deepest", "document", "first_line", "head", "index", "is_list", "lines",
        "nodes", "outer", "waits",
    )  # fmt: skip

    def __init__(self, lines: list[str], first_line: int, deepest: int) -> None:
        self.lines = lines
        self.first_line = first_line
        self.deepest = deepest
        self.index = 0
        self.nodes = 0
        self.document = Node(Kind.DOCUMENT)
        self.content = self.document.content
        self.column = -1
        self.is_list = False
        # The collections around, outermost first.
        self.outer: list[tuple[list[Node], int, bool]] = []
        # The line of a key whose value did not stand behind it, and so is awaited; 0 where none is.
        self.waits = first_line
        # Comments above the next key.
        self.head: list[Line] = []

    def is_done(self) -> bool:
        """Read all lines; say whether they were ordinary."""
        lines = self.lines
        if lines and lines[0] == "---":
            self.document.line = self.first_line
            self.index = 1
        count = len(lines)
        while self.index < count:
            line = line_of(lines[self.index])
            self.index += 1
            if line is None or not (self._item(line) if line.sort > _COMMENT else self._remark(line)):
                return False
        if self.head or not self.outer:
            return False
        if self.waits:
            self._null()
        while self.outer:
            if not self._close():
                return False
        return True

    def _item(self, line: Line) -> bool:
        """Add what a line holds: a pair or an item of a list."""
        sort, indent, inner, key, scalar, comment, items = line
        number = self.first_line + self.index - 1
        if (self.waits or indent != self.column or self.is_list is not (inner > 0)) and not self._go_to(
            indent, is_list=inner > 0, number=number
        ):
            return False
        head = self._take_head(indent) if self.head else ""
        if head is None:
            return False
        if key is not None:
            if inner:
                if not self._open(_MAPPING, inner, number):
                    return False
                self.outer[-1][0][-1].head_comment, head = head, ""
            value, tag, style = key
            remark = comment if sort is _NOTHING else ""
            node = Node(_SCALAR, tag, value, style, [], head, remark, "", "", number)
            head = ""
            self.content.append(node)
            self.nodes += 1
        if sort is _SIMPLE:
            value, tag, style = scalar
            node = Node(_SCALAR, tag, value, style, [], head, comment, "", "", number)
        elif sort is _NOTHING:
            self.waits = number
            return True
        elif sort is _LITERAL:
            text = self._literal(is_clipped=scalar.value == "|")
            if not text:
                return False
            node = Node(_SCALAR, "!!str", text, Style.LITERAL, [], head, "", "", "", number)
        elif len(self.outer) >= self.deepest:
            return False
        elif sort is _LIST:
            node = Node(
                _SEQUENCE, "!!seq", "", _FLOW, [_item(text, number) for text in items], head, line=number
            )
            self.nodes += len(items)
        else:
            node = Node(_MAPPING, "!!map", "", _FLOW, [], head, line=number)
        self.content.append(node)
        self.nodes += 1
        return True

    def _go_to(self, indent: int, *, is_list: bool, number: int) -> bool:
        """Close and open collections, until the innermost is the one that the item at `indent` belongs to."""
        if self.waits:
            if indent > self.column or (is_list and indent == self.column and not self.is_list):
                self.waits = 0
                if not self.document.line:
                    self.document.line = number
                return self._open(_SEQUENCE if is_list else _MAPPING, indent, number)
            self._null()
        while self.column > indent or (self.column == indent and self.is_list and not is_list):
            if not self._close():
                return False
        return self.column == indent and self.is_list is is_list

    def _open(self, kind: Kind, column: int, number: int) -> bool:
        is_list = kind is _SEQUENCE
        node = Node(kind, "!!seq" if is_list else "!!map", line=number)
        self.content.append(node)
        self.nodes += 1
        self.outer.append((self.content, self.column, self.is_list))
        self.content, self.column, self.is_list = node.content, column, is_list
        return len(self.outer) <= self.deepest

    def _close(self) -> bool:
        """Leave the innermost collection; say whether it has no key twice."""
        content = self.content
        single = (
            self.is_list or len(content) == 2 or len(set(map(_value_of, content[::2]))) * 2 == len(content)
        )
        self.content, self.column, self.is_list = self.outer.pop()
        return single

    def _null(self) -> None:
        """Add the value that did not come."""
        self.content.append(Node(_SCALAR, "!!null", line=self.waits))
        self.nodes += 1
        self.waits = 0

    def _literal(self, *, is_clipped: bool) -> str:
        """The text of a literal block; '' where it is none that is surely understood here."""
        lines, begin = self.lines, self.index
        if begin == len(lines):
            return ""
        pad = len(lines[begin]) - len(lines[begin].lstrip(" "))
        if pad == len(lines[begin]) or pad <= self.column:
            return ""
        margin = " " * pad
        end = begin
        while end < len(lines) and (lines[end].startswith(margin) or not lines[end].strip(" ")):
            if not lines[end].isprintable():
                return ""
            end += 1
        self.index = end
        text = "\n".join([line[pad:] for line in lines[begin:end]]).rstrip("\n")
        return text + "\n" if is_clipped else text

    def _remark(self, line: Line) -> bool:
        """Keep a comment for the key below it."""
        if line.sort is Sort.COMMENT:
            self.head.append(line)
            return True
        if not self.head:
            return True
        if self.outer or self.document.head_comment or self.document.line:
            return False
        self.document.head_comment = "\n".join(line.comment for line in self.head)
        self.head = []
        return True

    def _take_head(self, indent: int) -> str | None:
        """The comment above the item at `indent`; None where it stands at another column."""
        head = self.head
        self.head = []
        return (
            "\n".join([line.comment for line in head])
            if all(line.indent == indent for line in head)
            else None
        )


def _item(text: Text, number: int) -> Node:
    return Node(_SCALAR, text.tag, text.value, text.style, line=number)
