"""A place where drafts live, as the machine of interleavings knows it: what people do, and what was."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import pygit2

from bot.attendant.attendant import Attendant
from bot.ports import Forge
from tests.attendant.conftest import KPTFILE, ZONE

PACKAGE = "net/dns"
WRITES = frozenset(
    {"mark", "merge", "create_tag", "delete_tag", "keep_living", "react", "judge", "open_change", "close"}
)


class Said(StrEnum):
    """What people may say of a change, each in the way that a forge has for it."""

    APPROVED = "approved"
    REJECTED = "rejected"
    TAKEN_BACK = "taken back"


class Town(Protocol):
    """One forge with one package; changes go by their numbers, of which `numbers` has all."""

    words: Sequence[str]
    weathers: Sequence[str]
    """What the forge does by itself; each may come again, and then ends."""

    @property
    def repository(self) -> pygit2.Repository:
        """Where the forge keeps it all."""

    @property
    def attendant(self) -> Attendant: ...
    def another(self, forge: Forge | None = None) -> Attendant:
        """An attendant as a new process has it; it sees `forge` instead of its own."""

    def forge(self) -> Forge:
        """The forge as a bot sees it."""

    def land(self, branch: str, commit: str, by: str) -> None:
        """Let a branch stand at a commit that somebody pushed, by force if need be."""

    def numbers(self) -> Sequence[int]: ...
    def head(self, number: int) -> str: ...
    def branch(self, number: int) -> str: ...
    def is_open(self, number: int) -> bool: ...
    def is_draft(self, number: int) -> bool: ...
    def review(self, number: int, by: str, said: Said) -> bool:
        """False where the forge does not take it."""

    def write(self, number: int, by: str, text: str) -> None: ...
    def ready(self, number: int) -> None: ...
    def press_merge(self, number: int, by: str) -> None:
        """As far as the button is not grey."""

    def close(self, number: int) -> None: ...
    def let(self, weather: str) -> None: ...
    def refs(self) -> Mapping[str, str]: ...
    def writes(self) -> Sequence[str]:
        """Everything that the bot has written so far."""

    def pushers(self, merge: str) -> set[str]:
        """Who pushed to what became a merge."""


def tip(town: Town, ref: str) -> str:
    found = town.repository.references.get(ref)
    return str(found.target) if found else ""


def commit_of(town: Town, start: str, ttl: int, by: str) -> str:
    """A commit upon `start` in which the package has another value; a deletion may have taken it away."""
    repository = town.repository
    index = pygit2.Index()
    index.read_tree(repository[start].peel(pygit2.Commit).tree)
    kptfile = repository.create_blob(KPTFILE.encode())
    index.add(pygit2.IndexEntry(f"{PACKAGE}/Kptfile", kptfile, pygit2.enums.FileMode.BLOB))
    blob = repository.create_blob(ZONE.replace("300", str(ttl)).encode())
    index.add(pygit2.IndexEntry(f"{PACKAGE}/zone.yaml", blob, pygit2.enums.FileMode.BLOB))
    who = pygit2.Signature(by, f"{by}@example.com")
    tree = index.write_tree(repository)
    return str(repository.create_commit(None, who, who, f"{by} writes", tree, [start]))


def state_of(folder: Path) -> Path:
    return folder / "state"
