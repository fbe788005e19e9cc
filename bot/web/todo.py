"""What is still to be looked at, kept so that neither a crash nor a doubled webhook changes it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from bot.errors import UserError
from bot.web.look import Look

MOST_LOOKS = 10_000
# How long a process that was killed keeps others from its repositories.
LEASE_SECONDS = 60
DELIVERIES_KEPT_SECONDS = 3 * 86_400
GIVEN_UP_KEPT_SECONDS = 14 * 86_400


class Taken(NamedTuple):
    """A look that was handed out, from its `place` on the list.

    `asked` tells which questions it answers, `tries` how often it failed before.
    """

    place: int
    look: Look
    asked: int
    tries: int


class GivenUp(NamedTuple):
    """A look that failed for good; it stays on the list until one like it succeeds."""

    look: Look
    tries: int
    at: float
    reason: str


class Depth(NamedTuple):
    """How much there is: looks that wait, that are being looked at, that were given up.

    `oldest` is when the longest-waiting one was first asked for, 0 when none waits.
    """

    waiting: int
    running: int
    given_up: int
    oldest: float


class NotKept(UserError):
    """The storage could not be read or written; nothing was changed."""


class Full(NotKept):
    """There are more looks waiting than are worth keeping; the forge must deliver again."""


class Todo(Protocol):
    """Looks to be done, shared by threads and processes; times are seconds since 1970.

    A look is here once, however often it was asked for. Each method is one transaction, and may raise
    NotKept.
    """

    def ask(self, look: Look, delivery: str, now: float) -> bool:
        """Remember a webhook's look for good before returning; raises Full.

        It is due at once, whatever failed before. While it is being looked at, it will be looked at once
        more. False when this delivery has been dealt with already, and nothing is to do.
        """

    def remind(self, looks: Sequence[Look], now: float) -> None:
        """Have these looked at some time; one that is there already is left as it is.

        One that was given up is tried once more.
        """

    def take(self, now: float) -> Taken | None:
        """Hand out the oldest look that is due and whose repository nobody looks at; it is then held."""

    def renew(self, now: float) -> None:
        """Hold on to what this process has taken; what is not renewed is handed out again."""

    def done(self, taken: Taken, now: float) -> None:
        """Forget it, unless it was asked for again meanwhile; its repository is free again."""

    def again(self, taken: Taken, due: float, *, tries: int, rest: bool) -> None:
        """Put it back until `due`; with `rest` nothing of its repository is handed out before then."""

    def give_up(self, taken: Taken, reason: str, now: float) -> None:
        """Keep it among those given up, unless it was asked for again meanwhile."""

    def let_go(self) -> None:
        """Free everything that this process holds; for one that ends."""

    def depth(self, now: float) -> Depth: ...

    def given_up(self) -> Sequence[GivenUp]: ...

    def sweep(self, now: float) -> None:
        """Forget deliveries of more than three days, and looks given up more than two weeks ago."""

    def warning(self) -> str:
        """What its owner must mend, or looks may be lost that were to be kept for good; '' for nothing."""

    def close(self) -> None:
        """Free what it holds of this process; nothing of the list is changed."""
