"""A sign of life during long work: on a terminal only, nothing in a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Show that `what` is being done, on standard error, until it is done."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 a pipe must not pay for what it never shows

    with Console(stderr=True).status(f"{what} …"):
        yield


@contextmanager
def counted(what: str, total: int) -> Iterator[Callable[[], None]]:
    """The same for `total` things, of which each that is done is told by calling what this yields."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 a pipe must not pay for what it never shows

    done = 0
    with Console(stderr=True).status(f"{what} …") as status:

        def advance() -> None:
            nonlocal done
            done += 1
            status.update(f"{what}: {done} of {total} …")

        yield advance
