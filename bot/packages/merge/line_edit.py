"""Values that stand on one line, changed there: what most changes of packages are.

To read a document again, or to write it anew, is far dearer; and what is not touched keeps every byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.packages.documents import Kind, Node, Style
from bot.packages.documents.scalars import reads_as_other, resolve_tag
from bot.packages.merge.shallow import with_content

# A line that holds one key with one value without escapes, as it is surely read as just that.
_WORD = r"[A-Za-z0-9_/.](?:[A-Za-z0-9_/.:@+-]*[A-Za-z0-9_/.])?"
_LINE = re.compile(
    r"(?P<before>[ ]*(?:- )*[A-Za-z0-9_./-]+:[ ]+)"
    rf"(?P<quote>[\"']?)(?P<value>{_WORD})(?P=quote)(?P<after>(?:[ ]+#.*)?\n)"
)
_STYLES = {"": Style.PLAIN, '"': Style.DOUBLE_QUOTED, "'": Style.SINGLE_QUOTED}


class Edit(NamedTuple):
    """One scalar in place of another."""

    old: Node
    new: Node


def edited_text(text: str, old: Node, new: Node) -> str | None:
    """The text of the tree `old` with the values of `new`; None where more than single values differ."""
    lines = text.splitlines(keepends=True)
    if all(edit is not None and _edit_line(lines, edit) for edit in _edits(old, new)):
        return "".join(lines)
    return None


def edited_tree(document: Node, before: list[str], after: list[str], places: Sequence[int]) -> Node | None:
    """The document whose lines are `after`, made of the one whose lines are `before`.

    `places` are the lines by the numbers that the nodes of `document` have. None where more than values
    differ. What is equal in both is shared by them.
    """
    if len(before) != len(after):
        return None
    values: dict[int, tuple[str, str]] = {}
    for number, old, new in zip(places, before, after, strict=True):
        if old != new:
            here, there = _LINE.fullmatch(old), _LINE.fullmatch(new)
            if (
                not here
                or not there
                or any(here[part] != there[part] for part in ("before", "quote", "after"))
            ):
                return None
            values[number] = (here["value"], there["value"])
    found: list[int] = []
    result = _with_values(document, values, found) if values else document
    return result if sorted(found) == sorted(values) else None


def _with_values(node: Node, values: dict[int, tuple[str, str]], found: list[int]) -> Node:
    """The tree with each of the values that stand in these lines; `found` tells which ones do."""
    if node.kind is Kind.SCALAR:
        value = values.get(node.line)
        if value is None or node.value != value[0] or not _is_bare(node):
            return node
        found.append(node.line)
        return replace(node, value=value[1], tag=_tag(node.style, value[1]))
    content: list[Node] | None = None
    is_mapping = node.kind is Kind.MAPPING
    for index, child in enumerate(node.content):
        made = child if is_mapping and index % 2 == 0 else _with_values(child, values, found)
        if made is not child:
            content = list(node.content) if content is None else content
            content[index] = made
    return node if content is None else with_content(node, content)


def _edits(old: Node, new: Node) -> Iterator[Edit | None]:
    """What differs between two trees that share what does not; None for all that is no single value."""
    if old is new:
        return
    if old.kind is not new.kind or len(old.content) != len(new.content) or not _are_dressed_alike(old, new):
        yield None
    elif old.kind is Kind.SCALAR:
        if old.value != new.value or old.tag != new.tag:
            yield Edit(old, new)
    elif old.kind is Kind.MAPPING and any(
        here.value != there.value or not _are_dressed_alike(here, there)
        for here, there in zip(old.content[::2], new.content[::2], strict=True)
    ):
        yield None
    else:
        step = 2 if old.kind is Kind.MAPPING else 1
        for here, there in zip(old.content[step - 1 :: step], new.content[step - 1 :: step], strict=True):
            yield from _edits(here, there)


def _edit_line(lines: list[str], edit: Edit) -> bool:
    old, new = edit
    if not (0 < old.line <= len(lines) and _is_bare(old) and _is_bare(new)):
        return False
    match = _LINE.fullmatch(lines[old.line - 1])
    if match is None or match["value"] != old.value:
        return False
    quote = match["quote"]
    written = f"{match['before']}{quote}{new.value}{quote}{match['after']}"
    if (
        _STYLES[quote] != new.style
        or _LINE.fullmatch(written) is None
        or _tag(new.style, new.value) != new.tag
    ):
        return False
    lines[old.line - 1] = written
    return True


def _is_bare(node: Node) -> bool:
    """Whether a scalar is written as its value, perhaps in quotes, and nothing else."""
    if node.anchor or node.style not in _STYLES.values():
        return False
    return node.style != Style.PLAIN or node.tag != "!!str" or not reads_as_other(node.value)


def _tag(style: Style, value: str) -> str:
    return "!!str" if style != Style.PLAIN else resolve_tag(value)


def _are_dressed_alike(one: Node, other: Node) -> bool:
    """Whether two nodes are written alike, but for what they hold."""
    return (
        one.style == other.style
        and one.line_comment == other.line_comment
        and one.head_comment == other.head_comment
        and one.foot_comment == other.foot_comment
        and one.anchor == other.anchor
        and (one.tag == other.tag or one.kind is Kind.SCALAR)
    )
