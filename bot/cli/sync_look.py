"""Pins that are in a cluster, each beside what is published of its package."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.cli.desk import Desk, Shelf, warn
from bot.cli.progress import progress
from bot.errors import NotFound, UserError
from bot.packages.layout import revision_number
from bot.packages.naming import quoted
from bot.packages.published import newest, published
from bot.packages.revision import Lifecycle, PackageRevision

if TYPE_CHECKING:
    from bot.kubernetes.board import Hung


class Beside(NamedTuple):
    """A pin, and the shelf of its repository; None where that is not registered, or cannot be read."""

    hung: "Hung"
    shelf: Shelf | None

    @property
    def number(self) -> int:
        """The revision that it is pinned to; -1 for none."""
        return revision_number(self.hung.ref.rpartition("/")[2])

    @property
    def newer(self) -> list[int] | None:
        """The published revisions that are newer, None where nothing is known of them."""
        if self.shelf is None:
            return None
        known = published(self.shelf.catalog.revisions, self.hung.mark.package)
        return [
            number
            for number, one in known.items()
            if number > self.number and one.lifecycle is Lifecycle.PUBLISHED
        ]

    def target(self) -> PackageRevision | None:
        """Where it is to move: None where it is already, or stands higher and is still there.

        Raises NotFound when its repository, or nothing of its package, is there any more.
        """
        if self.shelf is None:
            raise NotFound(
                f"The repository {quoted(self.hung.mark.repository)} is not registered, or cannot be read; "
                "`portico repo get` lists those that are."
            )
        revisions = self.shelf.catalog.revisions
        best = newest(revisions, self.hung.mark.package)
        if best.ref == self.hung.ref:
            return None
        is_there = any(one.ref == self.hung.ref for one in revisions)
        return best if best.revision > self.number or not is_there else None


def beside(desk: Desk, pins: Iterable["Hung"]) -> list[Beside]:
    """Read the repositories of pins anew, each once; one that cannot be read is warned of."""
    found = list(pins)
    names = sorted({one.mark.repository for one in found})
    with progress(f"Reading {len(names)} repositories"):
        shelves: Mapping[str, Shelf | None] = {name: _shelf(desk, name) for name in names}
    return [Beside(one, shelves[one.mark.repository]) for one in found]


def _shelf(desk: Desk, name: str) -> Shelf | None:
    try:
        return desk.shelf(name)
    except UserError as error:
        warn(f"What is published in {quoted(name)} is not known: {error}")
        return None


def named(pins: Sequence["Hung"], name: str) -> "Hung":
    """The one pin that has this name; raises NotFound, or UserError where several have."""
    found = [one for one in pins if one.name == name]
    if not found:
        raise NotFound(f"Nothing is pinned as {quoted(name)} there; `portico sync get -A` lists what is.")
    if len(found) > 1:
        engines = " and ".join(f"'{one.engine.word}'" for one in found)
        raise UserError(f"There is a pin {quoted(name)} for {engines}; say which with `--engine`.")
    return found[0]
