"""The lines in which two texts differ, as hunks with some lines around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.packages.difference.alignment import Block, Effort, blocks
from bot.packages.difference.line_masking import lines_of, mask_lines

_CONTEXT = 3
LONGEST_LINE = 4096

# A line, masked, and how many of its characters were left out.
Shown = tuple[str, int]


class Line(NamedTuple):
    """One line without its line feed; `sign` is '+', '-' or ' '.

    `is_open` says that it has no line feed, `rest` how many characters are left out at its end.
    """

    sign: str
    text: str
    is_open: bool = False
    rest: int = 0


class Hunk(NamedTuple):
    """Lines that belong together; starts count from 1, one less where a side has none, as in `diff -u`."""

    before_start: int
    before_count: int
    after_start: int
    after_count: int
    lines: tuple[Line, ...]

    @property
    def head(self) -> str:
        """The line that opens a hunk of a unified diff."""
        return f"@@ -{self.before_start},{self.before_count} +{self.after_start},{self.after_count} @@"


def hunks(before: str, after: str, effort: Effort) -> tuple[Hunk, ...]:
    """The hunks that make one text the other; secrets in their lines are masked, and long lines are cut.

    Linear in the size of the texts: where they have next to nothing in common, all is said to be replaced.
    """
    old, new = lines_of(before), lines_of(after)
    groups = list(_grouped(blocks(old, new, effort)))
    if not groups:
        return ()
    sides = _Sides(_shown(old), _shown(new))
    return tuple(sides.hunk(group) for group in groups)


def _grouped(changed: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks, together where the lines around them would touch."""
    group: list[Block] = []
    for block in changed:
        if group and block.old_start - group[-1].old_end > 2 * _CONTEXT:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


class _Sides(NamedTuple):
    """The lines of both sides as people may see them."""

    old: list[Shown]
    new: list[Shown]

    def hunk(self, group: list[Block]) -> Hunk:
        first, last = group[0], group[-1]
        lead = min(_CONTEXT, first.old_start)
        old_start, new_start = first.old_start - lead, first.new_start - lead
        lines: list[Line] = []
        here = old_start
        for block in group:
            lines += _lines(" ", self.old[here : block.old_start])
            lines += _lines("-", self.old[block.old_start : block.old_end])
            lines += _lines("+", self.new[block.new_start : block.new_end])
            here = block.old_end
        rest = self.old[here : here + _CONTEXT]
        lines += _lines(" ", rest)
        old_count = last.old_end + len(rest) - old_start
        new_count = last.new_end + len(rest) - new_start
        return Hunk(
            old_start + (old_count > 0), old_count, new_start + (new_count > 0), new_count, tuple(lines)
        )


def _shown(lines: Sequence[str]) -> list[Shown]:
    """The lines, masked, each with how many characters of it were left out before that."""
    ends = ["\n" if line.endswith("\n") else "" for line in lines]
    short = [
        line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + end
        for line, end in zip(lines, ends, strict=True)
    ]
    rests = (len(line) - len(cut) for line, cut in zip(lines, short, strict=True))
    return list(zip(mask_lines(short), rests, strict=True))


def _lines(sign: str, lines: list[Shown]) -> Iterator[Line]:
    for line, rest in lines:
        yield Line(sign, line.removesuffix("\n"), not line.endswith("\n"), rest)
