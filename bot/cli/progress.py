"""A sign of life during long work: on a terminal only, nothing in a pipe."""

import sys
from collections.abc import Iterator
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
