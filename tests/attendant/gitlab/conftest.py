"""A GitLab in small with one package on its branch, for each test: as a street, or as the contract has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attendant.contract.driver import BEGINNING
from tests.attendant.contract.gitlab_driver import GitLabDriver
from tests.attendant.gitlab.street import Street, street_of
from tests.forges.gitlab.cast import Cast
from tests.forges.gitlab.conftest import cast, lab  # noqa: F401 the world's own fixtures


@pytest.fixture
def street(cast: Cast, tmp_path: Path) -> Street:  # noqa: F811 the world's own fixture
    return street_of(cast, tmp_path / "state", BEGINNING)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[GitLabDriver]:
    with GitLabDriver.opened(tmp_path) as driver:
        yield driver
