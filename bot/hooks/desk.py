"""What every hook has before it: one repository, its settings, who pushed, and a way to answer."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot import compose
from bot.gather import Gatherer
from bot.git.repository import Repository, open_repository
from bot.hooks.pusher import pusher
from bot.hooks.server import ROOM, Server, read_server
from bot.lifecycle.person import Person
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName
from bot.render.containers.runtime import Runtime, runtime
from bot.render.runners import Functions, functions
from bot.steward import Steward


@dataclass(slots=True)
class Desk:
    """One push at one repository; `named` where whoever listens must hear what it is about."""

    repository: Repository
    server: Server
    by: Person
    named: bool = False
    refusals: list[str] = field(default_factory=list)
    engine: Runtime | None = None

    def __post_init__(self) -> None:
        """The engine of containers is known of from the start, and looked for when a function needs it."""
        if self.server.containers and self.engine is None:
            self.engine = runtime(self.server.containers.environment(os.environ))

    @property
    def layout(self) -> Layout:
        return self.server.layout

    @property
    def _cache(self) -> Path:
        return Path(self.repository.path) / ROOM / "cache"

    @property
    def gatherer(self) -> Gatherer:
        return compose.gatherer(self.repository, self.layout, self.server.policy, self._cache)

    @property
    def steward(self) -> Steward:
        renders = compose.renderer(self._cache, self._may_run)
        return compose.steward(self.repository, self.layout, self.gatherer, self, renders)

    @property
    def _may_run(self) -> Functions:
        containers = self.server.containers
        return Functions(self.engine, containers.bounds) if containers else functions

    def close(self) -> None:
        """Leave no container behind."""
        if self.engine:
            self.engine.close()

    def say(self, name: RevisionName, text: str) -> None:
        if text:
            self.tell(f"{name}: {text}" if self.named and not text.startswith(str(name)) else text)

    def refuse(self, name: RevisionName, text: str) -> None:  # noqa: ARG002 # a Voice; refusals name what they refuse
        self.refusals.append(text)

    def tell(self, text: str) -> None:
        """Git shows the pusher what hooks write to standard error, line by line after `remote:`."""
        # Names from outside must not move a terminal's cursor; Git lets some through that do.
        shown = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
        sys.stderr.write(f"portico: {shown}\n")
        sys.stderr.flush()


def open_desk(git_dir: Path, environment: Mapping[str, str], *, quarantine: bool) -> Desk:
    """Open the repository that Git started a hook in; raises UserError with what its owner must mend."""
    server = read_server(git_dir)
    return Desk(open_repository(git_dir, quarantine=quarantine), server, pusher(server, environment))
