"""Whether a revision may be deleted, or others were cloned from it, wherever they are registered."""

from dataclasses import dataclass
from functools import cached_property

from bot.cli.desk import Desk, Found, warn
from bot.cli.kin import Kin, look_at_kin
from bot.errors import Refused
from bot.packages.naming import quoted

MOST_NAMED = 10


@dataclass(frozen=True)
class InUse:
    """Looks at all registered repositories, once, when it is first asked."""

    desk: Desk

    def check(self, found: Found) -> None:
        """Raise Refused when something live comes from `found`; its own server sees only what is there."""
        names = [item.name for item in self._kin.downstream(found.name, live=True)]
        if self._kin.failed:
            warn(f"Whether anything comes from {quoted(found.name)} in what is left out is not known.")
        if names:
            raise Refused(
                f"It cannot be deleted while {_told(names)} as upstream; upgrade or delete "
                f"{'that' if len(names) == 1 else 'those'} first."
            )

    @cached_property
    def _kin(self) -> Kin:
        return look_at_kin(self.desk)


def _told(names: list[str]) -> str:
    shown = [quoted(name) for name in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        shown.append(f"{len(names) - MOST_NAMED} more")
    if len(shown) == 1:
        return f"{shown[0]} has it"
    return f"{', '.join(shown[:-1])} and {shown[-1]} have it"
