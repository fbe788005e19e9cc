"""A line for each test, and the adapter at its end."""

from collections.abc import Iterator

import pytest

from bot.forges.gitlab.credentials import Token
from bot.forges.gitlab.forge import GitLab
from tests.forges.github.adapter.line import Line, listening
from tests.forges.gitlab.adapter.shapes import ME, PROJECT, project, user


@pytest.fixture
def line() -> Iterator[Line]:
    with listening("/api/v4") as listener:
        listener.on("GET /user", user(ME))
        listener.on(f"GET {PROJECT}", project())
        yield listener


@pytest.fixture
def forge(line: Line) -> GitLab:
    made = GitLab("acme/infra/packages", Token("secret-token"), branch="main", url=address(line))
    made._session.pause = lambda _: None
    return made


def address(line: Line) -> str:
    return line.address.removesuffix("/api/v4")
