"""Which package revisions a person asked for."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.cli.desk import Found
from bot.errors import NotFound
from bot.packages.naming import quoted


class Selection(NamedTuple):
    """Conditions that must all hold; None and () mean that anything does."""

    names: tuple[str, ...] = ()
    package: str | None = None
    workspace: str | None = None
    revision: int | None = None
    lifecycle: str | None = None

    def of(self, everything: Iterable[Found]) -> Iterator[Found]:
        """Those of `everything` that meet the conditions; raises NotFound for a name that is not there."""
        items = list(everything)
        there = {item.name for item in items}
        for name in self.names:
            if name not in there:
                raise NotFound(
                    f"There is no package revision {quoted(name)}; `portico rpkg get` lists those that there "
                    "are."
                )
        return (item for item in items if self._wants(item))

    def _wants(self, item: Found) -> bool:
        revision = item.revision
        pairs = (
            (self.package, revision.path),
            (self.workspace, revision.workspace),
            (self.revision, revision.revision),
            (self.lifecycle, revision.lifecycle.value),
        )
        return (not self.names or item.name in self.names) and all(
            wanted is None or wanted == is_ for wanted, is_ in pairs
        )
