"""Which package revisions a person asked for."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.cli.desk import Found
from bot.cli.kin import Kin
from bot.errors import NotFound
from bot.packages.naming import quoted


class Selection(NamedTuple):
    """Conditions that must all hold; None and () mean that anything does.

    `upstream` names the package or revision that it comes from; `upgradable` is for what is behind its own.
    """

    names: tuple[str, ...] = ()
    package: str | None = None
    workspace: str | None = None
    revision: int | None = None
    lifecycle: str | None = None
    upstream: str | None = None
    upgradable: bool | None = None

    @property
    def asks_for_kin(self) -> bool:
        """Whether one revision alone does not tell if it is wanted."""
        return self.upstream is not None or bool(self.upgradable)

    def of(self, everything: Iterable[Found], kin: Kin | None = None) -> Iterator[Found]:
        """Those of `everything` that meet the conditions, with `kin` those on other revisions too.

        Raises NotFound for a name that is not there.
        """
        items = list(everything)
        there = {item.name for item in items}
        for name in self.names:
            if name not in there:
                raise NotFound(
                    f"There is no package revision {quoted(name)}; `portico rpkg get` lists those that there "
                    "are."
                )
        chosen = (item for item in items if self._wants(item))
        return chosen if kin is None else self._by_kin(chosen, kin)

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

    def _by_kin(self, items: Iterable[Found], kin: Kin) -> Iterator[Found]:
        if self.upstream is not None:
            downstream = {item.name for item in kin.downstream(self.upstream)}
            items = (item for item in items if item.name in downstream)
        return (item for item in items if not self.upgradable or kin.is_upgradable(item))
