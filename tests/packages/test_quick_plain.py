"""Plain values are written quickly as the writer would write them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.packages.documents import emit, from_plain
from bot.packages.documents.quick_plain import dump_quickly

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "true", "1", "~", "a: b", "- x", "# c", " a", "a ", "x\ny", "x\n\ty\n"]),
    st.sampled_from(["\ufeff", "\U0001f389", "'", '"']),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(TEXTS, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.booleans())
def test_quickly_is_as_the_writer_writes(value: dict[str, Any], wide: bool) -> None:  # noqa: FBT001 hypothesis' argument
    text = dump_quickly(value, wide=wide)
    assert text is None or text.encode() == emit([from_plain(value)], wide=wide)


def test_a_status_is_written_quickly() -> None:
    step = {"image": "x", "exitCode": 0, "results": [{"message": "set 1", "file": {"path": "a", "index": 2}}]}
    condition = {"type": "Rendered", "message": "a:\n\tb"}
    status = {"status": {"conditions": [condition], "renderStatus": {"mutationSteps": [step]}}}
    assert dump_quickly(status, wide=True) is not None
