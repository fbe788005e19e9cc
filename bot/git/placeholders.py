"""The packages that a branch's tree holds, found without reading any directory twice."""

from collections.abc import Sequence
from typing import NamedTuple

import pygit2

from bot.errors import UserError
from bot.git.entries import TREE, Entry, parse_tree
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE

DEEPEST = 100
MOST_PACKAGES = 100_000
_MOST_REMEMBERED = 200_000
_FILE_TYPE = 0o170000
_REGULAR_TYPE = 0o100000


class Found(NamedTuple):
    """A package's directory relative to where the search began, or a directory with a `complaint`."""

    directory: str
    complaint: str = ""


# By a tree's hex id, what lies in it; the walk fills it, and an unchanged tree is never read again.
# Its values are plain, because thousands of them come from a file each time that the branch moves.
Remembered = dict[str, Sequence[Sequence[str]]]


def find_packages(repository: pygit2.Repository, tree: str, remembered: Remembered) -> tuple[Found, ...]:
    """Find the outermost directories with a Kptfile below `tree` (a tree's hex id).

    Raises UserError when the tree nests deeper than DEEPEST, or holds more than MOST_PACKAGES.
    """
    if len(remembered) > _MOST_REMEMBERED:
        remembered.clear()
    return tuple(Found(*found) for found in _search(repository, tree, remembered, 0))


def is_kptfile(entry: Entry | None) -> bool:
    """Whether this is a Kptfile that makes a package: a file, neither a link nor a directory."""
    return entry is not None and entry.mode & _FILE_TYPE == _REGULAR_TYPE


def _search(
    repository: pygit2.Repository, tree: str, remembered: Remembered, depth: int
) -> Sequence[Sequence[str]]:
    known = remembered.get(tree)
    if known is not None:
        return known
    if depth > DEEPEST:
        raise UserError(f"Directories nest more than {DEEPEST} deep; packages must lie nearer to the root.")
    entries = parse_tree(repository.read(tree)[1])
    kptfile = entries.get(KPTFILE)
    found: list[Sequence[str]] = [("", "")] if is_kptfile(kptfile) else []
    if not found:
        if kptfile is not None:
            found.append(("", f"{quoted(KPTFILE)} must be a file, not a link or a directory."))
        for name, entry in entries.items():
            if entry.mode == TREE:
                below = _search(repository, entry.oid, remembered, depth + 1)
                found.extend(_under(name, *item) for item in below)
    if len(found) > MOST_PACKAGES:
        raise UserError(f"There are more than {MOST_PACKAGES} packages on the branch.")
    remembered[tree] = found
    return found


def _under(name: str, directory: str, complaint: str) -> Sequence[str]:
    path = f"{name}/{directory}" if directory else name
    if complaint or name.isprintable():
        return path, complaint
    return path, "The directory's name must be printable UTF-8; rename it."


def holds_package(repository: pygit2.Repository, tree: str, directory: str) -> bool:
    """Whether `find_packages` would find `directory` below `tree`, asked of its own path only."""
    oid = tree
    for segment in (*directory.split("/"), "") if directory else ("",):
        entries = parse_tree(repository.read(oid)[1])
        if is_kptfile(entries.get(KPTFILE)):
            return segment == ""
        entry = entries.get(segment)
        if entry is None or entry.mode != TREE:
            return False
        oid = entry.oid
    return False
