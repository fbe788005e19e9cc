"""The content of packages as Git's trees: read as files, written from files, put into a branch's tree.

Names that are not UTF-8 are kept as surrogates (see entries.py) and survive reading and writing.
"""

from collections.abc import Collection, Iterator, Mapping

import pygit2
from pygit2.enums import ObjectType

from bot.errors import NotFound, UserError
from bot.git.blobs import write_blobs
from bot.git.entries import TREE, Entry, encoded, find_entry, format_tree, parse_tree
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, LINK, REGULAR, SUBMODULE, File, Files

# A tree of a few objects can name billions of files by repeating itself; a package has thousands at most.
MOST_FILES = 50_000
MOST_BYTES = 512 * 1024 * 1024
LONGEST_PATH = 1024


def read_files(repository: pygit2.Repository, root: str, full_path: str = "") -> Files:
    """Read every file below `full_path` of the tree, commit or tag `root` (hex id); none if missing.

    Links and submodules are kept as what they are. Raises UserError for a package beyond
    MOST_FILES, MOST_BYTES or LONGEST_PATH.
    """
    subtree = package_tree(repository, root, full_path)
    files: dict[str, File] = {}
    size = 0
    for path, entry in _walk(repository, subtree, full_path) if subtree else ():
        size += 0 if entry.mode == SUBMODULE else _size(repository, entry.oid)
        if size > MOST_BYTES:
            raise _too_large(full_path)
        files[path] = _read_file(repository, entry)
    return files


def same_files(repository: pygit2.Repository, old: str, new: str, full_path: str) -> frozenset[str]:
    """Find the paths below `full_path` at which two trees or commits hold the very same file."""
    trees = [package_tree(repository, root, full_path) for root in (old, new)]
    if not all(trees):
        return frozenset()
    before, after = (set(_walk(repository, tree, full_path)) for tree in trees)
    return frozenset(path for path, _ in before & after)


def changed_files(repository: pygit2.Repository, old: str, new: str, own: str) -> Iterator[str]:
    """The paths at which two trees or commits differ, but for the directory `own`, one after the other.

    Where the same two directories differ in several places, the first of these counts: few objects can name
    more files than anybody could look at.
    """
    pending = [("", tree_of(repository, old), tree_of(repository, new))]
    seen: set[tuple[str, str]] = set()
    while pending:
        prefix, *pair = pending.pop()
        if (pair[0], pair[1]) in seen:
            continue
        seen.add((pair[0], pair[1]))
        before, after = (_read_tree(repository, oid) if oid else {} for oid in pair)
        for name in sorted({*before, *after}):
            sides = [before.get(name), after.get(name)]
            trees = [side.oid if side and side.mode == TREE else "" for side in sides]
            is_file = any(side and side.mode != TREE for side in sides)
            if sides[0] == sides[1] or (prefix + name == own and not is_file):
                continue
            if is_file:
                yield prefix + name
            if any(trees):
                pending.append((f"{prefix}{name}/", trees[0], trees[1]))


def read_file(repository: pygit2.Repository, oid: str) -> bytes:
    """Read one blob by its hex id; raises UserError beyond MOST_BYTES, NotFound when it is missing."""
    if _size(repository, oid) > MOST_BYTES:
        raise UserError(f"The file {oid} is too large: it must have at most {MOST_BYTES >> 20} MiB.")
    return _read(repository, oid)


def package_tree(repository: pygit2.Repository, root: str, full_path: str) -> str:
    """Find the hex id of the directory `full_path` of the tree, commit or tag `root`; '' if missing."""
    oid = tree_of(repository, root)
    for segment in full_path.split("/") if full_path else ():
        oid = find_entry(_read(repository, oid), b"40000", encoded(segment))
        if not oid:
            return ""
    return oid


def write_tree_at(
    repository: pygit2.Repository, base: str | None, full_path: str, subtree: str | None
) -> str:
    """Write a new root tree: `base` with the directory `full_path` replaced by `subtree`, or removed if None.

    `base` is a tree, commit or tag, None for the empty tree. Directories that hold nothing are left out;
    all else keeps its names, modes and ids. Returns the new tree's hex id.
    """
    oid = tree_of(repository, base) if base else None
    segments = full_path.split("/") if full_path else []
    replaced = _replace(repository, oid, segments, subtree)
    return replaced or _write_tree(repository, {})


def write_changes(repository: pygit2.Repository, tree: str, changes: Mapping[str, bytes | None]) -> str:
    """Write a package tree with what a pipeline changed; None is a file that goes.

    Files keep their modes, and what was not changed its very objects. Returns the new tree's hex id.
    """
    old = read_files(repository, tree)
    files = {
        path: old[path]._replace(content=content) if path in old else File(content)
        for path, content in changes.items()
        if content is not None
    }
    gone = [path for path, content in changes.items() if content is None]
    return write_files(repository, files, onto=tree, without=gone)


