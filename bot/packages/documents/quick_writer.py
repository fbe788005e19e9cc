"""Ordinary trees to text: what the writer would write of them, several times sooner.

Ordinary are block mappings and lists of scalars, with comments behind scalars and above keys and items; a
line of text is made at once, and no comment has to wait. Anything else is left to the writer.
"""

from __future__ import annotations

from functools import lru_cache

from bot.packages.documents.node import Kind, Node, Style
from bot.packages.documents.scalars import is_no_string, resolve_tag
from bot.packages.documents.text import double_quoted, is_one_line, literal_hints, single_quoted, style_for

_PLAIN, _FLOW = Style.PLAIN, Style.FLOW
_SCALAR, _MAPPING, _SEQUENCE = Kind.SCALAR, Kind.MAPPING, Kind.SEQUENCE
_LONGEST_KEY = 128  # bytes of a simple key, as libyaml has it
_LONGEST_REMEMBERED = 128  # characters of a scalar, so that hostile documents fill no memory
_DEEPEST = 100
_KINDS = frozenset({_SCALAR, _MAPPING, _SEQUENCE})
_STYLES = frozenset({_PLAIN, Style.SINGLE_QUOTED, Style.DOUBLE_QUOTED})


class UnusualError(Exception):
    """The tree is not ordinary."""


def write_quickly(document: Node, *, compact: bool) -> str | None:
    """The text of a document; None where the tree is not ordinary."""
    try:
        return _Writing(compact=compact).document(document)
    except UnusualError:
        return None


class _Writing:
    """Writes one document."""

    __slots__ = ("compact", "out")

    def __init__(self, *, compact: bool) -> None:
        self.compact = compact
        self.out: list[str] = []

    def document(self, node: Node) -> str:
        if node.kind is not Kind.DOCUMENT or len(node.content) != 1 or node.foot_comment:
            raise UnusualError
        if node.head_comment:
            self.out.append(_head(node.head_comment, "") + "\n")
        root = node.content[0]
        if root.head_comment or not root.content:
            raise UnusualError
        self._collection(root, "", "")
        return "".join(self.out)

    def _collection(self, node: Node, lead: str, pad: str) -> None:
        """Write a block collection that is not empty: its first line behind `lead`, others behind `pad`."""
        if node.anchor or node.line_comment or node.foot_comment or node.style is not _PLAIN:
            raise UnusualError
        if len(pad) > 2 * _DEEPEST:
            raise UnusualError
        if node.kind is _MAPPING and node.tag == "!!map":
            self._mapping(node.content, lead, pad)
        elif node.kind is _SEQUENCE and node.tag == "!!seq" and lead == pad:
            self._sequence(node.content, pad)
        else:
            raise UnusualError

    def _mapping(self, content: list[Node], lead: str, pad: str) -> None:
        write = self.out.append
        for index in range(0, len(content), 2):
            key, value = content[index], content[index + 1]
            if key.foot_comment or key.anchor or key.kind is not _SCALAR or value.head_comment:
                raise UnusualError
            name = _key(key.value, key.tag, key.style)
            if key.head_comment:
                if lead is not pad:
                    raise UnusualError
                write(_head(key.head_comment, pad))
            if value.kind is _SCALAR or not value.content or value.style is not _PLAIN:
                if key.line_comment:
                    raise UnusualError
                write(f"{lead}{name}:{self._value(value, pad)}\n")
            else:
                write(f"{lead}{name}:{_remark(key.line_comment)}\n")
                if value.kind is _SEQUENCE and self.compact:
                    self._collection(value, pad, pad)
                else:
                    inner = pad + "  "
                    self._collection(value, inner, inner)
            lead = pad

    def _sequence(self, content: list[Node], pad: str) -> None:
        write = self.out.append
        for item in content:
            if item.head_comment:
                write(_head(item.head_comment, pad))
            if item.kind is _SCALAR or not item.content or item.style is not _PLAIN:
                write(f"{pad}-{self._value(item, pad)}\n")
            else:
                self._collection(item, pad + "- ", pad + "  ")

    def _value(self, node: Node, pad: str) -> str:
        """What follows a key or a dash on its line, with a blank before it, and all of a literal block."""
        comment = node.line_comment
        if node.anchor or node.foot_comment or node.kind not in _KINDS:
            raise UnusualError
        if node.kind is not _SCALAR:
            if comment:
                raise UnusualError
            return _flow(node)
        value = node.value
        if node.style is Style.LITERAL or (node.style is _PLAIN and "\n" in value):
            if comment:
                raise UnusualError
            return _literal(node, pad + "  ")
        text = (known_text if len(value) <= _LONGEST_REMEMBERED else scalar_text)(value, node.tag, node.style)
        if not comment:
            return text
        if not text:
            raise UnusualError
        return text + _remark(comment)


