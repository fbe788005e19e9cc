"""Files are named for the one noun they hold, never for a drawer."""

import re

import pytest

from tests.house.sources import modules

DRAWERS = re.compile(r"(?:^|[/_])(?:utils?|helpers?|commons?|base|managers?|misc)(?:[/_.]|$)")


def is_drawer(path: str) -> bool:
    return DRAWERS.search(path) is not None


def test_no_file_is_a_drawer() -> None:
    assert [path for path in modules() if is_drawer(path)] == []


@pytest.mark.parametrize(
    "path",
    [
        "bot/utils.py",
        "bot/git/git_helpers.py",
        "bot/common/x.py",
        "bot/base.py",
        "tests/misc.py",
        "bot/ref_manager.py",
    ],
)
def test_a_drawer_is_found(path: str) -> None:
    assert is_drawer(path)


def test_a_noun_that_begins_alike_is_none() -> None:
    assert not is_drawer("bot/packages/baseline.py")
