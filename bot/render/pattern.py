"""Patterns of selectors: a regular expression must match the whole text; a plain word is compared."""

import re

from bot.errors import InvalidDocument
from bot.packages.naming import quoted
from bot.render.expression import Expression

LONGEST = 200  # characters of a pattern
_PLAIN = re.compile(r"[\w/:-]*")


class Effort:
    """What is left of the steps that all patterns of one run may take together."""

    def __init__(self, steps: int = 20_000_000) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        """Raises InvalidDocument when nothing is left."""
        self._left -= steps
        if self._left < 0:
            raise InvalidDocument("The patterns ask for too much work; make them simpler, or fewer.")


class Pattern:
    """A compiled pattern; raises InvalidDocument for one that is wrong, or too long."""

    def __init__(self, text: str, effort: Effort) -> None:
        if len(text) > LONGEST:
            raise InvalidDocument(f"The pattern {quoted(text[:20])}… must have at most {LONGEST} characters.")
        self._text = text
        self._effort = effort
        self._whole: Expression | None = None
        if not _PLAIN.fullmatch(text):
            Expression(text, "pattern")  # by itself: a bracket must not close the one around it
            self._whole = Expression(f"^(?:{text})$", "pattern")

    def matches(self, text: str) -> bool:
        """Whether all of `text` is what the pattern describes; an empty pattern matches anything."""
        if self._whole is None:
            return self._text in {"", text}
        self._effort.spend(self._whole.size * (len(text) + 1))
        return self._whole.search(text) is not None
