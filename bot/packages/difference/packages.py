"""The difference between two packages: files, then the resources in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.errors import InvalidDocument
from bot.packages.difference.alignment import Effort
from bot.packages.difference.change import Content, Difference, Entry, FileChange, ResourceChange
from bot.packages.difference.fields import field_changes
from bot.packages.difference.file_pairs import FilePair, joined_by_items, joined_by_lines, paired
from bot.packages.difference.hunks import Hunk, hunks
from bot.packages.difference.line_masking import mask_text
from bot.packages.difference.matching import Pair, matched
from bot.packages.difference.notation import is_commented_alike, is_written_alike
from bot.packages.difference.reading import Item, is_krm, read_items
from bot.packages.difference.still import without_still
from bot.packages.documents.collector import collector_paused
from bot.packages.package import File, Files
from bot.packages.schema import shape_of

# Larger files are told by their size.
_LARGEST_TEXT = 1024 * 1024


def difference(before: Files, after: Files) -> Difference:
    """All that differs, by file and by resource; what is equal byte for byte is not even read.

    Never fails: YAML that cannot be read is told by lines, with a note, and what is no text by its size.
    """
    with collector_paused():
        return _difference(before, after)


def _difference(before: Files, after: Files) -> Difference:
    pairs = list(map(_opened, paired(before, after)))
    old = [item for pair in pairs for item in pair.old_items]
    new = [item for pair in pairs for item in pair.new_items]
    resources = matched(_sorted(old), _sorted(new))
    moved = [(one, other) for one, other in resources if one is not None and other is not None]
    pairs = joined_by_lines(joined_by_items(pairs, moved))
    moves = {pair.old_path: pair.new_path for pair in pairs if pair.old and pair.new}
    changes = [change for pair in resources if (change := _resource_change(pair, moves))]
    touched = {place.path for change in changes for place in (change.before, change.after) if place}
    effort = Effort()
    files = [_file_change(pair, touched, effort) for pair in pairs]
    return Difference(tuple(sorted(files, key=_file_order)), tuple(sorted(changes, key=_resource_order)))


def _sorted(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.place[:2])


def _file_order(change: FileChange) -> tuple[str, bool]:
    return change.entry.path, change.after is None


def _resource_order(change: ResourceChange) -> tuple[str, bool, int]:
    return change.place.path, change.after is None, change.place.number


def _opened(pair: FilePair) -> FilePair:
    """The pair with its documents, where it is told by these."""
    sides = [(path, file) for path, file in ((pair.old_path, pair.old), (pair.new_path, pair.new)) if file]
    if len(sides) == 2 and sides[0][1].content == sides[1][1].content:
        return replace(pair, content=Content.SAME)
    if not all(is_krm(path, file) for path, file in sides):
        return pair
    before, after = without_still(
        pair.old.content if pair.old else b"", pair.new.content if pair.new else b""
    )
    try:
        old = read_items(pair.old_path, before) if pair.old else []
    except InvalidDocument as error:
        return replace(pair, note=_note("before", error))
    try:
        new = read_items(pair.new_path, after) if pair.new else []
    except InvalidDocument as error:
        return replace(pair, note=_note("after", error))
    return replace(pair, content=Content.RESOURCES, old_items=tuple(old), new_items=tuple(new))


def _note(when: str, error: InvalidDocument) -> str:
    place = f", line {error.line}" if error.line else ""
    return f"told by lines, since {when} the change{place}: {mask_text(error.reason)}"


def _resource_change(pair: Pair, moves: Mapping[str, str]) -> ResourceChange | None:
    """What changed in one resource; None where nothing did."""
    old, new = pair
    if old is None or new is None:
        item = old or new
        content = item.value if item else None
        return ResourceChange(old.place if old else None, new.place if new else None, content=content)
    # One type for both, and the same one when the packages are swapped.
    shape = max(shape_of(old.document.root), shape_of(new.document.root))
    fields = field_changes(old.value, new.value, shape)
    is_moved = moves.get(old.place.path, old.place.path) != new.place.path
    comments = not is_commented_alike(old.document, new.document)
    formatting = not (fields or comments) and not is_written_alike(old.document, new.document)
    if not (fields or is_moved or comments or formatting):
        return None
    return ResourceChange(old.place, new.place, fields, is_moved, comments, formatting)


def _file_change(pair: FilePair, touched: set[str], effort: Effort) -> FileChange:
    before, after = _entry(pair.old_path, pair.old), _entry(pair.new_path, pair.new)
    if pair.content is not Content.LINES:
        is_quiet = pair.content is Content.RESOURCES and not touched & {pair.old_path, pair.new_path}
        return FileChange(before, after, pair.content, formatting=bool(is_quiet and pair.old and pair.new))
    lines = _hunks(pair.old, pair.new, effort)
    content = Content.BYTES if lines is None else Content.LINES
    return FileChange(before, after, content, lines or (), pair.note)


def _entry(path: str, file: File | None) -> Entry | None:
    return Entry(path, file.mode, len(file.content)) if file else None


def _hunks(old: File | None, new: File | None, effort: Effort) -> tuple[Hunk, ...] | None:
    """The hunks of two texts; None where one is none."""
    texts = [_text(file.content) if file else "" for file in (old, new)]
    before, after = texts
    return None if before is None or after is None else hunks(before, after, effort)


def _text(content: bytes) -> str | None:
    if len(content) > _LARGEST_TEXT or b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
