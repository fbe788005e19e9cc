"""The fields in which two values differ."""

from __future__ import annotations

import json

from bot.packages.difference.change import MISSING, FieldChange
from bot.packages.difference.field_path import Path
from bot.packages.difference.keyed_list import Keyed, keyed
from bot.packages.difference.masking import guards
from bot.packages.schema import UNKNOWN, Shape


def field_changes(before: object, after: object, shape: Shape = UNKNOWN) -> tuple[FieldChange, ...]:
    """Each field that was added, removed or changed between two plain values.

    Items of lists that Kubernetes merges by keys are matched by these, others by their places, counted from
    the end where the ends of the two lists are equal. To apply the changes: values first, then what was
    removed from the last to the first, then what was added in order, then the new orders.
    """
    comparison = _Comparison()
    comparison.compare(before, after, shape, (), guarded=False)
    return tuple(comparison.found)


def is_same(one: object, other: object) -> bool:
    """Whether two values are equal as JSON has them: 1 is neither true nor 1.0."""
    if not isinstance(one, dict | list):
        return _is_same_scalar(one, other)
    return one == other and _json(one) == _json(other)


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True)


class _Comparison:
    def __init__(self) -> None:
        self.found: list[FieldChange] = []

    def compare(self, before: object, after: object, shape: Shape, path: Path, *, guarded: bool) -> None:
        if isinstance(before, dict) and isinstance(after, dict):
            self._mappings(before, after, shape, path, guarded=guarded)
        elif isinstance(before, list) and isinstance(after, list):
            keys = shape.merge_keys
            sides = (None, None) if keys is None else (keyed(before, keys), keyed(after, keys))
            match sides:
                case (Keyed() as old, Keyed() as new):
                    self._keyed(old, new, shape, path, guarded=guarded)
                case _:
                    self._lists(before, after, shape, path, guarded=guarded)
        elif not _is_same_scalar(before, after):
            self.found.append(FieldChange(path, before, after, guarded))

    def _mappings(
        self, before: dict[str, object], after: dict[str, object], shape: Shape, path: Path, *, guarded: bool
    ) -> None:
        for key in dict.fromkeys((*before, *after)):
            old, new = before.get(key, MISSING), after.get(key, MISSING)
            if isinstance(old, str) and old == new:
                continue
            is_guarded = guarded or any(guards(side, key) for side in (before, after) if key in side)
            here = (*path, key)
            if old is MISSING or new is MISSING:
                self.found.append(FieldChange(here, old, new, is_guarded))
            else:
                self.compare(old, new, shape.field(key), here, guarded=is_guarded)

    def _keyed(self, old: Keyed, new: Keyed, shape: Shape, path: Path, *, guarded: bool) -> None:
        for choice, (index, item) in old.items.items():
            here = (*path, choice)
            if choice in new.items:
                self.compare(item, new.items[choice][1], shape.item(), here, guarded=guarded)
            else:
                self.found.append(FieldChange(here, item, MISSING, guarded, index))
        for choice, (index, item) in new.items.items():
            if choice not in old.items:
                self.found.append(FieldChange((*path, choice), MISSING, item, guarded, index))
        kept, moved = [[c for c in one.items if c in other.items] for one, other in ((old, new), (new, old))]
        if kept != moved:
            self.found.append(FieldChange(path, list(old.items), list(new.items), guarded, reordered=True))

    def _lists(
        self, before: list[object], after: list[object], shape: Shape, path: Path, *, guarded: bool
    ) -> None:
        shortest = min(len(before), len(after))
        start = 0
        while start < shortest and is_same(before[start], after[start]):
            start += 1
        rest = 0
        while rest < shortest - start and is_same(before[-1 - rest], after[-1 - rest]):
            rest += 1
        for index in range(start, shortest - rest):
            self.compare(before[index], after[index], shape.item(), (*path, index), guarded=guarded)
        for index in range(shortest - rest, len(before) - rest):
            self.found.append(FieldChange((*path, index), before[index], MISSING, guarded))
        for index in range(shortest - rest, len(after) - rest):
            self.found.append(FieldChange((*path, index), MISSING, after[index], guarded))


def _is_same_scalar(one: object, other: object) -> bool:
    """Numbers that are none are equal to each other here, as they are written alike."""
    return type(one) is type(other) and (one == other or repr(one) == repr(other))
