"""The workspace of a tag, from its own commit's message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.git.tips import own_workspace
from bot.packages.annotation import Annotation, read_annotations

TEXTS = st.text(max_size=8) | st.sampled_from(["a/b", "ws", "1", "v2", '"', "\\", "kpt:", "\u2028", "\n"])
LINES = st.builds(lambda *texts: str(Annotation(*texts)), TEXTS, TEXTS, TEXTS) | TEXTS


@given(st.lists(LINES, max_size=4), st.sampled_from(["a/b", "ws", "1"]), st.sampled_from(["\n", "\r\n", " "]))
def test_the_short_way_says_what_the_long_way_says(lines: list[str], path: str, end: str) -> None:
    message = end.join(lines).encode("utf-8", "replace")
    long_way = (
        annotation.workspace
        for annotation in read_annotations(message.decode("utf-8", "replace"))
        if annotation.package == path and annotation.workspace and annotation.workspace.isprintable()
    )
    assert own_workspace(message, path) == next(long_way, "")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('kpt:{"package":"a/b","workspaceName":"ws","revision":"3"}', "ws"),
        ('  kpt:{"package":"a/b","workspaceName":"ws"}  ', "ws"),
        ('kpt:{"workspaceName":"ws","package":"a/b"}', "ws"),
        ('kpt:{"package":"a","workspaceName":"ws"}', ""),
        ('kpt:{"package":"a/b","workspaceName":"w\\u001b[31m"}', ""),
        ('kpt:{"package":"a/b","workspaceName":"ws"', ""),
        ("kpt:{invalid:annotation}", ""),
        ('kpt:{"package":"a/b"}\nkpt:{"package":"a/b","workspaceName":"second"}', "second"),
    ],
)
def test_annotations_that_are_met(line: str, expected: str) -> None:
    assert own_workspace(f"Approving\n\n{line}\n".encode(), "a/b") == expected
