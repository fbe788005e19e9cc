"""Files that are no resources, followed where one side moved them: by their content."""

from __future__ import annotations

from collections import Counter, defaultdict

from bot.packages.merge.trees import Trees
from bot.packages.package import File, Files

_ALIKE = 0.6
# Comparing each with each takes long where there are many; then only what is equal is found.
_MOST_PAIRS = 400
_LONGEST = 100_000  # bytes of a file that is compared by its lines


def followed(trees: Trees) -> Trees:
    """The trees with each moved file at its new place in all of them.

    Only files are followed that the other side changed: of the others it makes no difference.
    """
    trees = _follow_upstream(trees)
    origin, upstream, local = _follow_upstream(Trees(trees.origin, trees.upstream, trees.local))
    return Trees(origin, local, upstream)


def _follow_upstream(trees: Trees) -> Trees:
    """Follow what moved in the third of the trees."""
    origin, local, upstream = trees
    gone = [
        path
        for path, file in origin.items()
        if path not in upstream and path in local and local[path] != file and file.content
    ]
    come = [path for path in upstream if path not in origin and path not in local and upstream[path].content]
    moves = _moves(origin, gone, upstream, come) if gone and come else {}
    return Trees(_moved(origin, moves), _moved(local, moves), upstream) if moves else trees


def _moved(tree: Files, moves: dict[str, str]) -> Files:
    return {moves.get(path, path): file for path, file in tree.items()}


def _moves(origin: Files, gone: list[str], upstream: Files, come: list[str]) -> dict[str, str]:
    """Where each went; no file goes where another went."""
    by_content: defaultdict[File, list[str]] = defaultdict(list)
    for path in sorted(come, reverse=True):
        by_content[upstream[path]].append(path)
    found = {path: by_content[origin[path]].pop() for path in gone if by_content.get(origin[path])}
    left = [path for path in gone if path not in found and len(origin[path].content) <= _LONGEST]
    free = set(come) - set(found.values())
    free = {path for path in free if len(upstream[path].content) <= _LONGEST}
    if len(left) * len(free) <= _MOST_PAIRS:
        before = {path: _Lines(origin[path]) for path in left}
        after = {path: _Lines(upstream[path]) for path in free}
        pairs = ((before[old].likeness(after[new]), old, new) for old in left for new in free)
        for likeness, old, new in sorted(pairs, reverse=True):
            if likeness >= _ALIKE and old not in found and new in free:
                found[old] = new
                free.remove(new)
    return found


class _Lines:
    """The lines of a file, to be compared with those of others."""

    def __init__(self, file: File) -> None:
        self._mode = file.mode
        self._lines = Counter(file.content.splitlines())

    def likeness(self, other: _Lines) -> float:
        """The share of lines that two files have in common, from 0 to 1."""
        total = self._lines.total() + other._lines.total()
        if self._mode != other._mode or not total:
            return 0.0
        return 2 * (self._lines & other._lines).total() / total
