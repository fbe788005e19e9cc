"""Regular expressions of strangers: RE2's, whose time grows with the text alone, within a budget of steps."""

from typing import Any

from bot.errors import InvalidDocument

LONGEST = 1_000  # characters of an expression
# Steps of all searches of one expression: its size times the text's length. At worst some ten seconds.
MOST_STEPS = 1_000_000_000


class Expression:
    """One expression, in the syntax of Go's `regexp`; it must be used for one run only, as its budget is."""

    def __init__(self, text: str, field: str) -> None:
        """Raises InvalidDocument, which names `field`, for what is no expression, or too long a one."""
        import re2  # noqa: PLC0415 - a hook that meets no expression need not load it

        if len(text) > LONGEST:
            raise InvalidDocument(
                f"`{field}` must have at most {LONGEST} characters, but has {len(text)}; shorten it."
            )
        options = re2.Options()
        options.log_errors = False
        self._field = field
        self._steps = 0
        try:
            self._compiled: Any = re2.compile(text, options)
        except (re2.error, UnicodeError) as error:
            why = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
            raise InvalidDocument(f"`{field}` is no regular expression: {why}.") from None

    @property
    def size(self) -> int:
        """Steps that each character of a text may cost."""
        size: int = self._compiled.programsize
        return size

    def search(self, text: str) -> tuple[str, ...] | None:
        """The first match anywhere in `text`: all of it, then each group ('' for one that took no part).

        Raises InvalidDocument when the budget of steps is used up.
        """
        self._steps += self.size * (len(text) + 1)
        if self._steps > MOST_STEPS:
            raise InvalidDocument(
                f"`{self._field}` takes too long over these resources; use a simpler expression, or select "
                "fewer resources."
            )
        found = self._compiled.search(text)
        return None if found is None else (found[0], *(group or "" for group in found.groups()))
