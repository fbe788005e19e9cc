"""Constraints on versions, such as '~0.2' or '>=1 <2 || 3.x', by the rules of Masterminds/semver v3.

Every comparison is an interval of versions, or what lies outside of one:
https://github.com/Masterminds/semver#checking-version-constraints
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.packages.version import EARLIEST, MOST, RELEASE, WORDS, Order, Version, highest, read_order

LONGEST_CONSTRAINT = 256
_SPACES = " \t\n\f\r"
_GAP = re.compile(rf"[{_SPACES}]+")
_NUMBER = r"[0-9]+|[xX*]"
_COMPARISON = re.compile(
    rf"(!=|=>|>=|=<|<=|~>|[=<>~^]|)[{_SPACES}]*"
    rf"v?({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?(?:-({WORDS}))?(?:\+{WORDS})?"
    rf"(?:[{_SPACES}]+|\Z)"
)
_SYNONYMS = {"": "=", "=>": ">=", "=<": "<=", "~>": "~"}

# An order; with True what follows directly after it.
Bound = tuple[Order, bool]
_FIRST: Bound = (Order(0, 0, 0, EARLIEST), False)
_END: Bound = (Order(MOST + 2), False)  # above all that can be read, and above what follows it


class Comparison(NamedTuple):
    """Versions from `low` up to, but not including, `high`; with `outside` all others.

    Where `prereleases` is false none of them matches.
    """

    low: Bound
    high: Bound
    outside: bool = False
    prereleases: bool = False

    def allows(self, version: Version) -> bool:
        if version.is_prerelease and not self.prereleases:
            return False
        return (self.low <= (version.order, False) < self.high) is not self.outside


class Constraint(NamedTuple):
    """Which versions may be chosen: those that all comparisons of one of the alternatives allow."""

    alternatives: tuple[tuple[Comparison, ...], ...]

    def allows(self, version: Version) -> bool:
        return any(all(part.allows(version) for part in parts) for parts in self.alternatives)

    def choose(self, versions: Iterable[Version]) -> Version | None:
        """The highest version that is allowed; None when none is."""
        return highest(version for version in versions if self.allows(version))


def read_constraint(text: str) -> Constraint | None:
    """The constraint that `text` says; None when it says none, or is too long."""
    if len(text) > LONGEST_CONSTRAINT:
        return None
    alternatives = [_read_alternative(part) for part in text.split("||")]
    return Constraint(tuple(alternatives)) if all(alternatives) else None


def _read_alternative(text: str) -> tuple[Comparison, ...]:
    """The comparisons between two '||', parted by commas or spaces; none when one of them cannot be read."""
    parts = [_read_comparisons(part.strip(_SPACES)) for part in text.split(",")]
    return tuple(comparison for part in parts for comparison in part) if all(parts) else ()


def _read_comparisons(text: str) -> tuple[Comparison, ...]:
    """The comparisons between two commas; '1 - 2' stands there alone, and means '>=1 <=2'."""
    words = _GAP.split(text)
    if len(words) == 3 and words[1] == "-":
        text = f">={words[0]} <={words[2]}"
    comparisons = []
    at = 0
    while at < len(text):
        found = _COMPARISON.match(text, at)
        partial = _read_partial(*found.group(2, 3, 4, 5)) if found else None
        if found is None or partial is None:
            return ()
        comparisons.append(_compare(_SYNONYMS.get(found[1], found[1]), partial))
        at = found.end()
    return tuple(comparisons)


class _Partial(NamedTuple):
    """A version whose numbers are given only up to `depth`, 0 to 3; after it any will do."""

    order: Order
    depth: int

    def next(self, depth: int) -> Bound:
        """Where the number at `depth`, counted from 1, becomes higher."""
        major, minor, patch, _ = self.order
        higher = {1: (major + 1, 0, 0), 2: (major, minor + 1, 0), 3: (major, minor, patch + 1)}
        return Order(*higher[depth], EARLIEST), False


def _read_partial(*parts: str | None) -> _Partial | None:
    *numbers, words = parts
    depth = next((at for at, number in enumerate(numbers) if not number or number in "xX*"), 3)
    given = [int(number or 0) for number in numbers[:depth]]
    order = read_order(given, words or "")
    return _Partial(order, depth) if order else None


def _compare(operator: str, partial: _Partial) -> Comparison:
    order, depth = partial
    prereleases = order.stage != RELEASE
    low, after = (order, False), (order, True)
    if operator == "!=":
        return _differ(partial)
    if operator == "=" and depth == 3:
        return Comparison(low, after, prereleases=prereleases)
    bounds = {
        "=": (low, _after_tilde(partial)),
        "~": (low, _after_tilde(partial)),
        "^": (low, _after_caret(partial)),
        "<": (_FIRST, low),
        ">=": (low, _END),
        ">": (partial.next(depth) if depth in {1, 2} else after, _END),
        "<=": (_FIRST, after if depth == 3 else partial.next(depth or 2)),
    }
    return Comparison(*bounds[operator], prereleases=prereleases)


def _differ(partial: _Partial) -> Comparison:
    order, depth = partial
    prereleases = order.stage != RELEASE
    if depth in {1, 2}:
        return Comparison((order._replace(stage=EARLIEST), False), partial.next(depth), True, prereleases)
    # Of a whole version every other one differs, prereleases too.
    return Comparison((order, False), (order, True), True, prereleases or depth == 3)


def _after_tilde(partial: _Partial) -> Bound:
    """The same major, and the same minor where it is given; '~0.0.0' and '~*' mean all."""
    if partial.depth in {0, 3} and partial.order[:3] == (0, 0, 0):
        return _END
    return partial.next(min(partial.depth, 2))


def _after_caret(partial: _Partial) -> Bound:
    """The same first number that is not 0."""
    major, minor, _, _ = partial.order
    if major or partial.depth == 1:
        return partial.next(1)
    return partial.next(2 if minor or partial.depth == 2 else 3)
