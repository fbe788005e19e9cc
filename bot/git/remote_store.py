"""A repository elsewhere without hooks of ours: decided on in a mirror, written by one push or not at all."""

from contextlib import suppress
from dataclasses import dataclass

from bot.errors import Moved
from bot.git.branches import RemoteBranches
from bot.git.ledgers import PREFIX
from bot.git.store import GitStore
from bot.git.transaction import Transaction

LEDGERS = f"+{PREFIX}*:{PREFIX}*"


@dataclass(frozen=True)
class RemoteStore(GitStore):
    """Writes the repository of `branches`; `repository` is its mirror."""

    branches: RemoteBranches

    def _transaction(self) -> Transaction:
        return RemoteTransaction(self.repository.path, branches=self.branches)


@dataclass(slots=True, kw_only=True)
class RemoteTransaction(Transaction):
    """Moves refs of a mirror once they have moved in the repository that it mirrors."""

    branches: RemoteBranches

    def commit(self, reason: str) -> None:
        """Do it; raises Moved when a ref was elsewhere, Refused with the server's reason, TransportFailed.

        Nothing has changed then. What is only to be kept was looked at when it was fetched: Git knows no
        push that leaves a ref where it is and minds.
        """
        refs, expect = {}, {}
        for line in self.lines:
            verb, ref, *ids = line.split(" ")
            if verb != "verify":
                refs[ref] = ids[0] if verb == "update" else ""
                expect[ref] = ids[-1].strip("0") and ids[-1]
        try:
            self.branches.move(refs, expect)
        except Moved:
            bring(self.branches)
            raise
        with suppress(Moved):  # somebody fetched meanwhile, and the mirror shows it already
            Transaction(self.git_dir, self.lines).commit(reason)


def bring(branches: RemoteBranches) -> None:
    """Bring the mirror up to date, ledgers too; raises TransportFailed."""
    branches.refresh()
    branches.fetch([LEDGERS])
