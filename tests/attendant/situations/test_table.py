"""The table of situations is whole and true: each has a line for each forge, and each leads to a test."""

import functools
import re

import pytest

from tests.attendant.situations.table import SITUATIONS
from tests.house.sources import ROOT

NUMBERED = re.compile(r"^def (test_s(\d\d)_\w+)", re.MULTILINE)
LAST = 60


@functools.cache
def named_in(file: str) -> dict[str, int]:
    """The tests of a file below tests/ that are named after situations, with their numbers."""
    text = (ROOT / "tests" / file).read_text("utf-8")
    return {name: int(number) for name, number in NUMBERED.findall(text)}


def test_every_situation_has_a_line() -> None:
    assert [*SITUATIONS] == [*range(1, LAST + 1)]


@pytest.mark.parametrize("number", SITUATIONS)
def test_each_line_leads_to_a_test_or_says_why_not(number: int) -> None:
    found = SITUATIONS[number]
    for forge in (found.github, found.gitlab):
        assert found.both or forge, "where it is shown"
        for place in forge:
            assert place.startswith("- ") <= (len(place.split()) > 6), "the reason in a few words"
    for place in (*found.both, *found.github, *found.gitlab):
        if place.startswith("- "):
            continue
        file, _, name = place.partition("::")
        if name:
            assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text("utf-8")
        else:
            assert number in named_in(file).values(), place


def test_each_test_of_a_situation_is_in_the_table() -> None:
    files = sorted((ROOT / "tests" / "attendant").rglob("test_*.py"))
    for path in files:
        file = path.relative_to(ROOT / "tests").as_posix()
        for name, number in named_in(file).items():
            found = SITUATIONS[number]
            assert file in (*found.both, *found.github, *found.gitlab), f"{file}::{name}"
