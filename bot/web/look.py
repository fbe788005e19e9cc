"""The one order that the front door gives: look at this again."""

from typing import NamedTuple, Protocol

from bot.forges.heard import Heard


class Look(NamedTuple):
    """What to look at: change `number`, or `branch`, or `issue`, or with none of these the whole repository.

    `forge` is the name of a door, such as 'github'; `repository` is `<owner>/<name>`.
    """

    forge: str
    repository: str
    number: int = 0
    branch: str = ""
    issue: int = 0

    def __str__(self) -> str:
        where = f"#{self.number}" if self.number else f" {self.branch}" if self.branch else ""
        return f"{self.forge} {self.repository}" + (f" issue {self.issue}" if self.issue else where)


class Attendant(Protocol):
    """Whoever looks: reads everything anew and does what is to be done.

    It is called at least once for each order, by one thread at a time for each repository of this process.
    What it raises decides what comes next: see bot/web/outcome.py.
    """

    def __call__(self, look: Look, /) -> None: ...


class Heed(Protocol):
    """Whoever wants to know that a look was given up; `sentence` carries the id under which it is logged."""

    def __call__(self, look: Look, sentence: str, /) -> None: ...


def look_of(forge: str, repository: str, heard: Heard) -> Look:
    """The order that a webhook amounts to; a change is named by its number alone."""
    return Look(forge, repository, heard.number, "" if heard.number else heard.branch, heard.issue)
