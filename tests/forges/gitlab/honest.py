"""A world for a test, which is held to what real GitLabs sent when the test is over."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.forges.gitlab import witness
from tests.forges.gitlab.server import Server, served
from tests.forges.published import Unreachable


@functools.cache
def why_not() -> str:
    """Why nothing can say whether a world is honest, or nothing."""
    try:
        witness.answers()
        witness.events()
    except Unreachable as error:
        return f"what real GitLabs sent cannot be fetched: {error}"
    return ""


@contextmanager
def honest(root: Path) -> Iterator[Server]:
    """A server with an empty world whose projects are below `root`; fails when the world told a lie."""
    if reason := why_not():
        pytest.skip(reason)
    with served(root) as server:
        yield server
        faults = server.recorder.faults(server.world.switchboard)
    assert not faults, "The world is not as GitLab is:\n" + "\n".join(faults[:20])
