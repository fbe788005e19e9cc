"""An operation that was asked to stop where both sides had changed something, and did."""

from bot.errors import Refused
from bot.packages.merge.conflict import Conflict
from bot.packages.operations.content import told


class Stopped(Refused):
    """Nothing was made; `conflicts` says why, without secrets."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        number = f"{len(conflicts)} conflicts" if len(conflicts) > 1 else "1 conflict"
        super().__init__(
            f"{number}, so nothing was written; `--on-conflict upstream` or `local` lets one side hold.\n"
            f"{told(conflicts)}".rstrip()
        )
        self.conflicts = conflicts
