"""Goes round again and again: at once where something has changed in the cluster, everywhere now and then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

from bot.errors import UserError
from bot.kubernetes.dirty import Dirty
from bot.kubernetes.round import Round

# What comes together is done together; and the echo of a write is known for one by then.
GATHER_SECONDS = 0.05
Told = Callable[[Sequence[str]], None]


@dataclass
class Loop:
    """Every `interval` seconds by the clock `elapsed`; `told` hears what could not be done in each round."""

    round: Round
    dirty: Dirty
    interval: float
    elapsed: Callable[[], float]
    told: Told
    _since: float | None = None

    def seconds(self) -> float:
        """How long the round of now has taken, 0 between two."""
        since = self._since
        return 0.0 if since is None else self.elapsed() - since

    def run(self, stopping: Event) -> None:
        """Go on until `stopping`; a fault of ours ends it."""
        due = self.elapsed()
        while not stopping.is_set():
            places = self.dirty.take(due - self.elapsed())
            if stopping.is_set():
                return
            stopping.wait(GATHER_SECONDS)
            places |= self.dirty.take(0)
            if self.elapsed() >= due:
                due = self.elapsed() + self.interval
                self.told(self._go(None))
            elif places:
                self.told(self._go(places))

    def _go(self, places: frozenset[tuple[str, str]] | None) -> list[str]:
        self._since = self.elapsed()
        try:
            return self.round.go(places)
        except UserError as error:
            return [str(error)]
        finally:
            self._since = None
