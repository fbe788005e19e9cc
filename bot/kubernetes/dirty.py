"""Which Repositories are to be looked at, as threads learn of it."""

from threading import Condition

Place = tuple[str, str]  # namespace and name of a Repository


class Dirty:
    """Marked by whoever sees a change, taken by whoever looks; a mark between two looks is not lost."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._places: set[Place] = set()
        self._stopped = False

    def mark(self, place: Place) -> None:
        with self._condition:
            self._places.add(place)
            self._condition.notify_all()

    def stop(self) -> None:
        """Wake everybody for good."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def take(self, seconds: float) -> frozenset[Place]:
        """What is marked, as soon as anything is; () after `seconds`, or when stopped."""
        with self._condition:
            self._condition.wait_for(lambda: self._stopped or self._places, timeout=max(seconds, 0))
            taken, self._places = frozenset(self._places), set()
        return taken