def write_files(
    repository: pygit2.Repository, files: Files, *, onto: str | None = None, without: Collection[str] = ()
) -> str:
    """Write a tree that holds `files` over what the tree `onto` holds, less the paths `without`; its hex id.

    Raises InvalidName for a path with '..', '.git' or an empty part, UserError for one that is both kinds.
    """
    blobs = {path: file for path, file in files.items() if file.mode != SUBMODULE}
    oids = write_blobs(repository, [file.content for file in blobs.values()])
    entries: dict[str, Entry | None] = dict.fromkeys(without)
    entries |= {path: Entry(blobs[path].mode, oid) for path, oid in zip(blobs, oids, strict=True)}
    for path, file in files.items():
        if file.mode == SUBMODULE:
            entries[path] = Entry(SUBMODULE, file.content.decode("ascii"))
    return _write_entries(repository, entries, onto) or _write_tree(repository, {})


def _write_entries(
    repository: pygit2.Repository, changes: Mapping[str, Entry | None], onto: str | None
) -> str | None:
    """Write the tree `onto` with `changes` by path, None for what goes; None when nothing is left."""
    below: dict[str, dict[str, Entry | None]] = {}
    own: dict[str, Entry | None] = {}
    for path, change in changes.items():
        first, slash, rest = path.partition("/")
        if slash:
            below.setdefault(first, {})[rest] = change
        else:
            own[first] = change
    entries = dict(_read_tree(repository, onto)) if onto else {}
    for name, under in below.items():
        old = entries.pop(name, None)
        tree = _write_entries(repository, under, old.oid if old is not None and old.mode == TREE else None)
        if tree is not None:
            entries[name] = Entry(TREE, tree)
    if clash := [name for name, change in own.items() if change is not None and name in below]:
        raise UserError(f"{quoted(min(clash))} must be a file or a directory, not both.")
    for name, change in own.items():
        if change is not None:
            entries[name] = change
        elif name not in below:
            entries.pop(name, None)
    return _write_tree(repository, entries) if entries else None


def tree_of(repository: pygit2.Repository, root: str) -> str:
    """Find the hex id of the tree of a commit or an (annotated) tag, or of the tree itself."""
    try:
        return str(repository[root].peel(pygit2.Tree).id)
    except (KeyError, ValueError, pygit2.GitError):
        raise NotFound(f"The object {quoted(root)} is missing or holds no files; fetch it first.") from None


def _walk(repository: pygit2.Repository, tree: str, full_path: str) -> Iterator[tuple[str, Entry]]:
    pending = [("", tree)]
    met = 0
    while pending:
        prefix, oid = pending.pop()
        for name, entry in _read_tree(repository, oid).items():
            met += 1
            if met > MOST_FILES or len(prefix) > LONGEST_PATH:
                raise _too_large(full_path)
            if entry.mode == TREE:
                pending.append((f"{prefix}{name}/", entry.oid))
            else:
                yield prefix + name, entry


def _too_large(full_path: str) -> UserError:
    return UserError(
        f"The package {quoted(full_path)} is too large: it must have at most {MOST_FILES} files and "
        f"directories, {MOST_BYTES >> 20} MiB, and paths of {LONGEST_PATH} characters."
    )


def _read_file(repository: pygit2.Repository, entry: Entry) -> File:
    if entry.mode == SUBMODULE:
        return File(entry.oid.encode(), SUBMODULE)
    if entry.mode == LINK:
        return File(_read(repository, entry.oid), LINK)
    # Old programs wrote modes such as 100664; Git itself knows only whether a file can be executed.
    return File(_read(repository, entry.oid), EXECUTABLE if entry.mode & 0o100 else REGULAR)


def _replace(
    repository: pygit2.Repository, base: str | None, segments: list[str], subtree: str | None
) -> str | None:
    """Replace what is at `segments` of the tree `base`; None when nothing is left of it."""
    levels: list[dict[str, Entry]] = []
    under = base
    for segment in segments:
        levels.append(dict(_read_tree(repository, under)) if under else {})
        old = levels[-1].get(segment)
        under = old.oid if old is not None and old.mode == TREE else None
    new = subtree
    for segment, entries in zip(reversed(segments), reversed(levels), strict=True):
        if new is not None:
            entries[segment] = Entry(TREE, new)
        elif (old := entries.get(segment)) is not None and old.mode == TREE:
            del entries[segment]
        new = _write_tree(repository, entries) if entries else None
    return new


def _read_tree(repository: pygit2.Repository, oid: str) -> dict[str, Entry]:
    return parse_tree(_read(repository, oid))


def _write_tree(repository: pygit2.Repository, entries: dict[str, Entry]) -> str:
    return str(repository.write(ObjectType.TREE, format_tree(entries)))


def _read(repository: pygit2.Repository, oid: str) -> bytes:
    try:
        _, data = repository.read(oid)
    except (KeyError, ValueError, pygit2.GitError):
        raise NotFound(
            f"The repository lacks the object {oid}; `git fsck` tells what else is missing."
        ) from None
    return data


def _size(repository: pygit2.Repository, oid: str) -> int:
    """Ask for an object's size without unpacking it: a small one may unpack to gigabytes."""
    try:
        _, size = repository.odb.read_header(oid)
    except (KeyError, ValueError, pygit2.GitError):
        raise NotFound(
            f"The repository lacks the object {oid}; `git fsck` tells what else is missing."
        ) from None
    return size
