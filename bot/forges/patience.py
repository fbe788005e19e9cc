"""How a forge that is weak, or asks to wait, is borne with; the same for every forge."""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar

from bot.errors import Later

ATTEMPTS = 3  # how often a reading is asked for while a forge has a moment of weakness
PAUSE_SECONDS = 0.5  # before the second time; twice that before the third
WAIT_SECONDS = 60  # where a forge does not say how long: GitHub's least, and GitLab's limits are of a minute
_T = TypeVar("_T")


class Unclear(Later):
    """The forge did not say whether it has done what was asked: read before anything is asked again."""


def patiently(ask: Callable[[], _T], pause: Callable[[float], None]) -> _T:
    """Ask for what may be asked again, a few times while the answer is unclear."""
    for attempt in range(1, ATTEMPTS):
        try:
            return ask()
        except Unclear:
            pause(PAUSE_SECONDS * attempt)
    return ask()


def seconds_to_wait(headers: Mapping[str, str], reset: str) -> float:
    """How many seconds a limit holds: by `retry-after`, or until `reset`, seconds since 1970 or ''."""
    after = headers.get("retry-after", "")
    if after.isdecimal():
        return max(float(after), 1)
    if reset.isdecimal():
        try:
            # Both are the forge's: our clock may go wrong.
            return max(float(reset) - parsedate_to_datetime(headers["date"]).timestamp() + 1, 1)
        except (KeyError, TypeError, ValueError):
            pass
    return WAIT_SECONDS
