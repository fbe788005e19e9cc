"""Any document to a node tree: libyaml finds the events, and the tree is built as go-yaml v3 builds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from bot.errors import InvalidDocument
from bot.packages.documents.comments import Note, notes_of
from bot.packages.documents.events import (
    ALIAS,
    DOCUMENT_END,
    DOCUMENT_START,
    ENDS,
    MAPPING_END,
    SCALAR,
    SEQUENCE_START,
    STARTS,
    Event,
    YAMLError,
    read_events,
)
from bot.packages.documents.goyaml import UNMARSHAL, words_of
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.documents.scalars import resolve_tag
from bot.packages.documents.separators import Part
from bot.packages.documents.tally import Tally
from bot.packages.gostring import go_quoted
from bot.packages.naming import quoted

_PLAIN = Style.PLAIN
_SCALAR = Kind.SCALAR
_STYLES = {
    "'": Style.SINGLE_QUOTED,
    '"': Style.DOUBLE_QUOTED,
    "|": Style.LITERAL,
    ">": Style.FOLDED,
}
# What else ends a line, and with it a comment, to libyaml.
_RARE_BREAKS = {0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
_LONG_TAG = "tag:yaml.org,2002:"


def read_in_full(part: Part, tally: Tally) -> list[Node]:
    """The documents of a part that are not null; a part without '#' has no comments to place.

    Raises InvalidDocument as `parse` does.
    """
    builder = _Builder(tally, part.line)
    try:
        # No node has more than two events: a part with more of them can only be refused.
        events = islice(read_events(part.text), 2 * tally.limits.nodes + 5)
        if "#" in part.text:
            listed = list(events)
            builder.build(listed, notes_of(part.text.translate(_RARE_BREAKS), listed, tally.limits.depth))
        else:
            builder.build(events, {})
    except YAMLError as error:
        raise _syntax_error(error, part, tally.path) from error
    if builder.stack:
        tally.refuse_nodes(part.line)
    return builder.documents


def _syntax_error(error: YAMLError, part: Part, path: str) -> InvalidDocument:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    if mark is not None:
        line = part.line + mark.line
    else:
        position = getattr(error, "position", 0) or 0
        line = part.line + part.text.encode().count(b"\n", 0, position)
    detail = f": {problem}" if problem else ""
    reason = f"This is no valid YAML{detail}."
    return InvalidDocument(reason, path=path, line=line, kpt=words_of(error))


class _Builder:
    """Builds the trees of one part from its events and the comments that belong to them."""

    def __init__(self, tally: Tally, first_line: int) -> None:
        self.tally = tally
        self.first_line = first_line
        self.documents: list[Node] = []
        self.stack: list[Node] = []
        # How many nodes each anchor stands for; 0 while its collection is open.
        self.sizes: dict[str, int] = {}
        self.open_anchors: list[tuple[Node, int]] = []

    def build(self, events: Iterable[Event], notes: Mapping[int, Note]) -> None:
        """Fill `documents`; `notes` holds the comments of the events, by their number."""
        stack = self.stack
        here: list[Node] = []
        for number, event in enumerate(events):
            kind = type(event)
            if kind is SCALAR:
                node = self._scalar(event)
                here.append(node)
            elif kind in STARTS:
                node = self._collection(event)
                here.append(node)
                here = node.content
            elif kind in ENDS:
                node = self._close()
                here = stack[-1].content
            elif kind is ALIAS:
                node = self._alias(event)
                here.append(node)
            elif kind is DOCUMENT_START or kind is DOCUMENT_END:
                node = self._document(event)
                here = node.content
            else:
                continue
            if notes:
                if number in notes:
                    _put_note(node, kind, notes[number])
                if kind is MAPPING_END:
                    _settle_feet(node)

    def _document(self, event: Event) -> Node:
        if type(event) is DOCUMENT_START:
            self.stack.append(Node(Kind.DOCUMENT, line=self._line_of(event)))
            self.sizes.clear()
            return self.stack[0]
        node = self.stack.pop()
        if node.root.tag != "!!null":
            self.documents.append(node)
        return node

    def _line_of(self, event: Event) -> int:
        return self.first_line + event.start_mark.line

    def _scalar(self, event: Event) -> Node:
        self.tally.nodes += 1
        text = event.value
        tag = event.tag
        style = _STYLES.get(event.style, _PLAIN)
        if tag and tag != "!":
            style |= Style.TAGGED
            tag = _short(tag)
        elif style is _PLAIN:
            tag = "!!merge" if text == "<<" else resolve_tag(text)
        else:
            tag = "!!str"
        node = Node(_SCALAR, tag, text, style, [], "", "", "", "", self.first_line + event.start_mark.line)
        if event.anchor:
            node.anchor = event.anchor
            self.sizes[event.anchor] = 1
        return node

    def _collection(self, event: Event) -> Node:
        self.tally.nodes += 1
        sequence = type(event) is SEQUENCE_START
        tag = "!!seq" if sequence else "!!map"
        style = Style.FLOW if event.flow_style else _PLAIN
        if event.tag and event.tag != "!":
            tag = _short(event.tag)
            style |= Style.TAGGED
        node = Node(Kind.SEQUENCE if sequence else Kind.MAPPING, tag, "", style, line=self._line_of(event))
        if event.anchor:
            node.anchor = event.anchor
            self.sizes[event.anchor] = 0
            self.open_anchors.append((node, self.tally.nodes))
        self.stack.append(node)
        if len(self.stack) > self.tally.limits.depth + 1:
            reason = f"The document is nested deeper than {self.tally.limits.depth} levels."
            self.tally.refuse(reason, node.line)
        return node

    def _close(self) -> Node:
        node = self.stack.pop()
        if self.open_anchors and self.open_anchors[-1][0] is node:
            _, before = self.open_anchors.pop()
            self.sizes[node.anchor] = self.tally.nodes - before + 1
        if node.kind is Kind.MAPPING:
            keys = node.content[::2]
            if len({key.value for key in keys}) < len(keys):
                self._refuse_twins(keys)
        return node

    def _refuse_twins(self, keys: list[Node]) -> None:
        seen: dict[str, int] = {}
        for key in keys:
            if key.kind is not Kind.SCALAR:
                continue
            if key.value in seen:
                reason = (
                    f"The key {quoted(key.value)} stands here again, after line {seen[key.value]}; keep one."
                )
                words = f"mapping key {go_quoted(key.value)} already defined at line {seen[key.value]}"
                self.tally.refuse(reason, key.line, f"{UNMARSHAL}\n  line {key.line}: {words}")
            seen[key.value] = key.line

    def _alias(self, event: Event) -> Node:
        name, line = event.anchor, self._line_of(event)
        tally = self.tally
        if name not in self.sizes:
            words = f"yaml: unknown anchor '{name}' referenced"
            tally.refuse(f"The alias {quoted('*' + name)} names no anchor above it.", line, words)
        if self.sizes[name] == 0:
            tally.refuse(f"The anchor {quoted('&' + name)} contains itself.", line)
        tally.aliases += 1
        tally.nodes += self.sizes[name]
        if tally.aliases > tally.limits.aliases or tally.nodes > tally.limits.nodes:
            tally.refuse("The aliases of the file stand for too much; write the values out.", line)
        return Node(Kind.ALIAS, "", name, line=line)


def _short(tag: str) -> str:
    return "!!" + tag[len(_LONG_TAG) :] if tag.startswith(_LONG_TAG) else tag


def _put_note(node: Node, kind: type, note: Note) -> None:
    """Give a node its comments: the end of a collection brings line and foot, its start the head."""
    if kind is DOCUMENT_END:
        node.foot_comment = note.foot
    elif kind in ENDS:
        node.line_comment, node.foot_comment = note.line, note.foot
    else:
        node.head_comment = note.head
        if kind is SCALAR or kind is ALIAS:
            node.line_comment, node.foot_comment = note.line, note.foot


def _settle_feet(node: Node) -> None:
    """Hand each foot comment in a mapping to the key of the pair that it follows."""
    content = node.content
    block = node.style is _PLAIN or not node.style & Style.FLOW
    previous = None
    for key, value in zip(content[::2], content[1::2], strict=True):
        if block and key.foot_comment and previous:
            previous.foot_comment, key.foot_comment = key.foot_comment, ""
        if value.foot_comment and not key.foot_comment:
            key.foot_comment, value.foot_comment = value.foot_comment, ""
        previous = key
    if block and node.foot_comment and previous:
        previous.foot_comment, node.foot_comment = node.foot_comment, ""
