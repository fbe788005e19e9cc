"""Which edition of the render room this is: what is remembered by one is not believed by another."""

from functools import cache
from pathlib import Path

from bot import __version__

_ROOMS = ("render", "packages")


@cache
def edition() -> str:
    """The version, and how the sources stand: a working copy changes without one."""
    root = Path(__file__).parents[1]
    newest, size = 0, 0
    for room in _ROOMS:
        for path in (root / room).rglob("*.py"):
            found = path.stat()
            newest, size = max(newest, found.st_mtime_ns), size + found.st_size
    return f"{__version__} {newest} {size}"
