"""What one run writes is bounded, whatever its config asks."""

import pytest

from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.budget import MOST_PAIRS, MOST_WRITTEN
from bot.render.catalog import load
from bot.render.config import config_map_of


def items(count: int) -> list[Resource]:
    text = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
    return [Resource(parse(text)[0], f"{number}.yaml") for number in range(count)]


@pytest.mark.parametrize("name", ["set-labels", "set-annotations"])
def test_texts_that_are_repeated_are_bounded(name: str) -> None:
    pairs = tuple((f"k{number}", "v") for number in range(MOST_PAIRS + 1))
    assert load(name)(items(1), config_map_of(pairs[:-1])).exit_code == 0
    outcome = load(name)(items(1), config_map_of(pairs))
    assert outcome.exit_code == 1
    assert f"there must be at most {MOST_PAIRS} " in outcome.results[0].message
    large = config_map_of((("k", "v" * (MOST_WRITTEN // 4)),))
    assert load(name)(items(3), large).exit_code == 0
    outcome = load(name)(items(5), large)
    assert outcome.exit_code == 1
    assert f"more than {MOST_WRITTEN} characters in all" in outcome.results[0].message
