"""Paths of fields with wildcards, such as `a.*.c`, `**.c`, `a[1].b`, `a[*]`: matched on the way down."""

from bot.errors import InvalidDocument

DELIMITER = "."
DEEPEST = 64  # elements of a path: what is made by one must be readable again
_ANY_DEPTH = "**"
_ANY_INDEX = "*]"


class Route:
    """A path; its states are bits: bit n says that the first n elements have been matched."""

    def __init__(self, text: str) -> None:
        """Raises InvalidDocument for a path of too many elements."""
        self.elements = text.split(DELIMITER)
        if len(self.elements) > DEEPEST:
            raise InvalidDocument(f"`by-path` must have at most {DEEPEST} elements.")
        self.is_absolute = "*" not in text and "[" not in text
        self.start = self._skip(1)

    def step(self, states: int, element: str) -> int:
        """The states after one more element of a field's path, such as 'spec' or 'containers[0]'."""
        after = 0
        for index, wanted in enumerate(self.elements):
            if states >> index & 1:
                if wanted == _ANY_DEPTH:
                    after |= 1 << index
                elif _matches(wanted, element):
                    after |= 2 << index
        return self._skip(after)

    def is_met(self, states: int) -> bool:
        """Whether the whole path has been matched."""
        return bool(states >> len(self.elements))

    def _skip(self, states: int) -> int:
        for index, wanted in enumerate(self.elements):
            if states >> index & 1 and wanted == _ANY_DEPTH:
                states |= 2 << index
        return states


class Place:
    """Where a walk stands: the field's path as results show it, and which states of a route it has."""

    __slots__ = ("_before", "_last", "path", "route")

    def __init__(self, route: Route | None, path: str = "", before: int = 0, last: str = "") -> None:
        self.route, self.path, self._before, self._last = route, path, before, last

    def under(self, key: str) -> "Place":
        """The place of a mapping's value; a key with dots counts as several elements, as kpt has it."""
        path = f"{self.path}.{key}" if self.path else key
        if self.route is None:
            return Place(None, path)
        *first, last = key.split(DELIMITER)
        states = self._states()
        for element in first:
            states = self.route.step(states, element)
        return Place(self.route, path, states, last)

    def at(self, index: int) -> "Place":
        """The place of a list's item."""
        return Place(self.route, f"{self.path}[{index}]", self._before, f"{self._last}[{index}]")

    @property
    def is_met(self) -> bool:
        """Whether there is a route, and it leads here."""
        return self.route is not None and self.route.is_met(self._states())

    def _states(self) -> int:
        if self.route is None:
            return 0
        return self.route.step(self._before, self._last) if self.path else self.route.start


def _matches(wanted: str, element: str) -> bool:
    if wanted in {"*", element}:
        return True
    names, indexes = wanted.split("["), element.split("[")
    return (
        len(names) == len(indexes) > 1
        and names[0] in {"*", indexes[0]}
        and all(want in {_ANY_INDEX, index} for want, index in zip(names[1:], indexes[1:], strict=True))
    )
