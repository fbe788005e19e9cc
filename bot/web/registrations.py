"""Which repositories of a forge the bot serves, and where their packages are; nobody is let in by default."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bot.packages.layout import Layout

# `<owner>/<name>`, with groups between them on GitLab; a `*` stands for any part of one segment.
PATTERN = re.compile(r"[\w.*-]+(?:/[\w.*-]+)+")
LONGEST = 512


class Registered(NamedTuple):
    """One repository, by the name that is used for it everywhere."""

    name: str
    layout: Layout
    deployment: bool


class Entry(NamedTuple):
    """One line of the list; with `refused`, what it matches is kept out."""

    pattern: str
    layout: Layout = Layout()
    deployment: bool = False
    refused: bool = False

    @property
    def is_pattern(self) -> bool:
        return "*" in self.pattern


@dataclass(frozen=True)
class Registrations:
    """The list, in its order: the last entry that matches decides, and without one the answer is no."""

    entries: tuple[Entry, ...] = ()

    @property
    def has_patterns(self) -> bool:
        return any(entry.is_pattern and not entry.refused for entry in self.entries)

    def named(self) -> Iterator[str]:
        """The repositories that are named in full, and not kept out by a later line."""
        for entry in self.entries:
            if not entry.is_pattern and not entry.refused and self.of(entry.pattern):
                yield entry.pattern

    def of(self, repository: str) -> Registered | None:
        """What was said of a repository; None keeps it out.

        Forges take upper and lower case for the same, so that one repository must not have two names here:
        the spelling of the list comes first.
        """
        if len(repository) > LONGEST:
            return None
        found = None
        for entry, expression in self._compiled:
            if expression.fullmatch(repository):
                found = entry
        if found is None or found.refused:
            return None
        name = repository if found.is_pattern else found.pattern
        return Registered(name, found.layout, found.deployment)

    @cached_property
    def _compiled(self) -> list[tuple[Entry, re.Pattern[str]]]:
        return [(entry, _expression(entry.pattern)) for entry in self.entries]


def _expression(pattern: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in re.split(r"\*+", pattern))
    return re.compile(r"[\w.-]*".join(parts), re.IGNORECASE)
