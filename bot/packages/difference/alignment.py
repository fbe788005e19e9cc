"""Which lines of two texts belong together, found in a time that grows with the texts alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

# difflib may take the square of what it is given, or worse: each piece, and all pieces together, are bounded.
_LARGEST_PIECE = 10_000
_MOST_PIECES = 3_000_000
_DEEPEST = 6


class Block(NamedTuple):
    """Lines `old_start` to `old_end` (exclusive, from 0) of one text are replaced by those of the other."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


@dataclass(slots=True)
class Effort:
    """What may still be given to difflib, for all texts of a package together; in pairs of lines."""

    left: int = _MOST_PIECES


def blocks(old: Sequence[str], new: Sequence[str], effort: Effort) -> list[Block]:
    """The blocks in which they differ, in order; they never touch each other.

    Lines that both have once are where they are held together (https://bramcohen.livejournal.com/73318.html);
    difflib compares what is left between, and pieces that are too large are replaced as a whole.
    """
    found: list[Block] = []
    for block in _Alignment(old, new, effort).between(Block(0, len(old), 0, len(new)), 0):
        last = found[-1] if found else None
        if last and (last.old_end, last.new_end) == (block.old_start, block.new_start):
            found[-1] = Block(last.old_start, block.old_end, last.new_start, block.new_end)
        else:
            found.append(block)
    return found


class _Alignment:
    def __init__(self, old: Sequence[str], new: Sequence[str], effort: Effort) -> None:
        self._old = old
        self._new = new
        self._effort = effort

    def between(self, piece: Block, depth: int) -> Iterator[Block]:
        """The blocks within one piece."""
        piece = self._trimmed(piece)
        old_start, old_end, new_start, new_end = piece
        if old_start == old_end or new_start == new_end:
            if old_start < old_end or new_start < new_end:
                yield piece
            return
        anchors = self._anchors(piece) if depth < _DEEPEST else []
        if not anchors:
            yield from self._compared(piece)
            return
        for old, new in anchors:
            yield from self.between(Block(old_start, old, new_start, new), depth + 1)
            old_start, new_start = old + 1, new + 1
        yield from self.between(Block(old_start, old_end, new_start, new_end), depth + 1)

    def _trimmed(self, piece: Block) -> Block:
        """The piece without the lines that are equal at its ends."""
        old_start, old_end, new_start, new_end = piece
        old, new = self._old, self._new
        while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
            old_start, new_start = old_start + 1, new_start + 1
        while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
            old_end, new_end = old_end - 1, new_end - 1
        return Block(old_start, old_end, new_start, new_end)

    def _anchors(self, piece: Block) -> list[tuple[int, int]]:
        """Places of lines that stand once on both sides, as many as have the same order."""
        old = self._old[piece.old_start : piece.old_end]
        new = self._new[piece.new_start : piece.new_end]
        old_counts, new_counts = Counter(old), Counter(new)
        places = {line: index for index, line in enumerate(new) if new_counts[line] == 1}
        pairs = [
            (index, places[line])
            for index, line in enumerate(old)
            if old_counts[line] == 1 and line in places
        ]
        return [(piece.old_start + i, piece.new_start + j) for i, j in _rising(pairs)]

    def _compared(self, piece: Block) -> Iterator[Block]:
        old_start, old_end, new_start, new_end = piece
        size = (old_end - old_start) * (new_end - new_start)
        if size > min(_LARGEST_PIECE, self._effort.left):
            yield piece
            return
        self._effort.left -= size
        matcher = SequenceMatcher(None, self._old[old_start:old_end], self._new[new_start:new_end], False)
        for tag, i, i_end, j, j_end in matcher.get_opcodes():
            if tag != "equal":
                yield Block(old_start + i, old_start + i_end, new_start + j, new_start + j_end)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, not necessarily neighbours, whose second parts rise as their first do."""
    ends: list[int] = []  # the lowest second part in which a run of each length ends
    at: list[int] = []  # the pair that this is of
    before: list[int] = []
    for index, (_, new) in enumerate(pairs):
        length = bisect_left(ends, new)
        ends[length : length + 1] = [new]
        at[length : length + 1] = [index]
        before.append(at[length - 1] if length else -1)
    found = []
    index = at[-1] if at else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]
