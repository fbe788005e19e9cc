"""A line for each test, whose requests are held to GitHub's own descriptions afterwards."""

import functools
from collections.abc import Iterator

import pytest

from bot.forges.github.credentials import Token
from bot.forges.github.forge import GitHub
from tests.forges.github import schemas
from tests.forges.github.adapter.line import Line, listening
from tests.forges.published import Unreachable


@functools.cache
def unreachable() -> str:
    """Why GitHub's descriptions cannot be read here, '' when they can."""
    try:
        schemas.rest(), schemas.graph()
    except Unreachable as error:
        return str(error)
    return ""


@pytest.fixture
def line() -> Iterator[Line]:
    with listening() as listener:
        yield listener
    if not unreachable():
        assert listener.faults() == []


@pytest.fixture
def forge(line: Line) -> GitHub:
    """A person's: what an App does otherwise has tests of its own."""
    made = GitHub("acme/packages", Token("secret-token"), branch="main", api=line.address)
    made._session._pause = lambda _: None
    return made
