"""Whether the bot is alive, and whether it is of use."""

import threading
from collections.abc import Callable

from bot.web.look import Look
from bot.web.todo import NotKept, Todo

# A look that takes longer has hung, and its repository with it: only a new process helps.
LONGEST_LOOK_SECONDS = 3600.0


class Health:
    """What the last looks told of credentials, and how long those of now are taking; for any thread."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self.others: list[Callable[[], str]] = []
        """What else must be alive, each of which says what is wrong with it, '' for nothing."""
        self._elapsed = elapsed
        self._one_at_a_time = threading.Lock()
        self._running: dict[Look, float] = {}
        self._welcome: dict[tuple[str, str], bool] = {}

    def began(self, look: Look) -> None:
        with self._one_at_a_time:
            self._running[look] = self._elapsed()

    def ended(self, look: Look, *, welcome: bool | None) -> float:
        """Note whether the forge took our credentials, None if that is not known; seconds that it took."""
        with self._one_at_a_time:
            if welcome is not None:
                self._welcome[look.forge, look.repository] = welcome
            return self._elapsed() - self._running.pop(look)

    def alive(self) -> str:
        """'' while it is, else a sentence."""
        with self._one_at_a_time:
            oldest = min(self._running.values(), default=self._elapsed())
        hung = self._elapsed() - oldest > LONGEST_LOOK_SECONDS
        if hung:
            return f"A look has taken more than {LONGEST_LOOK_SECONDS:.0f} seconds."
        return next(filter(None, (other() for other in self.others)), "")

    def ready(self, todo: Todo, now: float) -> str:
        """'' while it is, else a sentence.

        One repository that denies us is its owner's to mend; a forge where all do has got wrong credentials.
        """
        try:
            todo.depth(now)
        except NotKept:
            return "The queue cannot be used; the log says why."
        with self._one_at_a_time:
            forges = {forge for forge, _ in self._welcome}
            denied = [
                forge for forge in sorted(forges)
                if not any(good for (of, _), good in self._welcome.items() if of == forge)
            ]  # fmt: skip
        return f"The credentials were not accepted by {', '.join(denied)}." if denied else ""

    def warning(self, todo: Todo) -> str:
        """What its owner must mend although it is ready, '' for nothing."""
        try:
            return todo.warning()
        except NotKept:
            return ""  # it has gone away since it was found ready, and the next question tells
