"""Something wrong with a package or a repository, said so that a person can fix it."""

from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong, and where.

    `where` is a ref, or a path relative to the package; `line` counts from 1, 0 if it has none.
    """

    where: str
    message: str
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.message}" if place else self.message
