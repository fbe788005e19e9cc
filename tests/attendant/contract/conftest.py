"""A forge for each test of the contract, of every kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attendant.contract.driver import Driver
from tests.attendant.contract.everywhere import DRIVERS


@pytest.fixture(params=DRIVERS)
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Driver]:
    with DRIVERS[request.param].opened(tmp_path) as driver:
        yield driver
