"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The time of a world, at first that of the machine; each change takes a second, so that later is later.

    It begins with the machine's because clients compare what expires with their own clock.
    """

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def move(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now += timedelta(seconds=seconds)

    def tick(self) -> datetime:
        """One second later than before."""
        self.move(1)
        return self.now


def stamp(moment: datetime) -> str:
    """A moment as GitHub writes it, in UTC with seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
