"""Commits as GraphQL sees them, and what is said about them."""

from typing import Any

from tests.forges.github.apps import Caller
from tests.forges.github.check import CheckRun, Status, combined, newest
from tests.forges.github.connection import Connection, Node
from tests.forges.github.repository import Repository
from tests.forges.github.world import World


class CommitNode(Node):
    """A commit."""

    kind = "Commit"

    def __init__(self, world: World, caller: Caller, held: Repository, sha: str) -> None:
        super().__init__(world, caller)
        self._held = held
        self.id = world.place.node("C", f"{held.id}:{sha}")
        self.oid, self.abbreviated_oid = sha, sha[:7]
        commit = held.bare.commit(sha)
        self.message = commit.message.rstrip("\n")
        self.message_headline = commit.message.partition("\n")[0]
        self.tree = {"oid": str(commit.tree_id)}

    @property
    def status_check_rollup(self) -> "Rollup | None":
        made = Rollup(self._world, self._caller, self._held, self.oid)
        return made if made.said else None


class Rollup(Node):
    """All that is said about a commit, in one word and one by one."""

    kind = "StatusCheckRollup"

    def __init__(self, world: World, caller: Caller, held: Repository, sha: str) -> None:
        super().__init__(world, caller)
        self.id = world.place.node("SCR", f"{held.id}:{sha}")
        self.said: list[Status | CheckRun] = [*newest(held.statuses_of(sha)), *held.runs_of(sha)]
        self.state = combined(each.verdict for each in self.said).upper()

    def contexts(self, **paging: Any) -> Connection:
        return Connection([_context(self._world, self._caller, each) for each in self.said], **paging)


class Context(Node):
    """A status, or a check run."""

    def __init__(self, world: World, caller: Caller, kind: str, fields: dict[str, Any]) -> None:
        super().__init__(world, caller)
        self.kind = kind  # type: ignore[misc]  # one class for both
        self.__dict__.update(fields)


def _context(world: World, caller: Caller, held: Status | CheckRun) -> Context:
    if isinstance(held, Status):
        said = {"context": held.context, "state": held.state.upper(), "description": held.description}
        return Context(world, caller, "StatusContext", {**said, "target_url": held.target})
    conclusion = held.conclusion.upper() if held.conclusion else None
    said = {"name": held.name, "status": held.status.upper(), "conclusion": conclusion}
    return Context(world, caller, "CheckRun", {**said, "database_id": held.id, "details_url": held.details})
