"""Node trees to bytes, as go-yaml v3's emitter writes them with an indent of two.

A comment waits from the event that brings it until the next place that writes comments of its kind; these
places, and the order in which they come, are those of `emitterc.go`.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.documents.page import Page
from bot.packages.documents.quick_writer import write_quickly
from bot.packages.documents.scalars import is_no_string, resolve_tag
from bot.packages.documents.text import double_quoted, is_one_line, style_for

_PLAIN = Style.PLAIN
_LONGEST_SIMPLE_KEY = 128  # bytes, as libyaml has it
_LONG_TAG = "tag:yaml.org,2002:"
_DEEPEST = 200  # so deep a tree was not read here, and would exhaust Python's stack


def emit(documents: Iterable[Node], *, wide: bool | None = False) -> bytes:
    """Write documents, or any other nodes, with `---` between them.

    Lists stand at the column of their key, or two columns right of it where `wide`; None keeps what each
    document had. Raises InvalidDocument for a tree deeper than 200 levels.
    """
    parts = []
    for document in documents:
        compact = not (document.wide if wide is None else wide)
        whole = document if document.kind is Kind.DOCUMENT else Node(Kind.DOCUMENT, content=[document])
        text = write_quickly(whole, compact=compact)
        parts.append(_Writer(compact=compact).write(document) if text is None else text)
    return "---\n".join(parts).encode()


class _Writer:
    """Writes one document."""

    def __init__(self, *, compact: bool) -> None:
        self.page = Page()
        self.compact = compact
        self.flow_level = 0
        self.depth = 0

    def write(self, node: Node) -> str:
        """The text of a document, or of a document that holds nothing but this node."""
        page = self.page
        document = node.kind is Kind.DOCUMENT
        if document and node.head_comment:
            page.head = node.head_comment
            page.put_head(-1)
            page.line_break()
        for root in node.content if document else [node]:
            self._take(root)
            page.put_head(-1)
            self._node(root, -1)
        if document and node.foot_comment:
            page.foot = node.foot_comment
        page.foot_indent = 0
        page.put_foot(-1)
        page.foot_indent = -1
        page.indent_to(-1)
        return page.text()

    def _take(self, node: Node, tail: str = "", *, bare_foot: bool = False) -> None:
        """Receive the comments that the event of this node brings; those at its end come with `_take_end`."""
        page = self.page
        if node.head_comment:
            page.head = node.head_comment
        if tail:
            page.tail = tail
        if node.kind is Kind.SCALAR or node.kind is Kind.ALIAS:
            if node.line_comment:
                page.line = node.line_comment
            if node.foot_comment and not bare_foot:
                page.foot = node.foot_comment

    def _take_end(self, node: Node, tail: str = "") -> None:
        page = self.page
        if node.line_comment:
            page.line = node.line_comment
        if node.foot_comment:
            page.foot = node.foot_comment
        if tail:
            page.tail = tail

    def _node(self, node: Node, indent: int, *, mapping: bool = False) -> None:
        """Write a node that is no key; `mapping` says that it is the value of one."""
        page = self.page
        kind = node.kind
        if kind is Kind.SCALAR:
            self._scalar(node, indent)
        elif kind is Kind.ALIAS:
            page.put("*" + node.value, space=True)
        else:
            self._begin_collection(node)
        # The comments that wait are written where a collection begins, not where it ends.
        if page.line or page.foot or page.tail:
            if self.flow_level:
                page.put(",")
            page.put_line(indent)
            page.put_foot(indent)
        if kind is Kind.MAPPING or kind is Kind.SEQUENCE:
            self._content(node, indent, mapping=mapping)

    def _key(self, node: Node, indent: int, *, simple: bool) -> None:
        page = self.page
        if node.kind is Kind.SCALAR:
            self._scalar(node, indent, key=simple)
        elif node.kind is Kind.ALIAS:
            page.put("*" + node.value, space=True)
        else:
            self._begin_collection(node)
            self._content(node, indent, mapping=True)

    def _begin_collection(self, node: Node) -> None:
        if node.anchor:
            self.page.put("&" + node.anchor, space=True)
        natural = "!!map" if node.kind is Kind.MAPPING else "!!seq"
        if node.tag != natural or (node.style is not _PLAIN and node.style & Style.TAGGED):
            self._tag(node.tag)

    def _content(self, node: Node, indent: int, *, mapping: bool) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise InvalidDocument(f"The document is nested deeper than {_DEEPEST} levels.", line=node.line)
        flow = (
            self.flow_level > 0
            or not node.content
            or (node.style is not _PLAIN and bool(node.style & Style.FLOW))
        )
        if node.kind is Kind.MAPPING:
            self._flow_mapping(node, indent) if flow else self._block_mapping(node, indent)
        elif flow:
            self._flow_sequence(node, indent)
        else:
            self._block_sequence(node, indent, mapping=mapping)
        self.depth -= 1

    def _block_mapping(self, node: Node, indent: int) -> None:
        page = self.page
        inner = indent + 2 if indent >= 0 else 0
        tail = ""
        content = node.content
        for index in range(0, len(content) - 1, 2):
            key, value = content[index], content[index + 1]
            self._take(key, tail, bare_foot=True)
            tail = key.foot_comment
            if page.head or page.tail:
                page.put_head(inner)
            page.indent_to(inner)
            if page.line:
                page.key_line, page.line = page.line, ""
            if self._is_simple_key(key):
                self._key(key, inner, simple=True)
                page.put(":")
                self._take(value)
            else:
                page.put_indicator("?", indention=True)
                self._key(key, inner, simple=False)
                self._take(value)
                page.indent_to(inner)
                page.put_indicator(":", indention=True)
            if page.key_line:
                self._place_key_line(value, inner)
            self._node(value, inner, mapping=True)
        self._take_end(node, tail)
        page.put_head(inner)

    def _place_key_line(self, value: Node, indent: int) -> None:
        """A key's line comment goes behind a scalar value, or before a block value."""
        page = self.page
        if value.kind is Kind.SCALAR:
            if not page.line:
                page.line, page.key_line = page.key_line, ""
        elif value.kind is not Kind.ALIAS and not value.style & Style.FLOW:
            page.line, page.key_line = page.key_line, page.line
            page.put_line(indent)
            page.line, page.key_line = page.key_line, page.line

    def _block_sequence(self, node: Node, indent: int, *, mapping: bool) -> None:
        page = self.page
        pull = self.compact and mapping and (page.column == 0 or not page.indention)
        inner = 0 if indent < 0 else indent if pull else indent + 2
        for item in node.content:
            self._take(item)
            if page.head or page.tail:
                page.put_head(inner)
            page.indent_to(inner)
            page.put_indicator("-", indention=True)
            self._node(item, inner)
        self._take_end(node)

    def _flow_sequence(self, node: Node, indent: int) -> None:
        page = self.page
        inner = indent + 2 if indent >= 0 else 2
        page.put_indicator("[", whitespace=True)
        self.flow_level += 1
        comma = False
        for item in node.content:
            if comma:
                page.put(",")
            self._take(item)
            page.put_head(inner)
            if page.column == 0:
                page.indent_to(inner)
            comma = not (page.line or page.foot or page.tail)
            self._node(item, inner)
        self._take_end(node)
        self.flow_level -= 1
        if page.column == 0:
            page.indent_to(indent)
        page.put("]")
        page.put_line(indent)
        page.put_foot(indent)

    def _flow_mapping(self, node: Node, indent: int) -> None:
        page = self.page
        inner = indent + 2 if indent >= 0 else 2
        page.put_indicator("{", whitespace=True)
        self.flow_level += 1
        comma = False
        tail = ""
        for key, value in node.pairs():
            if comma:
                page.put(",")
            self._take(key, tail, bare_foot=True)
            tail = key.foot_comment
            page.put_head(inner)
            if page.column == 0:
                page.indent_to(inner)
            if self._is_simple_key(key):
                self._key(key, inner, simple=True)
                page.put(":")
            else:
                page.put("?", space=True)
                self._key(key, inner, simple=False)
                page.put(":", space=True)
            self._take(value)
            comma = not (page.line or page.foot or page.tail)
            self._node(value, inner, mapping=True)
        self._take_end(node, tail)
        if comma and (page.head or page.foot or page.tail):
            page.put(",")
        page.put_head(inner)
        self.flow_level -= 1
        page.put("}")
        page.put_line(indent)
        page.put_foot(indent)

    def _is_simple_key(self, key: Node) -> bool:
        if key.kind is Kind.SCALAR:
            if not is_one_line(key.value):
                return False
            if len(key.value) < 24 and not key.anchor and key.style is _PLAIN:
                return True
            length = len(key.value.encode()) + len(key.anchor) + len(self._tag_of_scalar(key))
        elif key.kind is Kind.ALIAS:
            length = len(key.value)
        else:
            length = _LONGEST_SIMPLE_KEY + 1 if key.content else 0
        return length <= _LONGEST_SIMPLE_KEY

    def _scalar(self, node: Node, indent: int, *, key: bool = False) -> None:
        page = self.page
        text = node.value
        if node.anchor:
            page.put("&" + node.anchor, space=True)
        self._tag(self._tag_of_scalar(node))
        chosen = style_for(text, self._wanted_style(node), flow=self.flow_level > 0, key=key)
        inner = indent + 2 if indent >= 0 else 2
        if chosen is Style.LITERAL:
            page.literal(text, inner)
        elif chosen is Style.FOLDED:
            page.folded(text, inner)
        elif chosen is Style.SINGLE_QUOTED:
            page.single_quoted(text, inner)
        elif chosen is Style.DOUBLE_QUOTED:
            page.put(double_quoted(text), space=True)
        elif text:
            page.put(text, space=True)
        else:
            page.indention = False

    def _wanted_style(self, node: Node) -> Style:
        if node.style is _PLAIN:
            if "\n" in node.value:
                return Style.LITERAL
            return Style.DOUBLE_QUOTED if node.tag == "!!str" and is_no_string(node.value) else _PLAIN
        for style in (Style.DOUBLE_QUOTED, Style.SINGLE_QUOTED, Style.LITERAL, Style.FOLDED):
            if node.style & style:
                return style
        return Style.LITERAL if "\n" in node.value else _PLAIN

    def _tag(self, tag: str) -> None:
        if tag:
            self.page.put(_handle(tag), space=True)

    def _tag_of_scalar(self, node: Node) -> str:
        """The tag that must be written for this scalar, '' for none."""
        tag = node.tag
        if not tag or (node.style is not _PLAIN and node.style & Style.TAGGED):
            return tag
        if tag == "!!str":
            return ""
        return "" if resolve_tag(node.value) == tag else tag


def _handle(tag: str) -> str:
    """A tag as it is written: short where a handle covers it, in `!<…>` where none does."""
    if tag.startswith(_LONG_TAG):
        return "!!" + tag[len(_LONG_TAG) :]
    return tag if tag.startswith("!") else f"!<{tag}>"
