"""A resource as it was before kpt noted in it which one it is, made of how it is now.

Nearly every local resource is its origin with these notes, and perhaps other values: to find that out is far
cheaper than to read both.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from bot.packages.documents import Kind, Node
from bot.packages.merge.identity import ANNOTATION, COMMENT
from bot.packages.merge.shallow import with_content

_COMMENT = re.compile(rf"^metadata:[ ]+{re.escape(COMMENT)}[^\n]*\n", re.MULTILINE)
_ANNOTATION = re.compile(rf"^[ ]+{re.escape(ANNOTATION)}: [^\n]*\n", re.MULTILINE)
_ANNOTATIONS = re.compile(r"[ ]+annotations:\n")
_WORD = re.compile(r"[ ]*[^ #\n]")  # begins a line that is neither blank nor a comment


class Unnoted(NamedTuple):
    """A document without kpt's notes: its lines, where each stood with them, and its tree."""

    lines: list[str]
    places: list[int]
    document: Node


def without_notes(document: Node, text: str) -> Unnoted | None:
    """The document before kpt noted anything in it; None where that is not plain to see."""
    comment, annotation = _COMMENT.search(text), _ANNOTATION.search(text)
    if comment is None or annotation is None:
        return None
    lines = text.splitlines(keepends=True)
    last = text.count("\n", 0, annotation.start())
    first = last - 1 if _opens_alone(lines, last) else last
    # A comment beside what goes could have belonged to it, or belong to something else afterwards.
    around = lines[first - 1 : first] + lines[last + 1 : last + 2]
    if text.count("\n", 0, comment.start()) >= first or not all(map(_WORD.match, around)):
        return None
    lines[text.count("\n", 0, comment.start())] = "metadata:\n"
    places = [*range(1, first + 1), *range(last + 2, len(lines) + 1)]
    del lines[first : last + 1]
    root = _without_notes(document.root, alone=first < last)
    return Unnoted(lines, places, with_content(document, [root])) if root is not None else None


def _opens_alone(lines: list[str], at: int) -> bool:
    """Whether the line before begins the annotations, and there is none but this one."""
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return _ANNOTATIONS.fullmatch(lines[at - 1]) is not None and _indent(following) < _indent(lines[at])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _without_notes(root: Node, *, alone: bool) -> Node | None:
    key, metadata = root.key("metadata"), root.get("metadata")
    annotations = root.get("metadata", "annotations")
    if key is None or metadata is None or annotations is None or annotations.kind is not Kind.MAPPING:
        return None
    left = _without(annotations, ANNOTATION)
    if left is None or alone is bool(left.content):
        return None
    inner = _without(metadata, "annotations") if alone else _with(metadata, annotations, left)
    if inner is None:
        return None
    content = [inner if node is metadata else node for node in root.content]
    content = [replace(node, line_comment="") if node is key else node for node in content]
    return with_content(root, content)


def _with(parent: Node, old: Node, new: Node) -> Node:
    return with_content(parent, [new if node is old else node for node in parent.content])


def _without(parent: Node, name: str) -> Node | None:
    """A mapping without a key that has no comments."""
    for index, (key, value) in enumerate(parent.pairs()):
        if key.value == name:
            comments = (node.head_comment + node.line_comment + node.foot_comment for node in (key, value))
            if any(comments):
                return None
            return with_content(parent, parent.content[: 2 * index] + parent.content[2 * index + 2 :])
    return None
