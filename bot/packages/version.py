"""Versions: how they are read, and which is the higher one."""

import re
from collections.abc import Iterable
from typing import NamedTuple

LONGEST_VERSION = 256
MOST = 2**64 - 1  # Masterminds/semver counts in 64 bits
# What follows '-' or '+'.
WORDS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION = re.compile(rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-({WORDS}))?(?:\+{WORDS})?")

# Whether it is a release, and the words of a prerelease: numbers come before names, few before more.
Stage = tuple[bool, tuple[tuple[bool, int, str], ...]]
RELEASE: Stage = (True, ())
EARLIEST: Stage = (False, ())  # before every prerelease


class Order(NamedTuple):
    """By what versions are compared; what follows '+' counts for nothing."""

    major: int
    minor: int = 0
    patch: int = 0
    stage: Stage = RELEASE


class Version(NamedTuple):
    """One version, as it is written and as it is compared."""

    text: str
    order: Order

    @property
    def is_prerelease(self) -> bool:
        return self.order.stage != RELEASE


def read_version(text: str) -> Version | None:
    """The version that `text` names, None when it is none; 'v' may lead, minor and patch may be missing.

    https://semver.org, read as loosely as Masterminds/semver's NewVersion does.
    """
    found = _VERSION.fullmatch(text) if len(text) <= LONGEST_VERSION else None
    if found is None:
        return None
    *numbers, words = found.groups()
    order = read_order([int(number or 0) for number in numbers], words or "")
    return Version(text, order) if order else None


def read_order(numbers: list[int], words: str) -> Order | None:
    """The order of up to three numbers and a prerelease's words; None when one of them is no number here."""
    parts = words.split(".") if words else []
    if max(numbers, default=0) > MOST or any(
        part.isdigit() and part != "0" and part[0] == "0" for part in parts
    ):
        return None
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return Order(major, minor, patch, (False, tuple(map(_rank, parts))) if parts else RELEASE)


def _rank(word: str) -> tuple[bool, int, str]:
    is_number = word.isdigit() and int(word) <= MOST
    return (False, int(word), "") if is_number else (True, 0, word)


def highest(versions: Iterable[Version]) -> Version | None:
    """The highest version; of equal ones that which says more: 'v0.2.0', not 'v0.2'."""
    return max(versions, key=lambda version: (version.order, len(version.text), version.text), default=None)
