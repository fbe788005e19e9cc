"""Constraints on versions choose what Masterminds/semver chooses, and hold the laws of sets."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.packages.constraint import LONGEST_CONSTRAINT, Constraint, read_constraint
from bot.packages.version import Version, read_version

SAMPLE = [
    "0.0.0",
    "0.0.1",
    "0.1.0",
    "0.2.0",
    "0.2.5",
    "1.0.0-0",
    "1.0.0-alpha",
    "1.0.0-beta.2",
    "1.0.0",
    "1.0.1",
    "1.1.0-a",
    "1.1.0",
    "1.2.3-a",
    "1.2.3",
    "1.3.0",
    "2.0.0-a",
    "2.0.0",
    "3.1.4",
]
RELEASES = [text for text in SAMPLE if "-" not in text]


def version(text: str) -> Version:
    found = read_version(text)
    assert found
    return found


def constraint(text: str) -> Constraint:
    found = read_constraint(text)
    assert found, text
    return found


def allowed(text: str, sample: Sequence[str] = SAMPLE) -> list[str]:
    found = constraint(text)
    return [one for one in sample if found.allows(version(one))]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("*", "0.0.0", "3.1.4"),
        ("x", "0.0.0", "3.1.4"),
        ("X.1", "0.0.0", "3.1.4"),
        ("1", "1.0.0", "1.3.0"),
        ("v1.x", "1.0.0", "1.3.0"),
        ("01.*.3", "1.0.0", "1.3.0"),
        ("=1.2", "1.2.3", "1.2.3"),
        ("1.2.3+meta", "1.2.3", "1.2.3"),
        (">1", "2.0.0", "3.1.4"),
        ("> 1.1", "1.2.3", "3.1.4"),
        (">1.x", "2.0.0", "3.1.4"),
        (">*", "0.0.1", "3.1.4"),
        (">=1.1", "1.1.0", "3.1.4"),
        ("=>1.1.0", "1.1.0", "3.1.4"),
        ("<1.1", "0.0.0", "1.0.1"),
        ("<=1.1", "0.0.0", "1.1.0"),
        ("<=1", "0.0.0", "1.3.0"),
        ("=<1.0.0", "0.0.0", "1.0.0"),
        ("<=*", "0.0.0", "0.0.1"),
        ("~1", "1.0.0", "1.3.0"),
        ("~1.2", "1.2.3", "1.2.3"),
        ("~>1.0.0", "1.0.0", "1.0.1"),
        ("~0", "0.0.0", "0.2.5"),
        ("~0.0.0", "0.0.0", "3.1.4"),
        ("~*", "0.0.0", "3.1.4"),
        ("^1.2", "1.2.3", "1.3.0"),
        ("^0.2", "0.2.0", "0.2.5"),
        ("^0.0", "0.0.0", "0.0.1"),
        ("^0", "0.0.0", "0.2.5"),
        ("^0.0.1", "0.0.1", "0.0.1"),
        ("1.1 - 1.2", "1.1.0", "1.2.3"),
        ("0.2.5\t-  2", "0.2.5", "2.0.0"),
        (">=1 <2", "1.0.0", "1.3.0"),
        (">=1,<2", "1.0.0", "1.3.0"),
        ("  >= 1 ,  < 2 ", "1.0.0", "1.3.0"),
        ("1 - 2, <1.2", "1.0.0", "1.1.0"),
    ],
)
def test_runs_of_releases(text: str, first: str, last: str) -> None:
    assert allowed(text) == RELEASES[RELEASES.index(first) : RELEASES.index(last) + 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<*", ""),
        ("1 || 3", "1.0.0 1.0.1 1.1.0 1.2.3 1.3.0 3.1.4"),
        ("0.1||>=3, <4", "0.1.0 3.1.4"),
        ("!=1", "0.0.0 0.0.1 0.1.0 0.2.0 0.2.5 2.0.0 3.1.4"),
        ("!=0.2, <1", "0.0.0 0.0.1 0.1.0"),
        ("!=*, <0.2", "0.0.1 0.1.0"),
        ("!=1.0.0, 1.0", "1.0.1"),
        ("1.0.0-alpha", "1.0.0-alpha"),
        ("~1.0.0-0", "1.0.0-0 1.0.0-alpha 1.0.0-beta.2 1.0.0 1.0.1"),
        ("<=1.0.0-beta.2", "0.0.0 0.0.1 0.1.0 0.2.0 0.2.5 1.0.0-0 1.0.0-alpha 1.0.0-beta.2"),
        (">1-alpha", "2.0.0-a 2.0.0 3.1.4"),
        (">=1.2.x-a", "1.2.3-a 1.2.3 1.3.0 2.0.0-a 2.0.0 3.1.4"),
        # Each comparison has its own say about prereleases.
        ("1.0.0-0 - 1.1", "1.0.0 1.0.1 1.1.0"),
        (">1.0.0-0 <1.1-0", "1.0.0-alpha 1.0.0-beta.2 1.0.0 1.0.1"),
    ],
)
def test_others(text: str, expected: str) -> None:
    assert allowed(text) == expected.split()


@pytest.mark.parametrize(
    "text",
    [
        "~",
        " ",
        "a",
        "latest",
        ",",
        "1,",
        ",1",
        "1,,2",
        "& 1",
        "1.2.3.4",
        "==1",
        ">>1",
        ">=1<2",
        "1 -2",
        "1- 2",
        ">=1 - 2",
        "1 - 2 <1.2",
        "1 - 2 3",
        "1 - 2 - 3",
        "- 1",
        "1.0.0-01",
        "18446744073709551616",
        "1x",
        "v",
        ">",
        "1;2",
        "1\x0b2",
        "1\xa02",
        "\u0661",
    ],
)
def test_what_is_no_constraint(text: str) -> None:
    assert read_constraint(text) is None


@pytest.mark.parametrize("text", ["", "||", "1 ||", "|| 1", "1 | 2", "1" + " " * LONGEST_CONSTRAINT])
def test_alternatives_that_are_none(text: str) -> None:
    assert read_constraint(text) is None


@pytest.mark.parametrize(
    "piece", ["1", " ", "1 ", "1 - ", "1-", "1.", "||", "1||", "~", "-a", "a.", "1-a.b ", ","]
)
def test_long_ones_are_read_or_refused(piece: str) -> None:
    text = (piece * LONGEST_CONSTRAINT)[:LONGEST_CONSTRAINT]
    found = read_constraint(text)
    assert found is None or len(found.alternatives[0]) <= LONGEST_CONSTRAINT
    assert read_constraint(text + "1") is None


NUMBERS = st.sampled_from(["0", "1", "2", "3"])
STAGES = st.sampled_from(["", "", "-0", "-a", "-a.1", "-b"])
VERSIONS = st.builds(lambda a, b, c, stage: f"{a}.{b}.{c}{stage}", NUMBERS, NUMBERS, NUMBERS, STAGES)
PARTIALS = st.builds(
    lambda numbers, stage: ".".join(numbers) + stage,
    st.lists(st.sampled_from(["0", "1", "2", "3", "x"]), min_size=1, max_size=3),
    STAGES,
)
COMPARISONS = st.builds(
    "{}{}".format, st.sampled_from(["", "=", "!=", "<", "<=", ">", ">=", "~", "^"]), PARTIALS
)
CONSTRAINTS = st.lists(COMPARISONS, min_size=1, max_size=3).map(", ".join)


@given(CONSTRAINTS, CONSTRAINTS, VERSIONS)
def test_a_comma_means_both_and_bars_mean_either(one: str, other: str, text: str) -> None:
    both = [constraint(part).allows(version(text)) for part in (one, other)]
    assert constraint(f"{one}, {other}").allows(version(text)) is all(both)
    assert constraint(f"{one} {other}").allows(version(text)) is all(both)
    assert constraint(f"{one} || {other}").allows(version(text)) is any(both)


@given(VERSIONS, VERSIONS)
def test_whole_versions_compare_by_their_order(text: str, other: str) -> None:
    if "-" in text or "-" not in other:
        one, two = version(text).order, version(other).order
        for operator, holds in {
            "=": two == one,
            "!=": two != one,
            "<": two < one,
            "<=": two <= one,
            ">": two > one,
            ">=": two >= one,
        }.items():
            assert constraint(operator + text).allows(version(other)) is holds


@given(PARTIALS, VERSIONS)
def test_a_tilde_allows_no_more_than_a_caret_and_both_no_less_than_the_version(low: str, text: str) -> None:
    tilde, caret, least = (constraint(operator + low).allows(version(text)) for operator in ("~", "^", ">="))
    assert least or not (tilde or caret)
    if low[0] in "123":
        assert caret or not tilde


@given(PARTIALS, PARTIALS, VERSIONS)
def test_a_hyphen_is_two_comparisons(low: str, high: str, text: str) -> None:
    hyphen, two = constraint(f"{low} - {high}"), constraint(f">={low} <={high}")
    assert hyphen == two
    assert hyphen.allows(version(text)) is two.allows(version(text))


@given(PARTIALS, VERSIONS)
def test_a_prerelease_needs_a_comparison_that_names_one(partial: str, text: str) -> None:
    if "-" in text and "-" not in partial:
        assert not any(constraint(op + partial).allows(version(text)) for op in ("=", "<", ">=", "~", "^"))


@given(CONSTRAINTS, st.lists(VERSIONS))
def test_the_highest_that_is_allowed_is_chosen(text: str, texts: list[str]) -> None:
    rule, choices = constraint(text), [version(one) for one in texts]
    chosen = rule.choose(choices)
    orders = [choice.order for choice in choices if rule.allows(choice)]
    assert (chosen.order if chosen else None) == max(orders, default=None)


@given(st.text(alphabet=" ,|.-+xX*<>=!~^v0123a\t\n\u0661", max_size=30))
def test_any_text_is_a_constraint_or_none(text: str) -> None:
    found = read_constraint(text)
    assert found is None or found.allows(version("1.2.3")) in {True, False}
