"""A GitHub in small with one package on its branch, for each test."""

from pathlib import Path

import pytest

from tests.attendant.contract.driver import BEGINNING
from tests.attendant.github.street import Street, street_of
from tests.forges.github.cast import Cast
from tests.forges.github.conftest import cast, hub  # noqa: F401 the world's own fixtures


@pytest.fixture
def street(cast: Cast, tmp_path: Path) -> Street:  # noqa: F811 the world's own fixture
    return street_of(cast, tmp_path / "state", BEGINNING)
