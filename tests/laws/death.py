"""A store that dies after any number of moved refs, leaving exactly what a killed Git would leave.

`git update-ref` with refs in files renames lock files one after the other: updates in the order given, then
what is deleted from `packed-refs` in one rename, then the deleted files in the order given. The same is
done here in process, so that a law can try thousands of steps.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pygit2

from bot.errors import Moved, Refused
from bot.git.store import GitStore
from bot.git.transaction import ZERO, Transaction

NEVER = 1_000_000


class Killed(BaseException):
    """No `except Exception` survives a kill."""


@dataclass
class Death:
    """How many more refs may move before the process dies, and how many moved since it was set."""

    after: int = NEVER
    moved: int = 0

    def set(self, after: int = NEVER) -> None:
        self.after, self.moved = after, 0

    def pass_by(self) -> None:
        """Die now, or count one more."""
        if self.moved >= self.after:
            raise Killed
        self.moved += 1


@dataclass(slots=True)
class MortalTransaction(Transaction):
    """A transaction carried out in process, by the same rules, until death."""

    repository: pygit2.Repository = field(kw_only=True)
    death: Death = field(kw_only=True)

    def commit(self, reason: str) -> None:  # noqa: ARG002 # the signature of what it stands for
        orders = [line.split(" ") for line in self.lines]
        for order in orders:
            self._check(order[1], "" if order[-1] == ZERO else order[-1])
        for move in self._moves(orders):
            self.death.pass_by()
            move()

    def _check(self, ref: str, expect: str) -> None:
        found = ref_id(self.repository, ref)
        if found != expect:
            raise Moved(f"{ref} is at {found}, but expected {expect}")
        if not found:
            # Git's "cannot create: exists": a name cannot be a file and a directory, even to look at.
            parts = ref.split("/")
            outer = {"/".join(parts[:n]) for n in range(3, len(parts))}
            names = set(self.repository.references)
            if outer & names or any(name.startswith(f"{ref}/") for name in names):
                raise Refused(f"{ref} and another ref cannot both be")

    def _moves(self, orders: list[list[str]]) -> Iterator[Callable[[], None]]:
        references = self.repository.references
        for word, ref, *ids in orders:
            if word == "update":
                yield partial(_set, self.repository, ref, ids[0])
        gone = [order[1] for order in orders if order[0] == "delete"]
        packed = [ref for ref in gone if not Path(self.git_dir, ref).exists()]
        if packed:
            yield partial(_delete_all, self.repository, packed)
        for ref in gone:
            if ref not in packed:
                yield partial(references.delete, ref)


@dataclass(frozen=True, slots=True)
class MortalStore(GitStore):
    """The real store over mortal transactions."""

    death: Death

    def _transaction(self) -> Transaction:
        return MortalTransaction(self.repository.path, repository=self.repository, death=self.death)


def ref_id(repository: pygit2.Repository, ref: str) -> str:
    try:
        return str(repository.references[ref].target)
    except KeyError:
        return ""


def _delete_all(repository: pygit2.Repository, names: list[str]) -> None:
    for name in names:
        repository.references.delete(name)


def _set(repository: pygit2.Repository, ref: str, oid: str) -> None:
    repository.references.create(ref, oid, force=True)
