"""A text that is cut still reads as it was meant."""

from hypothesis import given
from hypothesis import strategies as st

from bot.forges.length import cut, cut_line

NOTE = "*The rest was too long.*\n"
LINES = st.sampled_from(["```yaml", "```", "~~~~", "<details><summary>x</summary>", "</details>", "a: 1", ""])


def test_what_fits_is_left_alone() -> None:
    assert cut("x" * 1000, 1000) == "x" * 1000


def test_code_and_details_are_closed() -> None:
    text = "<details>\n\n```yaml\n<details>\n" + "a: 1\n" * 1000
    assert cut(text, 1000).endswith(f"a: 1\n```\n</details>\n\n{NOTE}")


def test_a_shorter_fence_does_not_close_a_longer_one() -> None:
    text = "````\n```\n" + "a: 1\n" * 1000
    assert cut(text, 1000).endswith(f"a: 1\n````\n\n{NOTE}")


def test_one_line_is_cut_too() -> None:
    assert len(cut("x" * 2000, 1000)) <= 1000


@given(st.lists(LINES, min_size=1, max_size=12), st.integers(1000, 1200))
def test_no_text_is_too_long(lines: list[str], most: int) -> None:
    assert len(cut("\n".join(lines * 100), most)) <= most


def test_a_title_is_one_line() -> None:
    assert cut_line(" a\n  b ", 10) == "a b"
    assert cut_line("x" * 11, 10) == "x" * 9 + "…"
