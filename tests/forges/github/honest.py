"""A world for a test, which is held to GitHub's own descriptions when the test is over."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.forges.github import schemas
from tests.forges.github.server import Server, served
from tests.forges.published import Unreachable, npm


@functools.cache
def why_not() -> str:
    """Why nothing can say whether a world is honest, or nothing."""
    try:
        schemas.rest()
        schemas.webhooks()
        npm("@octokit/graphql-schema", "schema.graphql")
    except Unreachable as error:
        return f"what GitHub published about its API cannot be fetched: {error}"
    return ""


@contextmanager
def honest(root: Path) -> Iterator[Server]:
    """A server with an empty world whose repositories are below `root`; fails when the world told a lie."""
    if reason := why_not():
        pytest.skip(reason)
    with served(root) as server:
        yield server
        faults = server.recorder.faults(server.world.switchboard)
    assert not faults, "The world is not as GitHub describes itself:\n" + "\n".join(faults[:20])
