"""What the Kptfiles of all revisions say of their upstreams; each is read once, and remembered.

What a revision's commit holds never changes, so that only revisions with a new commit are looked for; and of
those only Kptfiles that were never seen are read as YAML.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

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


class _Answer(NamedTuple):
    """What was told of revisions with these `keys`, digested: for each, an index into `lineages`."""

    digest: str
    indices: list[int]
    lineages: list[Lineage]


@dataclass(slots=True)
class _Memory:
    """`places` leads from a commit and a path, `blobs` from a Kptfile's hex id, to what the Kptfile says."""

    places: dict[str, Lineage] = field(default_factory=dict)
    blobs: dict[str, Lineage] = field(default_factory=dict)


def read_lineages(
    repository: pygit2.Repository, layout: Layout, revisions: Sequence[PackageRevision], cache: Cache
) -> tuple[Lineage, ...]:
    """Say it for each of `revisions`, in their order; the cache keeps what is known of these and no others.

    One whose Kptfile cannot be read has a `problem`.
    """
    name = "lineages-" + hashlib.sha256(f"{layout.branch}\0{layout.directory}".encode()).hexdigest()[:16]
    keys = [f"{row.commit}:{row.path}" for row in revisions]
    digest = hashlib.sha256("\n".join(keys).encode("utf-8", "surrogateescape")).hexdigest()
    answer = _recall_answer(cache, f"{name}-answer")
    if answer is not None and answer.digest == digest and len(answer.indices) == len(keys):
        return tuple([answer.lineages[index] for index in answer.indices])
    known = _recall_memory(cache, f"{name}-memory")
    fresh = {key: row for key, row in zip(keys, revisions, strict=True) if key not in known.places}
    lost = _learn(repository, layout, fresh, known)
    found = tuple([lost[key] if key in lost else known.places[key] for key in keys])
    _remember(cache, name, known, keys, "" if lost else digest)
    return found


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
            known.places[key] = known.blobs.get(oid) or read_lineage(read_file(repository, oid))
            known.blobs[oid] = known.places[key]
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


def _recall_answer(cache: Cache, name: str) -> _Answer | None:
    """Read the last answer; None when it is damaged."""
    try:
        digest, indices, rows = cache.read(name)
        lineages = [_lineage(*row) for row in rows]
        return _Answer(digest, indices, lineages) if _are_indices(indices, lineages) else None
    except (TypeError, ValueError):
        return None


def _recall_memory(cache: Cache, name: str) -> _Memory:
    """Read what the last answer was made of; nothing when it is damaged."""
    try:
        places, blobs, rows = cache.read(name)
        lineages = [_lineage(*row) for row in rows]
        if not all(_are_indices(indices.values(), lineages) for indices in (places, blobs)):
            return _Memory()
        return _Memory(*({key: lineages[at] for key, at in known.items()} for known in (places, blobs)))
    except (TypeError, ValueError, AttributeError):
        return _Memory()


def _are_indices(indices: Collection[int], lineages: Sequence[Lineage]) -> bool:
    return not indices or (min(indices) >= 0 and max(indices) < len(lineages))


def _remember(cache: Cache, name: str, known: _Memory, keys: Sequence[str], digest: str) -> None:
    """Write what is known of `keys`, and no more; equal lineages, which are most, are written once."""
    places = {key: known.places[key] for key in keys if key in known.places}
    lineages = {lineage: at for at, lineage in enumerate(dict.fromkeys(places.values()))}
    blobs = {oid: lineages[said] for oid, said in known.blobs.items() if said != NONE and said in lineages}
    indices = {key: lineages[said] for key, said in places.items()}
    cache.write(f"{name}-memory", [indices, blobs, list(lineages)])
    if digest:
        cache.write(f"{name}-answer", [digest, [indices[key] for key in keys], list(lineages)])


def _lineage(upstream: Any, lock: Any, strategy: str, problem: str) -> Lineage:  # noqa: ANN401 what JSON gives
    return Lineage(upstream and Upstream(*upstream), lock and Upstream(*lock), strategy, problem)