def scalar_text(value: str, tag: str, style: Style, *, flow: bool = False) -> str:
    """A scalar on one line, with a blank before it; '' for a null that nothing stands for."""
    if style not in _STYLES or (tag != "!!str" and resolve_tag(value) != tag):
        raise UnusualError
    if style is not Style.DOUBLE_QUOTED and not is_one_line(value):
        raise UnusualError
    if style is _PLAIN and tag == "!!str" and is_no_string(value):
        style = Style.DOUBLE_QUOTED
    chosen = style_for(value, style, flow=flow, key=flow)
    if chosen is Style.DOUBLE_QUOTED:
        return f" {double_quoted(value)}"
    if chosen is Style.SINGLE_QUOTED:
        return f" {single_quoted(value)}"
    return f" {value}" if value else ""


def _key(value: str, tag: str, style: Style) -> str:
    """A simple key."""
    if not value or (len(value) > _LONGEST_KEY // 4 and len(value.encode()) > _LONGEST_KEY):
        raise UnusualError
    if style is Style.DOUBLE_QUOTED and not is_one_line(value):
        raise UnusualError
    return known_text(value, tag, style)[1:]


known_text = lru_cache(maxsize=8192)(scalar_text)


def _flow(node: Node) -> str:
    """An empty collection, or a flow list of scalars."""
    if node.style is not _PLAIN and node.style is not _FLOW:
        raise UnusualError
    if node.kind is _MAPPING:
        if node.content or node.tag != "!!map":
            raise UnusualError
        return " {}"
    if node.tag != "!!seq":
        raise UnusualError
    for item in node.content:
        if (
            item.kind is not _SCALAR
            or item.head_comment
            or item.line_comment
            or item.foot_comment
            or item.anchor
        ):
            raise UnusualError
    texts = [scalar_text(item.value, item.tag, item.style, flow=True) for item in node.content]
    return f" [{','.join(texts)[1:]}]"


def _literal(node: Node, pad: str) -> str:
    if node.tag != "!!str":
        raise UnusualError
    return literal_text(node.value, node.style, pad)


def literal_text(text: str, style: Style, pad: str) -> str:
    """A literal block behind its key, up to the break that ends its last line."""
    if style is not _PLAIN and style is not Style.LITERAL:
        raise UnusualError
    if (
        text[:1] in {"", " ", "\n"}
        or text.endswith("\n\n")
        or style_for(text, Style.LITERAL, flow=False, key=False) is not Style.LITERAL
    ):
        raise UnusualError
    lines = [pad + line if line else "" for line in text.removesuffix("\n").split("\n")]
    return f" |{literal_hints(text)}\n" + "\n".join(lines)


def _remark(comment: str) -> str:
    """A comment at the end of a line, with a blank before it."""
    if not comment:
        return ""
    if comment[0] != "#" or "\n" in comment:
        raise UnusualError
    return f" {comment}"


def _head(comment: str, pad: str) -> str:
    """The lines of a comment that stands above something."""
    lines = comment.split("\n")
    if any(line[:1] != "#" for line in lines):
        raise UnusualError
    return "".join([f"{pad}{line}\n" for line in lines])
