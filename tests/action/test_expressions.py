"""Expressions of workflows come to what GitHub's documentation says."""

import pytest

from tests.action.expressions import filled, value

CONTEXTS = {"github": {"event": {"n": 7, "head": {"ref": "a b"}}, "event_name": "push"}, "inputs": {"x": ""}}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("github.event.n", 7),
        ("github.event.none.more || github.event.head.ref", "a b"),
        ("inputs.x || 'it''s'", "it's"),
        ("github.event_name == 'push' && github.event.n != 8", True),
        ("github.event_name != 'push' || github.event.issue.pull_request", None),
        ("!(contains(github.event.head.ref, ' '))", False),
        ("startsWith(github.event_name, 'PU')", True),
    ],
)
def test_an_expression(text: str, found: object) -> None:
    assert value(text, CONTEXTS) == found


def test_a_text_is_filled() -> None:
    assert filled("n-${{ github.event.n }}-${{inputs.none}}.", CONTEXTS) == "n-7-."


def test_what_is_not_understood_is_no_empty_text() -> None:
    with pytest.raises(AssertionError, match="not understood"):
        filled("${{ github.event.n + 1 }}", CONTEXTS)
