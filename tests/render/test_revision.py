"""A revised tree says the new value, and writes as before all that it can."""

import pytest

from bot.packages.documents import emit, parse, plain
from bot.render.revision import revised

X = '# above\n- name: x\n  value: "1"\n'
Y = "- name: y\n  value: ~\n"
E = "e:\n- b # of b\n- c\n- [1]\n"
TEXT = "a: 'one'\nb: [1, 0x10] # flow\nc:\n" + X + Y + "d: {k: v}\n" + E


def after(text: str, change: str) -> str:
    """The text when `change`, a statement about its `value`, was made."""
    (document,) = parse(text.encode())
    value = plain(document)
    exec(change, {"value": value})  # noqa: S102 our own words
    before = plain(document)
    document.content = [revised(document.root, before, value)]
    assert plain(document) == value
    return emit([document]).decode()


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        ("pass", "", ""),
        ("value['a'] = 'two'", "'one'", "two"),
        ("value['b'][0] = True", "[1,", "[true,"),
        ("value['b'][0] = 1.5", "[1,", "[1.5,"),
        ("value['b'].append('y')", "0x10]", '0x10, "y"]'),
        ("del value['c'][0]", X, ""),
        ("value['c'].reverse()", X + Y, Y + X),
        ("value['d'] = 'v'", "{k: v}", "v"),
        ("value['d']['a'] = {'z': [], 'y': 'l\\nm'}", "{k: v}", '{k: v, a: {"y": "l\\nm", z: []}}'),
        ("value['e'].remove('b')", "- b # of b\n", ""),
        ("value['e'].insert(0, 'a')", "e:\n", "e:\n- a\n"),
        ("value['e'][2][0] = '1'", "- [1]", '- ["1"]'),
        ("value['f'] = {'b': 1, 'a': '2'}", "- [1]\n", '- [1]\nf:\n  a: "2"\n  b: 1\n'),
        ("del value['e']", E, ""),
    ],
)
def test_a_change(change: str, old: str, new: str) -> None:
    assert after(TEXT, change) == TEXT.replace(old, new, 1)


def test_what_stays_is_the_same_node() -> None:
    (document,) = parse(TEXT.encode())
    value = plain(document)
    assert revised(document.root, value, plain(document)) is document.root


def test_aliases_are_written_out_where_something_changed() -> None:
    text = "a: &x [1]\nb: *x\nc: 1\n"
    assert after(text, "pass") == text
    assert after(text, "value['c'] = 2") == "a:\n- 1\nb:\n- 1\nc: 2\n"


def test_keys_that_are_no_text() -> None:
    assert after("a: {0x1: b}\nc: 1\n", "value['a']['1'] = 'd'") == 'a:\n  "1": d\nc: 1\n'
    assert after("a: {0x1: b}\nc: 1\n", "value['c'] = 2") == "a: {0x1: b}\nc: 2\n"
