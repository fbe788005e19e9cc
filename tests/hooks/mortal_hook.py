"""A proc-receive hook for tests that kills itself after some steps in the repository's refs.

Started as `python mortal_hook.py`, in the repository; the file `portico/dies-after` says how many.
"""

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.git.store import GitStore
from bot.git.transaction import Transaction
from bot.hooks.desk import Desk, open_desk
from bot.hooks.proc_receive import proc_receive
from bot.render.renderer import PackageRenderer
from bot.render.runners import functions
from bot.steward import Steward

ORDER = Path("portico", "dies-after")


@dataclass
class Life:
    """How many transactions are left."""

    left: int

    def end(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True)
class MortalTransaction(Transaction):
    """Dies before the first transaction, or after the last for which there is life."""

    life: Life | None = None

    def commit(self, reason: str) -> None:
        assert self.life
        self.life.end()
        Transaction.commit(self, reason)
        self.life.left -= 1
        self.life.end()


@dataclass(frozen=True, slots=True)
class MortalStore(GitStore):
    """The real store, over transactions that end."""

    life: Life

    def _transaction(self) -> Transaction:
        return MortalTransaction(self.repository.path, life=self.life)


@dataclass(slots=True)
class MortalDesk(Desk):
    """The real desk with a mortal steward."""

    life: Life | None = None

    @property
    def steward(self) -> Steward:
        assert self.life
        store = MortalStore(self.repository, self.layout, self.life)
        return Steward(store, PackageRenderer(functions), self.gatherer, self)


def main() -> int:
    desk = open_desk(Path(), os.environ, quarantine=False)
    life = Life(int(ORDER.read_text()))
    return proc_receive(MortalDesk(desk.repository, desk.server, desk.by, life=life))


if __name__ == "__main__":
    sys.exit(main())
