"""What a forge's client tells of its conversation, for whoever counts."""

from typing import Protocol


class Meter(Protocol):
    """Counts; called by any thread."""

    def requested(self, forge: str, status: int) -> None:
        """Count one request by the status of its answer, 0 when there was none."""

    def remaining(self, forge: str, requests: int) -> None:
        """Note how many requests the forge still allows until its limit is renewed."""


class Uncounted:
    """Nobody counts: a Meter for one round."""

    def requested(self, forge: str, status: int) -> None: ...

    def remaining(self, forge: str, requests: int) -> None: ...
