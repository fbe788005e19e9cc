"""The payload of a webhook, read piece by piece: whatever is not as it must be is nothing."""

import json
from collections.abc import Mapping
from typing import Any

from bot.forges.heard import Place

HEADS = "refs/heads/"
MOST_NUMBER = 2**31 - 1  # of a change
MOST_BRANCH = 255  # bytes of a name
MOST_DELIVERY = 100  # characters of a message's id

EVERYWHERE = Place()


def parsed(text: str | bytes) -> Mapping[str, Any]:
    """The object that a text is in JSON."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def part_of(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object at a key."""
    found = payload.get(key)
    return found if isinstance(found, dict) else {}


def text_of(payload: Mapping[str, Any], key: str) -> str:
    """The text at a key."""
    found = payload.get(key)
    return found if isinstance(found, str) else ""


def number_of(payload: Mapping[str, Any], key: str) -> int:
    """The number of a change at a key, 0 for none."""
    found = payload.get(key)
    fits = isinstance(found, int) and not isinstance(found, bool) and 0 < found <= MOST_NUMBER
    return found if fits and isinstance(found, int) else 0


def branch_named(name: str) -> str:
    """A branch as it was named, '' (the whole repository) where no branch has such a name."""
    fits = len(name.encode("utf-8", "replace")) <= MOST_BRANCH and name.isprintable()
    return name if fits else ""


def pushed(payload: Mapping[str, Any]) -> Place:
    """Where to look after a push: at a branch, or for a tag everywhere, since only that tells whose it is."""
    ref = text_of(payload, "ref")
    return Place(branch=branch_named(ref.removeprefix(HEADS))) if ref.startswith(HEADS) else EVERYWHERE
