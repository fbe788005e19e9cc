"""The published revision that a package revision is compared with when nobody names another."""

from collections.abc import Iterable

from bot.packages.layout import HEADS
from bot.packages.revision import PackageRevision


def baseline(revision: PackageRevision, revisions: Iterable[PackageRevision]) -> PackageRevision | None:
    """Find, among all of a repository, what came before `revision`; None where it is all new.

    Of a numbered revision that is the one numbered before it, of all else the latest; of a draft whose
    package has no numbers yet it is what the registered branch holds.
    """
    others = [one for one in revisions if one.path == revision.path and one != revision]
    numbered = [one for one in others if one.revision > 0]
    if revision.revision > 0:
        numbered = [one for one in numbered if one.revision < revision.revision]
    if numbered:
        return max(numbered, key=lambda one: one.revision)
    if revision.revision != 0:
        return None
    return next((one for one in others if one.revision < 0 and one.ref.startswith(HEADS)), None)
