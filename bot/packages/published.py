"""The published revisions of one package, by their numbers."""

from collections.abc import Iterable

from bot.errors import NotFound
from bot.packages.naming import quoted
from bot.packages.revision import Lifecycle, PackageRevision

_MOST_NAMED = 10


def published(revisions: Iterable[PackageRevision], path: str) -> dict[int, PackageRevision]:
    """Those of the package at `path` that have a number, in its order; one to be deleted is still there."""
    numbered = {each.revision: each for each in revisions if each.path == path and each.revision > 0}
    return dict(sorted(numbered.items()))


def published_at(revisions: Iterable[PackageRevision], path: str, number: int) -> PackageRevision:
    """The one that has this number; raises NotFound, which says which there are."""
    known = published(revisions, path)
    if number not in known:
        raise NotFound(f"The package {quoted(path)} has no published revision v{number}; {_there(known)}.")
    return known[number]


def newest(revisions: Iterable[PackageRevision], path: str) -> PackageRevision:
    """The one with the highest number that is to stay; raises NotFound when there is none."""
    known = published(revisions, path)
    staying = [each for each in known.values() if each.lifecycle is Lifecycle.PUBLISHED]
    if not staying:
        raise NotFound(
            f"The package {quoted(path)} has no published revision that is to stay; {_there(known)}."
        )
    return staying[-1]


def _there(known: Iterable[int]) -> str:
    named = [f"v{number}" for number in known]
    if not named:
        return "`portico rpkg get` lists what is published"
    more = f"{len(named) - _MOST_NAMED} older ones and " if len(named) > _MOST_NAMED else ""
    return f"there are {more}{', '.join(named[-_MOST_NAMED:])}" if len(named) > 1 else f"there is {named[0]}"
