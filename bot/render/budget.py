"""How much text one run of a function may write: what it repeats would otherwise fill any memory."""

from collections.abc import Sequence

from bot.errors import InvalidDocument

MOST_PAIRS = 1_000  # of labels or annotations, which are looked for one by one
_OVERHEAD = 16  # of a pair beside its text
MOST_WRITTEN = 64 * 1024 * 1024  # characters


class Budget:
    """What is left of one run's characters."""

    def __init__(self, characters: int = MOST_WRITTEN) -> None:
        self._all = self._left = characters

    def spend(self, characters: int, line: int = 0) -> None:
        """Raises InvalidDocument, with the line, when nothing is left."""
        self._left -= characters
        if self._left < 0:
            raise InvalidDocument(
                f"the values and comments to write have more than {self._all} characters in all; make them "
                "shorter, or select fewer resources",
                line=line,
            )


def cost_of(pairs: Sequence[tuple[str, str]], what: str) -> int:
    """What it takes to write these `what` once; raises InvalidDocument where they are too many."""
    if len(pairs) > MOST_PAIRS:
        raise InvalidDocument(f"there must be at most {MOST_PAIRS} {what}, but there are {len(pairs)}")
    return sum(len(key) + len(value) + _OVERHEAD for key, value in pairs)
