"""Tags created once, never moved, and deleted where they are known to stand; the same for every forge."""

from collections.abc import Callable

from bot.errors import Moved, NotFound, Refused
from bot.forges.patience import Unclear
from bot.packages.naming import quoted


def ensure(tag: str, commit: str, create: Callable[[], object], stands_at: Callable[[], str]) -> None:
    """Create it, or find that it stands at `commit`; Moved where it stands elsewhere.

    `stands_at` says which commit the tag names, '' where there is none.
    """
    try:
        create()
    except (Refused, Moved, NotFound, Unclear) as error:
        found = stands_at()
        if not found:
            raise
        if found != commit:
            raise Moved(
                f"The tag {quoted(tag)} already stands at {found[:12]}, and a tag is never moved."
            ) from error


def discard(tag: str, commit: str, delete: Callable[[], object], stands_at: Callable[[], str]) -> None:
    """Delete it where it stands at `commit`, or find it gone; Moved where it stands elsewhere."""
    found = stands_at()
    if not found:
        return
    if found != commit:
        raise Moved(f"The tag {quoted(tag)} stands at {found[:12]}, and is not the one that was meant.")
    try:
        delete()
    except (Refused, NotFound, Unclear):
        if stands_at():
            raise
