"""Something wrong with a package or a repository, said so that a person can fix it."""

from typing import NamedTuple

# Stands in kpt's words for the directory of the package, which front doors alone know. No path and no YAML
# can hold it.
PACKAGE = "\0"


class Problem(NamedTuple):
    """One thing that is wrong, and where.

    `where` is a ref, or a path relative to the package; `line` counts from 1, 0 if it has none; `kpt` are the
    words that kpt has for it, for those who parse them, '' if it has none or has said others before them.
    """

    where: str
    message: str
    line: int = 0
    kpt: str = ""

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.message}" if place else self.message

    def below(self, directory: str) -> "Problem":
        """The same as a problem of the repository, in which the package lies in `directory`."""
        is_inside = directory and self.where
        return self._replace(where=f"{directory}/{self.where}") if is_inside else self

    def kpt_of(self, package: str) -> str:
        """What kpt says when it is given the directory `package`."""
        return self.kpt.replace(PACKAGE, package)
