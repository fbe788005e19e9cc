"""A world of GitHub for each test, which is held to GitHub's own descriptions when the test is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forges.github import schemas
from tests.forges.github.cast import Cast
from tests.forges.github.server import Server, served
from tests.forges.published import Unreachable, npm


@pytest.fixture(scope="session")
def _described() -> None:
    """The descriptions are here; without them nothing says that a world is honest."""
    try:
        schemas.rest()
        schemas.webhooks()
        npm("@octokit/graphql-schema", "schema.graphql")
    except Unreachable as error:
        pytest.skip(f"what GitHub published about its API cannot be fetched: {error}")


@pytest.fixture
def hub(_described: None, tmp_path: Path) -> Iterator[Server]:
    """A server with an empty world."""
    with served(tmp_path) as server:
        yield server
        faults = server.recorder.faults(server.world.switchboard)
    assert not faults, "The world is not as GitHub describes itself:\n" + "\n".join(faults[:20])


@pytest.fixture
def cast(hub: Server, tmp_path: Path) -> Cast:
    """A world with people in it, a repository and an App."""
    return Cast(hub, tmp_path)
