"""What the Kptfiles of all revisions say of their upstreams; each is read once, and remembered.

What a revision's commit holds never changes, so that only revisions with a new commit are looked for; and of
those only Kptfiles that were never seen are read as YAML.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pygit2

from bot.errors import UserError
from bot.git.cache import Cache
from bot.git.entries import encoded, find_entry, parse_tree
from bot.git.placeholders import is_kptfile
from bot.git.trees import read_file
from bot.packages.kptfile import Upstream
from bot.packages.layout import Layout
from bot.packages.package import KPTFILE
from bot.packages.relations.lineage import NONE, Lineage, read_lineage
from bot.packages.revision import PackageRevision

_KPTFILE = KPTFILE.encode()
_TREE = slice(5, 45)  # a commit begins with "tree <hex id>"
_NEAR = 64  # trees: those that lead to neighbouring packages of one commit
_Read = Callable[[str], bytes]


@dataclass(slots=True)
class _Memory:
    """`places` leads from a commit and a path, `blobs` from a Kptfile's hex id, to an index in `lineages`."""

    places: dict[str, int] = field(default_factory=dict)
    blobs: dict[str, int] = field(default_factory=dict)
    lineages: list[Lineage] = field(default_factory=lambda: [NONE])

    def add(self, lineage: Lineage) -> int:
        """Its index; the many that say nothing share one."""
        if lineage == NONE:
            return 0
        self.lineages.append(lineage)
        return len(self.lineages) - 1


def read_lineages(
    repository: pygit2.Repository, layout: Layout, revisions: Sequence[PackageRevision], cache: Cache
) -> tuple[Lineage, ...]:
    """Say it for each of `revisions`, in their order; the cache keeps what is known of these and no others.

    One whose Kptfile cannot be read has a `problem`.
    """
    name = "lineages-" + hashlib.sha256(f"{layout.branch}\0{layout.directory}".encode()).hexdigest()[:16]
    known = _recall(cache, name)
    keys = [f"{row.commit}:{row.path}" for row in revisions]
    fresh = {key: row for key, row in zip(keys, revisions, strict=True) if key not in known.places}
    lost = _learn(repository, layout, fresh, known)
    if fresh or len(known.places) > len(set(keys)):
        _remember(cache, name, known, keys)
    told = known.lineages
    return tuple(lost[key] if key in lost else told[known.places[key]] for key in keys)


def _learn(
    repository: pygit2.Repository, layout: Layout, fresh: dict[str, PackageRevision], known: _Memory
) -> dict[str, Lineage]:
    """Add what is new to `known`; what objects are missing for, is returned: it may be there tomorrow."""
    lost: dict[str, Lineage] = {}
    read = lru_cache(_NEAR)(lambda oid: bytes(repository.read(oid)[1]))
    for key, row in fresh.items():
        full_path = layout.full_path(row.path)
        try:
            oid = _kptfile(repository, read, row.commit, full_path)
            if oid not in known.blobs:
                known.blobs[oid] = known.add(read_lineage(read_file(repository, oid)))
            known.places[key] = known.blobs[oid]
        except (KeyError, ValueError, UserError, pygit2.GitError) as error:
            lost[key] = Lineage(problem=f"The {KPTFILE} cannot be found: {error}")
    return lost


def _kptfile(repository: pygit2.Repository, read: _Read, commit: str, full_path: str) -> str:
    """Find the hex id of a package's Kptfile; raises KeyError when it is not there."""
    oid = repository.read(commit)[1][_TREE].decode("ascii")
    for segment in full_path.split("/") if full_path else ():
        oid = find_entry(read(oid), b"40000", encoded(segment))
        if not oid:
            raise KeyError(full_path)
    data = read(oid)
    if found := find_entry(data, b"100644", _KPTFILE):
        return found
    entry = parse_tree(data).get(KPTFILE)
    if entry is None or not is_kptfile(entry):
        raise KeyError(full_path)
    return entry.oid


def _recall(cache: Cache, name: str) -> _Memory:
    """Read what is remembered; nothing when it is damaged."""
    try:
        places, blobs, rows = cache.read(name)
        lineages = [_lineage(*row) for row in rows]
        if lineages[0] != NONE or max(*places.values(), *blobs.values(), 0, 0) >= len(lineages):
            return _Memory()
        return _Memory(places, blobs, lineages)
    except (TypeError, ValueError, AttributeError, IndexError):
        return _Memory()


def _remember(cache: Cache, name: str, known: _Memory, keys: Sequence[str]) -> None:
    """Write what is known of `keys`; the rest is forgotten."""
    places = {key: known.places[key] for key in keys if key in known.places}
    used = sorted({0, *places.values()})
    moved = {old: new for new, old in enumerate(used)}
    blobs = {oid: moved[index] for oid, index in known.blobs.items() if index and index in moved}
    rows = [known.lineages[index] for index in used]
    cache.write(name, [{key: moved[index] for key, index in places.items()}, blobs, rows])


def _lineage(upstream: Any, lock: Any, strategy: str, problem: str) -> Lineage:  # noqa: ANN401 what JSON gives
    return Lineage(upstream and Upstream(*upstream), lock and Upstream(*lock), strategy, problem)
