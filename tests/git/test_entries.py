"""A raw tree searched without parsing says what parsing says, whatever the names are."""

from hypothesis import given
from hypothesis import strategies as st

from bot.git.entries import TREE, Entry, encoded, find_entry, format_tree, parse_tree

# Names that look like entries themselves, ids that hold zeros, blanks and digits.
NAMES = st.one_of(
    st.sampled_from(["a", "40000 a", "100644 40000 a", "x40000 a", "a 40000 a", "0", "40000", "é", "\udce9"]),
    st.text(alphabet="a40 ", min_size=1, max_size=30).filter(lambda name: name not in {".", ".."}),
)
IDS = st.binary(min_size=20, max_size=20) | st.text(alphabet="\0 40a1", min_size=20, max_size=20).map(
    str.encode
)
ENTRIES = st.dictionaries(
    NAMES,
    st.builds(Entry, st.sampled_from([TREE, 0o100644, 0o100755, 0o120000]), IDS.map(bytes.hex)),
    max_size=8,
)


@given(ENTRIES, NAMES)
def test_search_and_parsing_agree(entries: dict[str, Entry], name: str) -> None:
    data = format_tree(entries)
    assert parse_tree(data) == entries
    for mode, text in ((TREE, b"40000"), (0o100644, b"100644")):
        entry = entries.get(name)
        expected = entry.oid if entry is not None and entry.mode == mode else ""
        assert find_entry(data, text, encoded(name)) == expected
