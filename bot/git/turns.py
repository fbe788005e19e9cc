"""One process at a time in a folder of the cache: Git's own locks would make the second one fail."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import UserError
from bot.packages.naming import quoted


@contextmanager
def turn(place: Path) -> Iterator[None]:
    """Wait until nobody else is in the folder `place`, which is made; raises UserError if it cannot be."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        lock = (place / "lock").open("w")
    except OSError as error:
        raise UserError(
            f"The cache {quoted(str(place))} cannot be written: {error.strerror}; set PORTICO_HOME."
        ) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
