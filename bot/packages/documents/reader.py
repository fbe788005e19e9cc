"""Bytes to node trees: libyaml finds the events, and the trees are built as go-yaml v3 builds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from yaml import YAMLError
from yaml.cyaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bot.errors import InvalidDocument
from bot.packages.documents.comments import Note, notes_of
from bot.packages.documents.limits import LIMITS, Limits
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.documents.scalars import resolve_tag
from bot.packages.documents.separators import Part, is_wide, split
from bot.packages.naming import quoted

_STYLES = {
    None: Style.PLAIN,
    "": Style.PLAIN,
    "'": Style.SINGLE_QUOTED,
    '"': Style.DOUBLE_QUOTED,
    "|": Style.LITERAL,
    ">": Style.FOLDED,
}
_LONG_TAG = "tag:yaml.org,2002:"
_BREAKS = re.compile(r"\r\n?")


def parse(data: bytes, *, path: str = "", limits: Limits = LIMITS) -> list[Node]:
    """Read every document of `data` as a node of kind DOCUMENT; a document that is empty or null is left out.

    `path` is the file as the person knows it. Raises InvalidDocument, with the line where there is one, for
    whatever is no YAML, holds a key twice, is not UTF-8, or exceeds `limits`.
    """
    if len(data) > limits.bytes:
        reason = f"The file has {len(data)} bytes; a YAML file must have at most {limits.bytes}."
        raise InvalidDocument(reason, path=path)
    reader = _Reader(path, limits)
    for part in split(_text_of(data, path), path=path):
        reader.read(part)
    return reader.documents


def _text_of(data: bytes, path: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = "The file must be UTF-8 text; save it in that encoding."
        raise InvalidDocument(reason, path=path, line=line) from error
    return _BREAKS.sub("\n", text) if "\r" in text else text


class _Reader:
    """Collects the documents of one file, and counts what they cost."""

    def __init__(self, path: str, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self.documents: list[Node] = []
        self.nodes = 0
        self.aliases = 0

    def read(self, part: Part) -> None:
        """Read one part of a file; a part without '#' has no comments to place."""
        builder = _Builder(self, part.line)
        if "#" in part.text:
            events = list(self._events(part, builder))
            builder.build(events, notes_of(part.text, events))
        else:
            builder.build(self._events(part, builder), {})
        wide = is_wide(part.text) if builder.documents else False
        for document in builder.documents:
            document.wide = wide
            if len(self.documents) == self.limits.documents:
                self.refuse(
                    f"The file holds more than {self.limits.documents} documents; split it.", document.line
                )
            self.documents.append(document)

    def refuse(self, reason: str, line: int) -> None:
        raise InvalidDocument(reason, path=self.path, line=line)

    def _events(self, part: Part, builder: _Builder) -> Iterator[Event]:
        """The events of one part, so few and so shallow that its tree is safe to hold and to walk."""
        depth = 0
        most = self.limits.nodes
        try:
            parser = CParser(part.text)
            for event in iter(parser.get_event, None):
                if isinstance(event, ScalarEvent | AliasEvent):
                    self.nodes += 1
                elif isinstance(event, MappingStartEvent | SequenceStartEvent):
                    self.nodes += 1
                    depth += 1
                    if depth > self.limits.depth:
                        reason = f"The document is nested deeper than {self.limits.depth} levels."
                        self.refuse(reason, builder.line_of(event))
                elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                    depth -= 1
                if self.nodes > most:
                    reason = f"The file holds more than {most} values; split it."
                    self.refuse(reason, builder.line_of(event))
                yield event
        except YAMLError as error:
            raise self._syntax_error(error, part) from error

    def _syntax_error(self, error: YAMLError, part: Part) -> InvalidDocument:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None)
        if mark is not None:
            line = part.line + mark.line
        else:
            position = getattr(error, "position", 0) or 0
            line = part.line + part.text.encode().count(b"\n", 0, position)
        detail = f": {problem}" if problem else ""
        return InvalidDocument(f"This is no valid YAML{detail}.", path=self.path, line=line)


class _Builder:
    """Builds the trees of one part from its events and the comments that belong to them."""

    def __init__(self, reader: _Reader, first_line: int) -> None:
        self.reader = reader
        self.first_line = first_line
        self.documents: list[Node] = []
        self.sizes: dict[str, int] = {}
        self.open_anchors: list[tuple[Node, int]] = []

    def line_of(self, event: Event) -> int:
        return self.first_line + int(event.start_mark.line)

    def build(self, events: Iterable[Event], notes: Mapping[int, Note]) -> None:
        """Fill `documents`; `notes` holds the comments of the events, by their number."""
        stack: list[Node] = []
        here: list[Node] = []
        for number, event in enumerate(events):
            if isinstance(event, ScalarEvent):
                node = self._scalar(event)
                here.append(node)
            elif isinstance(event, MappingStartEvent):
                node = self._collection(Kind.MAPPING, "!!map", event)
                here.append(node)
                stack.append(node)
                here = node.content
            elif isinstance(event, SequenceStartEvent):
                node = self._collection(Kind.SEQUENCE, "!!seq", event)
                here.append(node)
                stack.append(node)
                here = node.content
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                node = stack.pop()
                self._close(node)
                here = stack[-1].content
            elif isinstance(event, AliasEvent):
                node = self._alias(event)
                here.append(node)
            elif isinstance(event, DocumentStartEvent):
                node = Node(Kind.DOCUMENT, line=self.line_of(event))
                stack.append(node)
                here = node.content
                self.sizes.clear()
            elif isinstance(event, DocumentEndEvent):
                node = stack.pop()
                if node.root.tag != "!!null":
                    self.documents.append(node)
            else:
                continue
            if notes and number in notes:
                _put_note(node, event, notes[number])
            if notes and isinstance(event, MappingEndEvent):
                _settle_feet(node)

    def _scalar(self, event: ScalarEvent) -> Node:
        text = event.value
        style = _STYLES[event.style]
        tag = event.tag
        if tag and tag != "!":
            style |= Style.TAGGED
            tag = _short(tag)
        elif style:
            tag = "!!str"
        else:
            tag = "!!merge" if text == "<<" else resolve_tag(text)
        node = Node(Kind.SCALAR, tag, text, style, line=self.first_line + event.start_mark.line)
        if event.anchor:
            node.anchor = event.anchor
            self.sizes[event.anchor] = 1
        return node

    def _collection(self, kind: Kind, tag: str, event: MappingStartEvent | SequenceStartEvent) -> Node:
        style = Style.FLOW if event.flow_style else Style.PLAIN
        if event.tag and event.tag != "!":
            tag = _short(event.tag)
            style |= Style.TAGGED
        node = Node(kind, tag, "", style, line=self.first_line + event.start_mark.line)
        if event.anchor:
            node.anchor = event.anchor
            self.sizes[event.anchor] = 0
            self.open_anchors.append((node, self.reader.nodes))
        return node

    def _close(self, node: Node) -> None:
        if self.open_anchors and self.open_anchors[-1][0] is node:
            _, before = self.open_anchors.pop()
            self.sizes[node.anchor] = self.reader.nodes - before + 1
        if node.kind is Kind.MAPPING:
            keys = node.content[::2]
            if len({key.value for key in keys}) < len(keys):
                self._refuse_twins(keys)

    def _refuse_twins(self, keys: list[Node]) -> None:
        seen: dict[str, int] = {}
        for key in keys:
            if key.kind is not Kind.SCALAR:
                continue
            if key.value in seen:
                reason = (
                    f"The key {quoted(key.value)} stands here again, after line {seen[key.value]}; keep one."
                )
                self.reader.refuse(reason, key.line)
            seen[key.value] = key.line

    def _alias(self, event: AliasEvent) -> Node:
        name = event.anchor
        reader = self.reader
        size = self.sizes.get(name)
        if size is None:
            reader.refuse(f"The alias {quoted('*' + name)} names no anchor above it.", self.line_of(event))
        elif size == 0:
            reader.refuse(f"The anchor {quoted('&' + name)} contains itself.", self.line_of(event))
        else:
            reader.aliases += 1
            reader.nodes += size
        if reader.aliases > reader.limits.aliases or reader.nodes > reader.limits.nodes:
            reader.refuse(
                "The aliases of the file stand for too much; write the values out.", self.line_of(event)
            )
        return Node(Kind.ALIAS, "", name, line=self.line_of(event))


def _short(tag: str) -> str:
    return "!!" + tag[len(_LONG_TAG) :] if tag.startswith(_LONG_TAG) else tag


def _put_note(node: Node, event: Event, note: Note) -> None:
    """Give a node its comments: those of its end replace those of its start, as in go-yaml."""
    if isinstance(event, DocumentEndEvent):
        node.foot_comment = note.foot
    elif isinstance(event, MappingEndEvent | SequenceEndEvent):
        node.line_comment, node.foot_comment = note.line, note.foot
    elif isinstance(event, MappingStartEvent | SequenceStartEvent | DocumentStartEvent):
        node.head_comment = note.head
    else:
        node.head_comment, node.line_comment, node.foot_comment = note.head, note.line, note.foot


def _settle_feet(node: Node) -> None:
    """Hand each foot comment in a mapping to the key of the pair that it follows."""
    content = node.content
    for index in range(0, len(content), 2):
        key, value = content[index], content[index + 1]
        if not node.style & Style.FLOW and key.foot_comment and index:
            content[index - 2].foot_comment, key.foot_comment = key.foot_comment, ""
        if not key.foot_comment and value.foot_comment:
            key.foot_comment, value.foot_comment = value.foot_comment, ""
    if not node.style & Style.FLOW and node.foot_comment and content:
        content[-2].foot_comment, node.foot_comment = node.foot_comment, ""
