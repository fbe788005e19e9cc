"""Whether there is room for new work: a name that is free, and a place where no other package lies."""

from collections.abc import Iterable

from bot.packages.naming import RevisionName
from bot.packages.revision import PackageRevision


def is_taken(name: RevisionName, revisions: Iterable[PackageRevision]) -> bool:
    """Whether a package has such a workspace already, whatever became of it."""
    return any(revision.name == name for revision in revisions)


def in_the_way(path: str, revisions: Iterable[PackageRevision]) -> str:
    """The first package that is at `path`, around it or in it, '' for none (facts: Porch §3.2)."""
    paths = sorted({revision.path for revision in revisions})
    return next((other for other in paths if _meet(path, other)), "")


def _meet(path: str, other: str) -> bool:
    return other == path or path.startswith(f"{other}/") or other.startswith(f"{path}/")
