"""A package brought back to what it was: the content of a new draft that says what an old revision said."""

from collections.abc import Collection
from itertools import count

from bot.errors import Refused
from bot.packages.operations.content import Content, Story
from bot.packages.package import Files


def rollback(source: str, revision: int, files: Files, latest: Files) -> Content:
    """Exactly `files`, those of revision `revision`, whose object is called `source`.

    `latest` is what the newest published revision holds; raises Refused when that is the same.
    """
    if files == latest:
        raise Refused(
            f"There is nothing to roll back: the latest revision holds exactly what v{revision} holds; name "
            "an older one."
        )
    task = {"type": "edit", "edit": {"sourceRef": {"name": source}}}
    return Content(files, Story(f"Rolling back to v{revision}", task))


def free_workspace(revision: int, taken: Collection[str]) -> str:
    """A workspace's name for this work, that is none of those `taken`: `rollback-v1`, `rollback-v1-2`, …."""
    first = f"rollback-v{revision}"
    names = (f"{first}-{number}" if number > 1 else first for number in count(1))
    return next(name for name in names if name not in taken)
