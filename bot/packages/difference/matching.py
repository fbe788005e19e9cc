"""Which documents of two packages are one and the same resource."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from bot.packages.difference.likeness import alike, equal_but_for_name
from bot.packages.difference.reading import Item

# By what two documents are known to be one, None where this says nothing.
Key = Callable[[Item], Hashable]


class Pair(NamedTuple):
    """One resource in both packages; None where it is not."""

    before: Item | None
    after: Item | None


def _noted(item: Item) -> Hashable:
    return item.origin


def _own(item: Item) -> Hashable:
    return item.place.identity if item.place.identity.name else None


def _upstream(item: Item) -> Hashable:
    """What it is called in the upstream, as far as is known: where nothing was noted, as here."""
    return item.origin or _own(item)


def _own_in_any_group(item: Item) -> Hashable:
    return item.place.identity[1:] if item.place.identity.name else None


def _kind_in_file(item: Item) -> Hashable:
    """What has no name, such as a Kustomization, or is no resource at all."""
    return None if item.place.identity.name else (item.place.path, item.place.identity)


def _in_file(key: Key) -> Key:
    def key_in_file(item: Item) -> Hashable:
        found = key(item)
        return None if found is None else (found, item.place.path)

    return key_in_file


def _both(item: Item) -> Hashable:
    return (item.origin, item.place.identity) if item.origin else None


# From what says most to what says least: what kpt noted, the name, the name in the upstream where one side
# has no notes, and the name where the API group became another.
_KEYS: tuple[Key, ...] = (
    _in_file(_both),
    _both,
    _in_file(_noted),
    _noted,
    _in_file(_own),
    _own,
    _upstream,
    _in_file(_own_in_any_group),
    _own_in_any_group,
)


def matched(before: Sequence[Item], after: Sequence[Item]) -> list[Pair]:
    """Each document once, with its counterpart where it has one; the order of the pairs means nothing."""
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    pairs: list[Pair] = []

    def take(found: Iterable[tuple[Item, Item]]) -> None:
        for one, other in found:
            del old[one], new[other]
            pairs.append(Pair(one, other))

    for key in _KEYS:
        take(_by_key(old, new, key))
    take(equal_but_for_name(list(old), list(new)))
    take(alike(list(old), list(new)))
    take(_by_key(old, new, _kind_in_file))
    pairs += (Pair(item, None) for item in old)
    pairs += (Pair(None, item) for item in new)
    return pairs


def _by_key(old: Iterable[Item], new: Iterable[Item], key: Key) -> list[tuple[Item, Item]]:
    """The pairs with one key, in order where several have it."""
    waiting: defaultdict[Hashable, deque[Item]] = defaultdict(deque)
    for item in new:
        waiting[key(item)].append(item)
    waiting.pop(None, None)
    keyed = ((item, waiting.get(key(item))) for item in old)
    return [(item, items.popleft()) for item, items in keyed if items]
