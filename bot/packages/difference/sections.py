"""A difference as sections of lines, which the forms for people have in common; all of it fit to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from bot.packages.difference.alignment import Effort
from bot.packages.difference.change import MISSING, Difference, FieldChange, FileChange, ResourceChange, Word
from bot.packages.difference.field_path import path_text
from bot.packages.difference.hunks import Hunk, hunks
from bot.packages.difference.masking import masked
from bot.packages.difference.printable import cut, printable_line
from bot.packages.difference.title import (
    file_notes,
    files_told,
    resource_name,
    resource_notes,
    resource_words,
    shown_name,
)
from bot.packages.difference.value_text import is_long, masked_sides, one_line, value_lines

_LONGEST_LINE = 400
_MOST_LINES = 100
# Texts in fields are compared by lines up to this many characters.
_LONGEST_TEXT = 256 * 1024


class Role(StrEnum):
    """What a line tells; forms choose its sign and colour."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"
    HUNK = "hunk"
    NOTE = "note"


class Row(NamedTuple):
    role: Role
    text: str


# Lines that are shown together or not at all.
Block = tuple[Row, ...]


class Section(NamedTuple):
    """What is told of one resource or file: '`words` `name` in `path` (`notes`)', '' for no path."""

    words: str
    name: str
    path: str
    notes: tuple[str, ...]
    blocks: tuple[Block, ...]


def sections(difference: Difference) -> Iterator[Section]:
    """The resources, then the files that have more to tell, each made when it is asked for."""
    effort = Effort()
    yield from (_of_resource(change, effort) for change in difference.resources)
    yield from map(_of_file, files_told(difference))


def _of_resource(change: ResourceChange, effort: Effort) -> Section:
    place = change.place
    blocks: list[Block] = []
    if change.before is None or change.after is None:
        role = Role.ADDED if change.before is None else Role.REMOVED
        blocks.append(_value_block(role, "", masked(change.content)))
    for field in change.fields:
        blocks += _field_blocks(field, effort)
    notes = tuple(resource_notes(change))
    return Section(resource_words(change), resource_name(place), shown_name(place.path), notes, tuple(blocks))


def _of_file(change: FileChange) -> Section:
    blocks = tuple(map(_hunk_block, change.hunks))
    name = f"file {shown_name(change.entry.path)}"
    return Section(str(change.word), name, "", tuple(file_notes(change)), blocks)


def _field_blocks(change: FieldChange, effort: Effort) -> list[Block]:
    """The lines of one field."""
    path = path_text(change.path)
    before, after = masked_sides(change)
    if change.word is Word.REORDERED:
        return [(Row(Role.CHANGED, f"{path}: reordered, {one_line(before)} → {one_line(after)}"),)]
    if before is MISSING:
        return [_value_block(Role.ADDED, path, after)]
    if after is MISSING:
        return [_value_block(Role.REMOVED, path, before)]
    if isinstance(before, str) and isinstance(after, str) and "\n" in before + after:
        return _text_blocks(path, change, before, after, effort)
    if is_long(before) or is_long(after):
        return [_value_block(Role.REMOVED, path, before) + _value_block(Role.ADDED, path, after)]
    return [(Row(Role.CHANGED, f"{path}: {one_line(before)} → {one_line(after)}"),)]


def _text_blocks(path: str, change: FieldChange, before: str, after: str, effort: Effort) -> list[Block]:
    """A text of several lines, by those that changed; its secrets are masked line by line."""
    head = Row(Role.CHANGED, f"{path}:")
    if len(before) + len(after) > _LONGEST_TEXT:
        return [(Row(Role.CHANGED, f"{path}: {one_line(before)} → {one_line(after)}"),)]
    if isinstance(change.before, str) and isinstance(change.after, str) and not change.guarded:
        before, after = change.before, change.after
    found = [_hunk_block(hunk) for hunk in hunks(before, after, effort)]
    return [(head, *found[0]), *found[1:]] if found else [(head,)]


def _value_block(role: Role, path: str, value: object) -> Block:
    """A value that came or went; what is long is on lines below the path."""
    if path and not is_long(value):
        return (Row(role, f"{path}: {one_line(value)}"),)
    lines = value_lines(value, "  " if path else "")
    rows = [Row(role, f"{path}:")] if path else []
    rows += (Row(role, line) for line in islice(lines, _MOST_LINES))
    rest = sum(1 for _ in lines)
    return (*rows, *_more(rest))


def _hunk_block(hunk: Hunk) -> Block:
    roles = {"+": Role.ADDED, "-": Role.REMOVED, " ": Role.SAME}
    rows = [Row(Role.HUNK, hunk.head)]
    for sign, text, is_open, rest in hunk.lines[:_MOST_LINES]:
        rows.append(Row(roles[sign], printable_line(cut(text, _LONGEST_LINE, rest))))
        if is_open:
            rows.append(Row(Role.NOTE, "(no line feed at the end)"))
    return (*rows, *_more(len(hunk.lines) - _MOST_LINES))


def _more(lines: int) -> Block:
    return (Row(Role.NOTE, f"… and {lines} more lines"),) if lines > 0 else ()
