"""Three texts merged line by line, and lines that keep how they were written."""

from hypothesis import given
from hypothesis import strategies as st

from bot.packages.merge.formatting import respelled
from bot.packages.merge.lines import Chunk, merge_lines, runs

LINES = st.lists(st.sampled_from("abcdef"), max_size=12)


def merged(chunks: list[Chunk]) -> list[str] | None:
    """The merged lines; None where something is unsettled."""
    if any(chunk.lines is None for chunk in chunks):
        return None
    return [line for chunk in chunks for line in chunk.lines or []]


@given(LINES, LINES, LINES)
def test_the_chunks_are_the_three_texts(origin: list[str], local: list[str], upstream: list[str]) -> None:
    chunks = list(merge_lines(origin, local, upstream))
    for name, text in (("origin", origin), ("local", local), ("upstream", upstream)):
        assert [line for chunk in chunks for line in getattr(chunk, name)] == text
    at = 1
    for chunk in chunks:
        assert chunk.line == at
        at += len(chunk.local)


@given(LINES, LINES)
def test_what_one_side_changed_is_as_that_side_has_it(origin: list[str], other: list[str]) -> None:
    assert merged(list(merge_lines(origin, origin, other))) == other
    assert merged(list(merge_lines(origin, other, origin))) == other
    assert merged(list(merge_lines(origin, other, other))) == other


@given(LINES, LINES)
def test_runs_are_equal_and_in_order(left: list[str], right: list[str]) -> None:
    at = (0, 0)
    for run in runs(left, right):
        assert left[run.left : run.left + run.length] == right[run.right : run.right + run.length]
        assert (run.left, run.right) >= at
        assert run.left >= at[0]
        assert run.right >= at[1]
        at = (run.left + run.length, run.right + run.length)


def test_blocks_stay_whole() -> None:
    origin = ["a {", "1", "}", "b {", "2", "}"]
    local = ["a {", "1", "}", "new {", "3", "}", "b {", "2", "}"]
    upstream = ["a {", "1", "}", "b {", "2", "4", "}"]
    result = merged(list(merge_lines(origin, local, upstream)))
    assert result == ["a {", "1", "}", "new {", "3", "}", "b {", "2", "4", "}"]


def test_long_texts_in_another_order_are_compared_in_time() -> None:
    lines = [str(number) for number in range(50_000)]
    assert merged(list(merge_lines(lines, lines[::-1], lines))) == lines[::-1]


def test_lines_keep_their_spelling_and_new_ones_are_indented_as_those_around() -> None:
    text = "a:   1  # x\n\nb:\n    c:  2\n    d:\n        - e\n"
    plain = "a: 1 # x\nb:\n  c: 2\n  d:\n  - e\n"
    wanted = "a: 1 # x\nb:\n  c: 2\n  new: 3\n  d:\n  - e\n  - f\n"
    assert respelled(text, plain, wanted) == (
        "a:   1  # x\n\nb:\n    c:  2\n    new: 3\n    d:\n        - e\n        - f\n"
    )
