"""Patterns match as RE2's do, whole texts only, and no pattern takes long."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidDocument
from bot.render.pattern import Effort, Pattern

PARTS = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[a-c-]", r"\.", r"\d", r"\W", "^", "$", "", "1"]),
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("({})*".format, inner),
        st.builds("(?:{})+".format, inner),
        st.builds("({}){{1,2}}".format, inner),
        st.builds("({})?".format, inner),
        st.builds("{}|{}".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
    ),
    max_leaves=6,
)


@given(PARTS, st.text("ab1.-c", max_size=6))
def test_it_matches_what_others_match(pattern: str, text: str) -> None:
    if pattern:
        assert Pattern(pattern, Effort()).matches(text) is bool(re.fullmatch(f"(?:{pattern})", text))


@given(st.text("ab()[]{}*+?|^$.\\-,12", max_size=12), st.text("ab", max_size=4))
def test_any_text_is_a_pattern_or_is_refused(pattern: str, text: str) -> None:
    try:
        Pattern(pattern, Effort()).matches(text)
    except InvalidDocument:
        return


def test_the_rest_of_re2_is_known() -> None:
    assert Pattern("(?i)ab", Effort()).matches("aB")
    assert Pattern(r"\pL+", Effort()).matches("äb")
    assert not Pattern(r"\pL", Effort()).matches("1")


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(.*)(.*)(.*)(.*)b", "((a?){9}){9}b"])
def test_no_pattern_takes_long(pattern: str) -> None:
    start = time.perf_counter()
    assert not Pattern(pattern, Effort()).matches("a" * 500)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "a)|(b", "[", "[]", "a**", "*a", "(?=a)", "a{3,2}", "((a{99}){99}){99}", "a." * 101],
)
def test_what_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidDocument):
        Pattern(pattern, Effort())


def test_all_patterns_together_have_an_end() -> None:
    pattern = Pattern("(a|a)*b", Effort(1_000))
    with pytest.raises(InvalidDocument, match="too much work"):
        pattern.matches("a" * 1_000)
