"""Whatever people, forge and crashes do in whatever order: nothing is published that nobody approved."""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings

from tests.attendant.gitlab.town import GitLabTown
from tests.attendant.machine import Machine
from tests.attendant.town import Town
from tests.attendant.village_town import VillageTown

STEPS = int(os.environ.get("PORTICO_STEPS", "10000"))
LENGTH = 40  # steps of one life
DEARER = 40  # how many steps in the village one on GitLab costs


class Village(Machine):
    def build(self, root: Path) -> Town:
        return VillageTown(root)


class GitLab(Machine):
    """The same over HTTP, by its adapter: approvals without commits, and words that GitLab takes."""

    def build(self, root: Path) -> Town:
        made = GitLabTown(root)
        self.end = made.open
        return made

    def teardown(self) -> None:
        if hasattr(self, "end"):
            self.end.close()
        super().teardown()


def lives(steps: int) -> settings:
    return settings(
        max_examples=max(1, steps // LENGTH),
        stateful_step_count=LENGTH,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


TestVillage = Village.TestCase
TestVillage.settings = lives(STEPS)
TestGitLab = GitLab.TestCase
TestGitLab.settings = lives(STEPS // DEARER)
