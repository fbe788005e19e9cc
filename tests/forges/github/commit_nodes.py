"""Commits as GraphQL sees them, and what is said about them."""

from typing import Any

from tests.forges.github.apps import Caller
from tests.forges.github.check import CheckRun, Status, combined, newest
from tests.forges.github.connection import Actor, Connection, Node
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
    def status(self) -> "StatusNode | None":
        held = newest(self._held.statuses_of(self.oid))
        return StatusNode(self._world, self._caller, held) if held else None

    def check_suites(self, filter_by: dict[str, Any] | None = None, **paging: Any) -> Connection:
        runs = [run for run in self._held.runs_of(self.oid) if _named(run, filter_by)]
        suites = {run.suite: run.app for run in runs}
        made = [
            SuiteNode(self._world, self._caller, app.slug, [run for run in runs if run.suite == suite])
            for suite, app in suites.items()
        ]
        return Connection(made, **paging)

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


def _named(run: CheckRun, filter_by: dict[str, Any] | None) -> bool:
    return not filter_by or filter_by.get("checkName") in {None, run.name}


class StatusNode(Node):
    """The statuses of a commit, by context."""

    kind = "Status"

    def __init__(self, world: World, caller: Caller, held: list[Status]) -> None:
        super().__init__(world, caller)
        self._held = held

    def context(self, name: str) -> Context | None:
        found = next((each for each in self._held if each.context.lower() == name.lower()), None)
        if not found:
            return None
        made = _context(self._world, self._caller, found)
        made.__dict__["creator"] = Actor(self._world, self._caller, found.creator)
        return made


class SuiteNode(Node):
    """The check runs of one App on a commit."""

    kind = "CheckSuite"

    def __init__(self, world: World, caller: Caller, slug: str, held: list[CheckRun]) -> None:
        super().__init__(world, caller)
        self.app = {"slug": slug}
        self._held = held

    def check_runs(self, filter_by: dict[str, Any] | None = None, **paging: Any) -> Connection:
        last = {run.name: run for run in self._held if _named(run, filter_by)}
        return Connection([_context(self._world, self._caller, run) for run in last.values()], **paging)
