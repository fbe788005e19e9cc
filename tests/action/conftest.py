"""A GitHub in small whose only servant is the Action: events start the README's workflow, or do not."""

import fcntl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.action.machine import Machine, NoIndexError, Place, Ran
from tests.action.workflow import Workflow
from tests.attendant.conftest import KPTFILE, POLICY, ZONE
from tests.attendant.github.street import Street
from tests.forges.github.apps import App
from tests.forges.github.cast import Cast
from tests.forges.github.conftest import cast, hub  # noqa: F401 the world's own fixtures
from tests.forges.github.repository import Repository

Json = dict[str, Any]


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with the Action installed by its own first step."""
    found = Machine(tmp_path_factory.mktemp("machine"))
    # Several at once would only wait for one another.
    with (tmp_path_factory.getbasetemp().parent / "installation.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            found.install()
        except NoIndexError as error:
            pytest.skip(f"the Action cannot be installed, the package index is not reachable: {error}")
    return found


@dataclass
class Avenue(Street):
    """A street on which runs of a workflow do everything."""

    machine: Machine
    workflow: Workflow
    repo: Repository
    heard: int = 0

    @property
    def at(self) -> Place:
        return Place(self.repo.full_name, self.cast.hub.api, self.cast.world.place.web)

    def token(self, permissions: dict[str, str] | None = None) -> str:
        """The GITHUB_TOKEN of a run."""
        wanted = self.workflow.permissions if permissions is None else permissions
        return self.cast.world.workflow_token(self.repo, wanted).token

    @property
    def app(self) -> App:
        """Whom the GITHUB_TOKEN belongs to."""
        return next(app for app in self.cast.world.apps.values() if app.is_actions)

    def events(self) -> list[tuple[str, Json]]:
        """What happened since last time; of what a GITHUB_TOKEN did no workflow hears."""
        told = self.cast.world.switchboard.told
        new, self.heard = told[self.heard :], len(told)
        return [
            (event, payload) for event, _, payload in new if payload["sender"]["login"] != self.app.bot.login
        ]

    def run(self, event: str, payload: Json, **permissions: str) -> Ran:
        """One run, whatever the workflow would say about it."""
        token = self.token(permissions or None)
        ran = self.machine.run(self.at, token, event, payload, self.workflow.inputs)
        assert token not in ran.log + ran.summary
        return ran

    def runs(self) -> list[Ran]:
        """A run for each event since last time that starts the workflow."""
        return [
            self.run(event, payload)
            for event, payload in self.events()
            if self.workflow.hears(event, payload)
        ]

    def once(self) -> Ran:
        [ran] = self.runs()
        return ran


def make_avenue(cast: Cast, folder: Path, machine: Machine, workflow: str) -> Avenue:  # noqa: F811 the same
    """A street with one package on its branch, and a workflow of the README."""
    files = {
        ".portico.yaml": POLICY.encode(),
        "net/dns/Kptfile": KPTFILE.encode(),
        "net/dns/zone.yaml": ZONE.encode(),
    }
    cast.commit("root", "main", files)
    cast.repo.settings.actions_may_open_pulls = True
    made = Avenue(cast, folder / "state", machine, Workflow.of_the_readme(workflow), cast.repo)
    cast.world.workflow_token(cast.repo, {})
    made.events()
    return made


@pytest.fixture
def avenue(cast: Cast, tmp_path: Path, machine: Machine) -> Avenue:  # noqa: F811 the world's own fixture
    return make_avenue(cast, tmp_path, machine, "portico.yaml")
