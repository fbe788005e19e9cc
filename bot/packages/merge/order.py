"""The order in which what was merged stands."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def merged_order(
    origin: Sequence[Key],
    local: Sequence[Key],
    upstream: Sequence[Key],
    kept: Collection[Key],
    *,
    beside: bool,
) -> list[Key]:
    """The keys of `kept` in the upstream's order where the local one is as it was, else in the local one.

    What only the other has stands behind what it follows there if `beside` says so, else last, as with kpt.
    """
    if local == origin:
        return woven(upstream, local, kept, beside=True)
    return woven(local, upstream, kept, beside=beside)


def woven(first: Sequence[Key], other: Sequence[Key], kept: Collection[Key], *, beside: bool) -> list[Key]:
    """The keys of `kept` in the order of `first`, with those that only `other` has beside these or last."""
    known = set(first)
    following: defaultdict[Key | None, list[Key]] = defaultdict(list)
    last: Key | None = None
    for key in other:
        if key in known:
            last = key
        else:
            following[last if beside else None].append(key)
    rest = following.pop(None, [])
    found: list[Key] = rest if beside else []
    for key in first:
        found += [key, *following.pop(key, [])]
    if not beside:
        found += rest
    return [key for key in found if key in kept]
