"""Which comment belongs to which event: go-yaml v3's rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from yaml.events import Event


class Note(NamedTuple):
    """The comments of one event."""

    head: str = ""
    line: str = ""
    foot: str = ""


def notes_of(text: str, events: Sequence[Event]) -> dict[int, Note]:
    """The comments in `text` by the number of the event that they belong to."""
    del text, events
    return {}
