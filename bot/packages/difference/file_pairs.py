"""Which files of two packages are one and the same, and which of them changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.packages.difference.change import Content
from bot.packages.difference.reading import Item
from bot.packages.package import File, Files

_ALIKE = 0.6
# Comparing each with each takes long where there are many; then only what is equal is found.
_MOST_PAIRS = 400
_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class FilePair:
    """One file before and after, None where it is not, with its documents where it is told by them."""

    old_path: str
    old: File | None
    new_path: str
    new: File | None
    content: Content = Content.LINES
    note: str = ""
    old_items: tuple[Item, ...] = ()
    new_items: tuple[Item, ...] = ()

    @property
    def is_gone(self) -> bool:
        return self.new is None

    @property
    def is_new(self) -> bool:
        return self.old is None

    def joined(self, new: FilePair) -> FilePair:
        """What is gone here, and what came there, as one file that was renamed."""
        return FilePair(
            self.old_path, self.old, new.new_path, new.new, self.content, "", self.old_items, new.new_items
        )


def paired(before: Files, after: Files) -> list[FilePair]:
    """The files that are not the same; what went and came with equal bytes was renamed."""
    old = {path: file for path, file in before.items() if path not in after}
    new = {path: file for path, file in after.items() if path not in before}
    pairs = [
        FilePair(path, before[path], path, after[path])
        for path in before.keys() & after.keys()
        if before[path] != after[path]
    ]
    waiting: defaultdict[bytes, list[str]] = defaultdict(list)
    for path in sorted(new, reverse=True):
        if new[path].content:
            waiting[new[path].content].append(path)
    for path in sorted(old):
        found = waiting.get(old[path].content)
        if found:
            there = found.pop()
            pairs.append(FilePair(path, old.pop(path), there, new.pop(there)))
    pairs += (FilePair(path, file, "", None) for path, file in old.items())
    pairs += (FilePair("", None, path, file) for path, file in new.items())
    return pairs


def joined_by_items(pairs: list[FilePair], moved: Iterable[tuple[Item, Item]]) -> list[FilePair]:
    """The files, renamed where more than half of the documents of both are the same ones."""
    gone = {pair.old_path: pair for pair in pairs if pair.is_gone and pair.content is Content.RESOURCES}
    new = {pair.new_path: pair for pair in pairs if pair.is_new and pair.content is Content.RESOURCES}
    counts = Counter((one.place.path, other.place.path) for one, other in moved)
    moves = {
        old: there
        for (old, there), count in counts.items()
        if old in gone
        and there in new
        and 2 * count > max(len(gone[old].old_items), len(new[there].new_items))
    }
    return _joined(pairs, moves)


def joined_by_lines(pairs: list[FilePair]) -> list[FilePair]:
    """The files, renamed where most of the lines of both are the same."""
    told = [pair for pair in pairs if pair.content is Content.LINES and not pair.note]
    old = {pair.old_path: _lines(pair.old) for pair in told if pair.is_gone and pair.old}
    new = {pair.new_path: _lines(pair.new) for pair in told if pair.is_new and pair.new}
    moves: dict[str, str] = {}
    if len(old) * len(new) <= _MOST_PAIRS:
        # Equally like ones are taken so that swapping the packages gives the same ones.
        ranked = sorted(
            (-likeness, sorted((one, other)), one, other)
            for one, here in old.items()
            for other, there in new.items()
            if (likeness := _likeness(here, there)) >= _ALIKE
        )
        for _, _, one, other in ranked:
            if one not in moves and other not in moves.values():
                moves[one] = other
    return _joined(pairs, moves)


def _joined(pairs: list[FilePair], moves: Mapping[str, str]) -> list[FilePair]:
    there = {pair.new_path: pair for pair in pairs if pair.is_new}
    come = {moves[path] for path in moves}
    return [
        pair.joined(there[moves[pair.old_path]]) if pair.is_gone and pair.old_path in moves else pair
        for pair in pairs
        if not (pair.is_new and pair.new_path in come)
    ]


def _lines(file: File | None) -> Counter[bytes]:
    is_small = file is not None and len(file.content) <= _LARGEST
    return Counter(file.content.splitlines()) if file is not None and is_small else Counter()


def _likeness(one: Counter[bytes], other: Counter[bytes]) -> float:
    """The share of lines that two files have in common, from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
