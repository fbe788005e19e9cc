"""A world of GitHub for each test, with people in it or empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forges.github.cast import Cast
from tests.forges.github.honest import honest
from tests.forges.github.server import Server


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Server]:
    """A server with an empty world."""
    with honest(tmp_path) as server:
        yield server


@pytest.fixture
def cast(hub: Server, tmp_path: Path) -> Cast:
    """A world with people in it, a repository and an App."""
    return Cast(hub, tmp_path)
