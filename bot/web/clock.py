"""The clock that the front door reads, given to everything that needs one."""

from typing import Protocol


class Clock(Protocol):
    """Seconds since 1970."""

    def __call__(self) -> float: ...
