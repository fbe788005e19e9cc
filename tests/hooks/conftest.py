"""A fresh world for each test."""

from pathlib import Path

import pytest

from tests.hooks.world import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)
