"""A GitLab in small with one package on its branch, for each test."""

from pathlib import Path

import pytest

from tests.attendant.contract.driver import BEGINNING
from tests.attendant.gitlab.street import Street, street_of
from tests.forges.gitlab.cast import Cast
from tests.forges.gitlab.conftest import cast, lab  # noqa: F401 the world's own fixtures


@pytest.fixture
def street(cast: Cast, tmp_path: Path) -> Street:  # noqa: F811 the world's own fixture
    return street_of(cast, tmp_path / "state", BEGINNING)
