"""libyaml's events under one shape: what every kind of them may carry, and how to tell the kinds apart.

Kinds are compared by identity (`type(event) is SCALAR`): a document has several events a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, cast

from yaml import YAMLError, events
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs hide it

STREAM_START: type = events.StreamStartEvent
STREAM_END: type = events.StreamEndEvent
DOCUMENT_START: type = events.DocumentStartEvent
DOCUMENT_END: type = events.DocumentEndEvent
MAPPING_START: type = events.MappingStartEvent
MAPPING_END: type = events.MappingEndEvent
SEQUENCE_START: type = events.SequenceStartEvent
SEQUENCE_END: type = events.SequenceEndEvent
SCALAR: type = events.ScalarEvent
ALIAS: type = events.AliasEvent

STARTS = frozenset({MAPPING_START, SEQUENCE_START})
ENDS = frozenset({MAPPING_END, SEQUENCE_END})

__all__ = ["YAMLError", "read_events"]


class Mark(Protocol):
    """A place in the text; all three count characters or lines from 0."""

    index: int
    line: int
    column: int


class Event(Protocol):
    """An event; which of the fields behind the marks it has depends on its kind."""

    start_mark: Mark
    end_mark: Mark
    anchor: str
    tag: str
    value: str
    style: str
    flow_style: bool
    explicit: bool


def read_events(text: str) -> Iterator[Event]:
    """The events of `text`; raises YAMLError where it is no YAML."""
    return cast("Iterator[Event]", iter(CParser(text).get_event, None))


def has_properties(event: Event) -> bool:
    """Whether a node's event carries an anchor or a tag."""
    kind = type(event)
    return (kind is SCALAR or kind in STARTS) and bool(event.anchor or event.tag)
