"""Resources that have another name now, known by what else they say."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter

from bot.packages.difference.reading import Item
from bot.packages.merge.identity import ANNOTATION

_ALIKE = 0.7
# Comparing each with each takes long where there are many; then only what is equal is found.
_MOST_PAIRS = 2_000
_MOST_LEAVES = 2_000
_NAMES = frozenset({"name", "namespace"})

Leaf = tuple[object, ...]


def equal_but_for_name(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    """The pairs that differ in no more than name, namespace and kpt's note of them."""
    if not old or not new:
        return
    waiting: defaultdict[str, list[Item]] = defaultdict(list)
    for item in reversed(new):
        waiting[_text(item)].append(item)
    for item in old:
        found = waiting.get(_text(item))
        if found:
            yield item, found.pop()


def alike(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    """The pairs of one kind with most of their fields in common, the likest first."""
    kinds: defaultdict[tuple[str, str], tuple[list[Item], list[Item]]] = defaultdict(lambda: ([], []))
    for side, items in enumerate((old, new)):
        for item in items:
            identity = item.place.identity
            if identity.kind and identity.name:
                kinds[identity.group, identity.kind][side].append(item)
    left = _MOST_PAIRS
    for _, (ours, theirs) in sorted(kinds.items(), key=itemgetter(0)):
        size = len(ours) * len(theirs)
        if size <= left:
            left -= size
            yield from _alike(ours, theirs)


def _alike(old: list[Item], new: list[Item]) -> Iterator[tuple[Item, Item]]:
    here, there = [_leaves(item) for item in old], [_leaves(item) for item in new]
    # Of two that share a side the order is the same when the packages are swapped, and so is what is taken.
    ranked = sorted(
        (-likeness, i, j)
        for i, one in enumerate(here)
        for j, other in enumerate(there)
        if (likeness := _likeness(one, other)) >= _ALIKE
    )
    gone: set[int] = set()
    come: set[int] = set()
    for _, i, j in ranked:
        if i not in gone and j not in come:
            gone.add(i)
            come.add(j)
            yield old[i], new[j]


def _likeness(one: frozenset[Leaf], other: frozenset[Leaf]) -> float:
    """From 0, nothing in common, to 1, equal; what says nothing is like nothing."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def _text(item: Item) -> str:
    """What it says but for its names, to be compared; what has only a name is like itself alone."""
    value = _nameless(item)
    return json.dumps([item.place.identity.kind, value], sort_keys=True) if value else f"{id(item)}"


def _nameless(item: Item) -> dict[str, object]:
    value = item.value
    if not isinstance(value, dict):
        return {}
    found = {key: each for key, each in value.items() if key not in {"apiVersion", "kind", "metadata"}}
    metadata = value.get("metadata")
    if isinstance(metadata, dict):
        metadata = {key: each for key, each in metadata.items() if key not in _NAMES}
        annotations = metadata.get("annotations")
        if isinstance(annotations, dict):
            metadata["annotations"] = {key: each for key, each in annotations.items() if key != ANNOTATION}
        found |= {"metadata": metadata} if any(metadata.values()) else {}
    return found


def _leaves(item: Item) -> frozenset[Leaf]:
    """Each scalar with its path, where it stands in lists left out; of very large resources not all."""
    found: set[Leaf] = set()
    waiting: list[tuple[object, Leaf]] = [(_nameless(item), ())]
    while waiting and len(found) < _MOST_LEAVES:
        value, path = waiting.pop()
        if isinstance(value, dict):
            waiting += ((each, (*path, key)) for key, each in value.items())
        elif isinstance(value, list):
            waiting += ((each, (*path, None)) for each in value)
        else:
            found.add((*path, type(value), value))
    return frozenset(found)
