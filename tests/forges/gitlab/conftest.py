"""A world of GitLab for each test, with people in it or empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forges.gitlab.cast import Cast
from tests.forges.gitlab.honest import honest
from tests.forges.gitlab.server import Server


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Server]:
    """A server with an empty world."""
    with honest(tmp_path) as server:
        yield server


@pytest.fixture
def cast(lab: Server, tmp_path: Path) -> Cast:
    """A world with people in it, a project and a bot."""
    return Cast(lab, tmp_path)
