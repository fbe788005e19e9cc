"""Versions are read as loosely as kpt reads them, and ordered as semver.org says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.packages.version import LONGEST_VERSION, highest, read_version

NUMBERS = st.integers(0, 30)
WORDS = st.lists(st.sampled_from(["0", "1", "10", "a", "b", "rc-1", "-", "0a"]), max_size=3).map(".".join)


@st.composite
def versions(draw: st.DrawFn) -> str:
    numbers = ".".join(str(number) for number in draw(st.lists(NUMBERS, min_size=1, max_size=3)))
    words = draw(WORDS)
    return draw(st.sampled_from(["", "v"])) + numbers + (f"-{words}" if words else "")


# The order of the examples in https://semver.org/#spec-item-11, and of odd ones between them.
RISING = [
    "0",
    "0.0.1",
    "0.1.0-0",
    "0.1.0-9",
    "0.1.0-10",
    "0.1.0-18446744073709551615",
    "0.1.0--5",
    "0.1.0-A",
    "0.1.0-a",
    "0.1",
    "v0.2.9",
    "v0.2.10",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "2.0.0",
    "18446744073709551615",
]


def test_the_order() -> None:
    read = [version for text in RISING if (version := read_version(text))]
    assert [version.text for version in read] == RISING
    orders = [version.order for version in read]
    assert sorted(orders) == orders
    assert len(set(orders)) == len(orders)


@pytest.mark.parametrize(
    ("text", "same"), [("1", "v1.0.0"), ("1.2", "01.2.0"), ("1.2-a", "1.2.0-a+b.01"), ("v1+5", "1")]
)
def test_what_is_the_same_version(text: str, same: str) -> None:
    first, second = read_version(text), read_version(same)
    assert first
    assert second
    assert first.order == second.order


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v",
        "V1",
        "1.",
        "1.2.",
        "1.2.3.",
        "1.2.3.4",
        "-1",
        " 1",
        "1 ",
        "1\n",
        "1.2.3-",
        "1.2.3-01",
        "1.2.3-a..b",
        "1.2.3+",
        "1.2.3-é",
        "\u0661",
        "1x",
        "latest",
        "18446744073709551616",
        "1.18446744073709551616",
    ],
)
def test_what_is_no_version(text: str) -> None:
    assert read_version(text) is None


def test_a_version_is_short() -> None:
    assert read_version("1-" + "a" * (LONGEST_VERSION - 2))
    assert read_version("1-" + "a" * (LONGEST_VERSION - 1)) is None


@given(st.text())
def test_any_text_is_a_version_or_none(text: str) -> None:
    found = read_version(text)
    assert found is None or found.text == text


@given(st.lists(versions()))
def test_the_highest_is_one_of_them_and_none_is_higher(texts: list[str]) -> None:
    read = [version for text in texts if (version := read_version(text))]
    assert len(read) == len(texts)
    found = highest(read)
    assert (found is None) is (not read)
    assert found is None or found.order == max(version.order for version in read)


def test_of_equal_versions_the_one_that_says_more_is_chosen() -> None:
    tags = [version for text in ("v0.2", "v0.2.0", "v0.1.9", "0.2.0") if (version := read_version(text))]
    for order in (tags, tags[::-1]):
        chosen = highest(order)
        assert chosen
        assert chosen.text == "v0.2.0"
