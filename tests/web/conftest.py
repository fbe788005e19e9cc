"""A folder for a bot, for each test."""

from pathlib import Path

import pytest

from tests.web.bot import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)
