"""What changed between two packages, as values; they hold secrets as they are, which only the forms mask."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import NamedTuple

from bot.packages.difference.field_path import Path
from bot.packages.difference.hunks import Hunk
from bot.packages.resource import Identity


class Missing(Enum):
    """What stands where there is nothing; null is something."""

    MISSING = "missing"


MISSING = Missing.MISSING


class Word(StrEnum):
    """What happened to a file, a resource or a field."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: plain values before and after, MISSING where there is none.

    `at` is the place of an item that was added to or removed from a list whose items are known by keys, in
    the list that has it. Of a list that was `reordered`, the values are its items' keys in their order.
    `guarded` says that the field, whatever its value, is to be masked.
    """

    path: Path
    before: object = field(repr=False)
    after: object = field(repr=False)
    guarded: bool = False
    at: int | None = None
    reordered: bool = False

    @property
    def word(self) -> Word:
        if self.reordered:
            return Word.REORDERED
        if self.before is MISSING:
            return Word.ADDED
        return Word.REMOVED if self.after is MISSING else Word.CHANGED


class Place(NamedTuple):
    """A resource as one of the packages has it: its file, its number there from 0, and what it is called."""

    path: str
    number: int
    api_version: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource (or other document of YAML); `before` or `after` is None where a package lacks it.

    `content` is all of a resource that was added or removed. `is_moved` tells of another file, unless the
    whole file was renamed. `comments` says that comments changed, `formatting` that nothing but key order,
    quotes and the like did.
    """

    before: Place | None
    after: Place | None
    fields: tuple[FieldChange, ...] = ()
    is_moved: bool = False
    comments: bool = False
    formatting: bool = False
    content: object = field(default=None, repr=False)

    @property
    def place(self) -> Place:
        """Where it stands now; where it stood, of one that was removed."""
        found = self.after or self.before
        if found is None:
            raise ValueError("A change must have a place.")
        return found

    @property
    def words(self) -> tuple[Word, ...]:
        """What happened to it; () when only comments or formatting changed."""
        if self.before is None or self.after is None:
            return (Word.ADDED if self.before is None else Word.REMOVED,)
        is_renamed = self.before.identity[1:] != self.after.identity[1:]
        found = ((is_renamed, Word.RENAMED), (self.is_moved, Word.MOVED), (bool(self.fields), Word.CHANGED))
        return tuple(word for is_so, word in found if is_so)


class Entry(NamedTuple):
    """A file as one of the packages has it; `size` in bytes."""

    path: str
    mode: int
    size: int


class Content(StrEnum):
    """How the content of a file is told: by resources, lines or size, or not at all since it is the same."""

    RESOURCES = "resources"
    LINES = "lines"
    BYTES = "bytes"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file. `note` says why YAML is told by lines; `formatting` that no resource in it changed.

    The lines of the hunks are masked and cut already: nobody can tell afterwards what they belong to.
    """

    before: Entry | None
    after: Entry | None
    content: Content
    hunks: tuple[Hunk, ...] = ()
    note: str = ""
    formatting: bool = False

    @property
    def entry(self) -> Entry:
        found = self.after or self.before
        if found is None:
            raise ValueError("A change must have a file.")
        return found

    @property
    def word(self) -> Word:
        if self.before is None:
            return Word.ADDED
        if self.after is None:
            return Word.REMOVED
        return Word.CHANGED if self.before.path == self.after.path else Word.RENAMED


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed, sorted by the paths that things have now; empty (and false) for equal packages."""

    files: tuple[FileChange, ...] = ()
    resources: tuple[ResourceChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.files or self.resources)
