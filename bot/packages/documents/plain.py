"""Nodes to plain Python values and back."""

from __future__ import annotations

import math
from decimal import Decimal

from bot.errors import InvalidDocument
from bot.packages.documents.limits import LIMITS
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.documents.quick_plain import dump_quickly
from bot.packages.documents.reader import parse
from bot.packages.documents.scalars import reads_as_other, resolve_tag, resolve_value
from bot.packages.documents.writer import emit


def load(data: bytes, *, path: str = "") -> object:
    """Read the one document of `data` as plain values: dict, list, str, int, float, bool or None.

    An empty file is None. Raises InvalidDocument as `parse` does, and where there is more than one document.
    """
    documents = parse(data, path=path)
    if len(documents) > 1:
        reason = f"The file must hold one document, not {len(documents)}."
        raise InvalidDocument(reason, path=path, line=documents[1].line)
    return plain(documents[0], path=path) if documents else None


def plain(node: Node, *, path: str = "") -> object:
    """The value of a node: dict, list, str, int, float, bool or None; mapping keys become str, as in JSON.

    Aliases and merge keys (`<<`) are resolved. Raises InvalidDocument where an alias has no anchor, a merge
    key no mapping, a key is no scalar, or aliases stand for too much, or for what is nested too deep.
    """
    return _Values(path).value(node.root)


def from_plain(value: object) -> Node:
    """The node that says `value`: block style, strings quoted where plain text would mean something else.

    Takes dict, list, tuple, str, int, float, bool and None. Raises TypeError for anything else.
    """
    if isinstance(value, dict):
        content = [node for key, item in value.items() for node in (_text(_key(key)), from_plain(item))]
        return Node(Kind.MAPPING, "!!map", content=content)
    if isinstance(value, list | tuple):
        return Node(Kind.SEQUENCE, "!!seq", content=[from_plain(item) for item in value])
    if isinstance(value, str):
        return _text(value)
    return Node(Kind.SCALAR, *_scalar(value))


def dump(value: object, *, wide: bool = False) -> bytes:
    """Write plain values as YAML, as `kubectl` does: block style; keys keep their order.

    Lists stand at the column of their key, or two columns right of it where `wide`.
    """
    text = dump_quickly(value, wide=wide)
    return emit([from_plain(value)], wide=wide) if text is None else text.encode()


def _key(key: object) -> str:
    return key if isinstance(key, str) else _scalar(key)[1]


def _text(text: str) -> Node:
    style = Style.DOUBLE_QUOTED if reads_as_other(text) else Style.PLAIN
    if "\n" in text:
        style = Style.LITERAL
    return Node(Kind.SCALAR, "!!str", text, style)


def _scalar(value: object) -> tuple[str, str]:
    """Tag and text of a value that is neither text nor collection."""
    if value is None:
        return "!!null", "null"
    if isinstance(value, bool):
        return "!!bool", "true" if value else "false"
    if isinstance(value, int):
        return resolve_tag(str(value)), str(value)
    if isinstance(value, float):
        text = _float_text(value)
        return resolve_tag(text), text
    raise TypeError(f"{type(value).__name__} is no plain value")


def _float_text(value: float) -> str:
    """As Go's strconv.FormatFloat(value, 'g', -1, 64) writes it."""
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    point = len(digits) + int(exponent) - 1
    if -4 <= point < 6:
        return format(Decimal(repr(value)).normalize(), "f")
    head, rest = digits[0], "".join(map(str, digits[1:]))
    mantissa = f"{head}.{rest}" if rest else str(head)
    return f"{'-' if sign else ''}{mantissa}e{'-' if point < 0 else '+'}{abs(point):02d}"


class _Values:
    """Resolves the aliases of one tree, and counts what they stand for."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.anchors: dict[str, object] = {}
        self.left = LIMITS.nodes
        self.depth = 0

    def value(self, node: Node) -> object:
        found: object
        if node.kind is Kind.SCALAR:
            found = self._scalar(node)
        elif node.kind is Kind.ALIAS:
            return self._alias(node)
        else:
            self.depth += 1
            found = (
                self._mapping(node)
                if node.kind is Kind.MAPPING
                else [self.value(item) for item in node.content]
            )
            self.depth -= 1
        if node.anchor:
            self.anchors[node.anchor] = found
        return found

    def _alias(self, node: Node) -> object:
        if node.value not in self.anchors:
            raise InvalidDocument(
                f"The alias '*{node.value}' names no anchor.", path=self.path, line=node.line
            )
        return self._copy(self.anchors[node.value], node, self.depth)

    def _copy(self, value: object, node: Node, depth: int) -> object:
        """A value of its own, so that changing it leaves the anchor's alone."""
        self.left -= 1
        if depth >= LIMITS.depth and isinstance(value, dict | list):
            reason = f"The aliases nest deeper than {LIMITS.depth} levels; write the values out."
            raise InvalidDocument(reason, path=self.path, line=node.line)
        if self.left < 0:
            reason = "The aliases stand for too much; write the values out."
            raise InvalidDocument(reason, path=self.path, line=node.line)
        if isinstance(value, dict):
            return {key: self._copy(item, node, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            return [self._copy(item, node, depth + 1) for item in value]
        return value

    def _mapping(self, node: Node) -> dict[str, object]:
        found: dict[str, object] = {}
        merged: dict[str, object] = {}
        for key, value in node.pairs():
            if key.tag == "!!merge":
                self._merge(merged, value)
            elif key.kind is Kind.SCALAR:
                found[_key(self._scalar(key))] = self.value(value)
            else:
                reason = "A key must be text, not a list or a mapping."
                raise InvalidDocument(reason, path=self.path, line=key.line)
        return (
            {**found, **{key: value for key, value in merged.items() if key not in found}}
            if merged
            else found
        )

    def _merge(self, into: dict[str, object], node: Node) -> None:
        value = self.value(node)
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, dict):
                reason = "A merge key '<<' must be given a mapping or a list of mappings."
                raise InvalidDocument(reason, path=self.path, line=node.line)
            for key, item in part.items():
                into.setdefault(key, item)

    def _scalar(self, node: Node) -> str | int | float | bool | None:
        tag = node.tag
        if tag in {"!!str", "!!timestamp", "!!binary", "!!merge"} or not tag.startswith("!!"):
            return node.value
        value = resolve_value(node.value)
        return float(value) if tag == "!!float" and isinstance(value, int) else value
