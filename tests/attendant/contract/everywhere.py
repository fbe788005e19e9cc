"""Which drivers a test of the contract runs over."""

from typing import Any

import pytest

from tests.attendant.contract.driver import Trait
from tests.attendant.contract.github_driver import GitHubDriver
from tests.attendant.contract.gitlab_driver import GitLabDriver
from tests.attendant.contract.server_driver import ServerDriver
from tests.attendant.contract.village_driver import VillageDriver

DRIVERS: dict[str, type[Any]] = {
    "village": VillageDriver,
    "github": GitHubDriver,
    "gitlab": GitLabDriver,
    "server": ServerDriver,
}


def having(*traits: Trait) -> list[str]:
    """The forges that have all of the traits; of the others each says in `lacks` why it has not."""
    return [name for name, kind in DRIVERS.items() if not kind.lacks.keys() & set(traits)]


def needs(*traits: Trait) -> pytest.MarkDecorator:
    """A test that is told of forges with these traits alone."""
    return pytest.mark.parametrize("forge", having(*traits), indirect=True)
