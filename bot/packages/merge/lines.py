"""Three texts merged into one, line by line: what only one side changed is as that side has it.

Lines are paired by those that occur once in both texts (patience diff), which takes linear time and keeps
blocks whole; between them, in what is small, by the longest common runs.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_SMALL = 40  # lines; to compare each of so few with each, again and again, is quick
_DEEPEST = 50  # each level looks at every line once


class Chunk(NamedTuple):
    """Some lines of the result: `lines` where they are settled, None where the three all differ.

    `line` is where they begin in the local text, counted from 1.
    """

    line: int
    origin: list[str]
    local: list[str]
    upstream: list[str]
    lines: list[str] | None


class Run(NamedTuple):
    """Equal lines: `length` of them from `left` in one text and from `right` in the other."""

    left: int
    right: int
    length: int


def merge_lines(origin: Sequence[str], local: Sequence[str], upstream: Sequence[str]) -> Iterator[Chunk]:
    """The merged text, in chunks; put together they are the whole of it."""
    at = (0, 0, 0)
    for start, end in _common(origin, local, upstream):
        parts = [list(text[a:b]) for text, a, b in zip((origin, local, upstream), at, start, strict=True)]
        if any(parts):
            yield _chunk(at[1] + 1, *parts)
        same = list(origin[start[0] : end[0]])
        if same:
            yield Chunk(start[1] + 1, same, same, same, same)
        at = end


def _chunk(line: int, origin: list[str], local: list[str], upstream: list[str]) -> Chunk:
    lines = None
    if local in (origin, upstream):
        lines = upstream if local == origin else local
    elif upstream == origin:
        lines = local
    return Chunk(line, origin, local, upstream, lines)


_Place = tuple[int, int, int]


def _common(
    origin: Sequence[str], local: Sequence[str], upstream: Sequence[str]
) -> Iterator[tuple[_Place, _Place]]:
    """Runs of lines that all three have, as their starts and ends; the last is the empty one at the end."""
    others = iter(runs(origin, upstream))
    other = next(others, None)
    for run in runs(origin, local):
        while other is not None and other.left < run.left + run.length:
            begin = max(run.left, other.left)
            end = min(run.left + run.length, other.left + other.length)
            if begin < end:
                start = (begin, begin - run.left + run.right, begin - other.left + other.right)
                yield start, (end, start[1] + end - begin, start[2] + end - begin)
            if other.left + other.length > run.left + run.length:
                break
            other = next(others, None)
    last = (len(origin), len(local), len(upstream))
    yield last, last


def runs(left: Sequence[str], right: Sequence[str]) -> list[Run]:
    """The equal lines of two texts, in order; what is between them differs."""
    found: list[Run] = []
    waiting = [(0, len(left), 0, len(right), 0)]
    while waiting:
        a, b, c, d, depth = waiting.pop()
        start = a
        while a < b and c < d and left[a] == right[c]:
            a, c = a + 1, c + 1
        if a > start:
            found.append(Run(start, c - (a - start), a - start))
        end = b
        while a < b and c < d and left[b - 1] == right[d - 1]:
            b, d = b - 1, d - 1
        if end > b:
            found.append(Run(b, d, end - b))
        if a == b or c == d or depth == _DEEPEST:
            continue
        anchors = [(a + i, c + j) for i, j in _anchors(left[a:b], right[c:d])]
        if anchors:
            ends = [*anchors, (b, d)]
            for (here, there), (following, opposite) in zip([(a, c), *anchors], ends, strict=True):
                waiting.append((here, following, there, opposite, depth + 1))
        elif b - a <= _SMALL and d - c <= _SMALL:
            blocks = SequenceMatcher(None, left[a:b], right[c:d], autojunk=False).get_matching_blocks()
            found += [Run(a + i, c + j, size) for i, j, size in blocks if size]
    return sorted(found)


def _anchors(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """The longest rising row of lines that occur once in each text."""
    counts, once = Counter(left), Counter(right)
    places = {line: j for j, line in enumerate(right) if once[line] == 1 and counts[line] == 1}
    pairs = [(i, places[line]) for i, line in enumerate(left) if line in places]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        size = bisect_left(tails, j)
        before.append(ends[size - 1] if size else -1)
        tails[size : size + 1] = [j]
        ends[size : size + 1] = [index]
    row: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        row.append(pairs[index])
        index = before[index]
    return row[::-1]
