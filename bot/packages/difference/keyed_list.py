"""Lists whose items are told apart by keys."""

from __future__ import annotations

from dataclasses import dataclass

from bot.packages.difference.field_path import Choice


@dataclass(frozen=True, slots=True)
class Keyed:
    """Each item with its place, by which one it is, in the order of the list."""

    items: dict[Choice, tuple[int, object]]


def keyed(items: list[object], keys: tuple[str, ...]) -> Keyed | None:
    """The items by `keys`, () for the items themselves; None where these do not tell them apart."""
    found: dict[Choice, tuple[int, object]] = {}
    for index, item in enumerate(items):
        choice = _choice(item, keys)
        if choice is None or choice in found:
            return None
        found[choice] = (index, item)
    return Keyed(found)


def _choice(item: object, keys: tuple[str, ...]) -> Choice | None:
    """Which item it is; keys that it lacks are left out, for they have their defaults."""
    if not keys:
        return Choice((("", item),)) if isinstance(item, str) else None
    if not isinstance(item, dict):
        return None
    values = [(key, item[key]) for key in keys if key in item]
    pairs = tuple((key, str(value)) for key, value in values if isinstance(value, str | int))
    return Choice(pairs) if pairs and len(pairs) == len(values) else None
