"""A bell that wakes those who wait for work; a ring between two waits is not lost."""

import threading


class Bell:
    """Rung by whoever brings work, heard by every thread."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rung = 0

    def ring(self) -> None:
        with self._condition:
            self._rung += 1
            self._condition.notify_all()

    def heard(self) -> int:
        """How often it has been rung, to be given to `wait`."""
        with self._condition:
            return self._rung

    def wait(self, heard: int, seconds: float) -> None:
        """Wait until it has been rung more often than `heard`, or `seconds` have passed."""
        with self._condition:
            self._condition.wait_for(lambda: self._rung > heard, timeout=seconds)
