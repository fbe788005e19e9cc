"""Which packages on the branch have a published revision as their upstream."""

from collections.abc import Iterator

import pygit2

from bot.packages.layout import Layout
from bot.packages.package import KPTFILE

LOCK = b"upstreamLock:"


def downstream_of(
    repository: pygit2.Repository, layout: Layout, path: str, revision: int, base: str
) -> list[str]:
    """Paths of the packages at `base` whose Kptfile names revision `revision` of `path` as its upstream.

    Only clones inside one repository are seen from here.
    """
    full_path = layout.full_path(path)
    refs = {f"{full_path}/v{revision}".encode(), f"v{revision}".encode()}
    found = []
    for directory, kptfile in _kptfiles(repository[base].peel(pygit2.Tree), ""):
        if directory != full_path and LOCK in kptfile and _names(kptfile, full_path.encode(), refs):
            found.append(layout.inside(directory) or directory)
    return found


def _names(kptfile: bytes, directory: bytes, refs: set[bytes]) -> bool:
    """Look at the lines of the lock only: to read every Kptfile as YAML would take seconds."""
    lock = kptfile[kptfile.index(LOCK) :].splitlines()[1:]
    values: dict[bytes, bytes] = {}
    for line in lock:
        if line[:1] not in (b" ", b"\t"):
            break
        key, _, value = line.strip().partition(b":")
        values[key] = value.strip().strip(b"'\"").strip(b"/")
    return values.get(b"directory") == directory and values.get(b"ref") in refs


def _kptfiles(tree: pygit2.Tree, directory: str) -> Iterator[tuple[str, bytes]]:
    if KPTFILE in tree:
        kptfile = tree[KPTFILE]
        if isinstance(kptfile, pygit2.Blob):
            yield directory, kptfile.data
            return
    for entry in tree:
        if isinstance(entry, pygit2.Tree):
            yield from _kptfiles(entry, f"{directory}/{entry.name}" if directory else str(entry.name))
