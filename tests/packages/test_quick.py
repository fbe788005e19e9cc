"""What is read or written quickly is what reading or writing in full comes to, or is left to that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InvalidDocument
from bot.packages.documents import LIMITS, Kind, Node, Style, parse
from bot.packages.documents.full_reader import read_in_full
from bot.packages.documents.quick_reader import read_quickly
from bot.packages.documents.quick_writer import write_quickly
from bot.packages.documents.separators import Part
from bot.packages.documents.tally import Tally
from bot.packages.documents.writer import _Writer

LINES = st.sampled_from(
    [
        "a: 1", "b: x", "c:", "c:", "- x", "- a: 1", "- b:", "- - a", "d: |", "  text", 'e: "q"', "f: 'w'",
        "- 'z'", "g: [a, b]", "h: {}", "# c1", "# c2", "", "  ", "k: v # lc", "- i # lc", "---", "- --port=1",
        "- .x", "n: ~", "o: yes", "- |-", "p: []", "q: a#b", "r: http://x:80/", "s: 'a # b'", "- {}", "- []",
        '- [x, "y"]', "<<: x", "true: 1", "1: 2", "- -1", "t: |-", "'u': 1", '"v": 2', "w:  3  ", "w: # c",
        "x: # kpt-set: ${x}", "ea: 'it''s'", 'eb: "a\\nb"', 'ec: "\\"q\\\\" # c', "ed: ''''", 'ee: "\\x41"',
        'ef: "a\\',
        '"g\\t": 1', "- 'a''b': 1", "['a''']", 'eh: [\'a\'\'b\', "c\\n"]', "ei: 'a'' # ''b'",
        "- ", "-", "? a", ": b", "z: a: b", "- z: |", "...", "f: >", "g: é", "é: 1",
        "b:\t", "c: a\tb", "d: \u2028", "- # c", "a b: c", "m: &x a", "n: *x", "o: !!str 1", "%x", "@",
        "h: \U0001f600", "i: \ufeffa", "j: \xa0", "k: \u200b", "l\u00b2: x", "- \u4e2d: \u4e2d #\u4e2d",
    ]
)  # fmt: skip
STEPS = st.sampled_from([0, 0, 0, 0, 2, 2, 2, -2, -2, -4, 1])
TEXTS = st.sampled_from(
    [
        "a", "true", "1", "", "~", "yes", "<<", "a b", " a", "a ", "a: b", "a #b",
        "'x'", '"', "-", "- a", "-1",
        "a\nb", "a\n", "\na", "a\n\n", " a\nb", "a\tb", "é", "\U0001f600", "\u2028", "x" * 40, "x" * 140,
        "{a}", "[", "#", "a'b", "...", "---", "0x1", "2001-01-01", "a\nb \nc", "%", "null", "|", "\ta\nb\n",
    ]
)  # fmt: skip
COMMENTS = st.sampled_from(["# c", "# c\n# d", "c", "# c\n\n# d", "#"])
STYLES = st.sampled_from([Style(bits) for bits in (0, 1, 2, 3, 4, 8, 16, 32, 33)])
TAGS = st.sampled_from(["!!str", "!!int", "!!null", "!x", "", "!!map"])
CHANGES = st.one_of(
    st.fixed_dictionaries({"value": TEXTS}),
    st.fixed_dictionaries({"value": TEXTS, "style": STYLES}),
    st.fixed_dictionaries({"tag": TAGS}),
    st.fixed_dictionaries({"style": STYLES}),
    st.fixed_dictionaries({"head_comment": COMMENTS}),
    st.fixed_dictionaries({"line_comment": COMMENTS}),
    st.fixed_dictionaries({"foot_comment": COMMENTS}),
    st.fixed_dictionaries({"anchor": st.just("x")}),
)

FIELDS = [field.name for field in fields(Node) if field.name not in {"content", "wide"}]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Lines that are indented as those of documents are, more or less."""
    indent = 0
    lines = []
    for line in draw(st.lists(LINES, min_size=1, max_size=9)):
        indent = max(0, indent + draw(STEPS))
        lines.append(" " * indent + line)
    return "\n".join(lines) + "\n"


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.content:
        yield from nodes(child)


def everything(node: Node) -> list[tuple[object, ...]]:
    return [(*(getattr(one, name) for name in FIELDS), len(one.content)) for one in nodes(node)]


def check_reading(text: str) -> bool:
    """Read it both ways; say whether it was ordinary."""
    found = read_quickly(text, 1, LIMITS.depth)
    if found is None:
        return False
    document, count = found
    tally = Tally("", LIMITS)
    (expected,) = read_in_full(Part(text, 1), tally)
    assert everything(document) == everything(expected)
    assert count == tally.nodes
    return True


def check_writing(document: Node) -> bool:
    """Write it both ways; say whether it was ordinary."""
    ordinary = False
    for compact in (True, False):
        text = write_quickly(document, compact=compact)
        if text is not None:
            assert text == _Writer(compact=compact).write(document)
            ordinary = True
    return ordinary


@settings(max_examples=500)
@given(texts())
def test_a_document_is_read_alike(text: str) -> None:
    check_reading(text)


@settings(max_examples=300)
@given(texts(), st.lists(st.tuples(st.integers(0, 20), CHANGES), max_size=4))
def test_a_tree_is_written_alike(text: str, changes: list[tuple[int, dict[str, object]]]) -> None:
    try:
        documents = parse(text.encode())
    except InvalidDocument:
        return
    for document in documents:
        check_writing(document)
        found = list(nodes(document))
        for index, change in changes:
            for name, value in change.items():
                setattr(found[index % len(found)], name, value)
            check_writing(document)


ORDINARY = """\
# Licence

# Head
apiVersion: apps/v1
kind: Deployment # why
metadata: # kpt-merge: a/b
  name: "a"
  labels: {}
spec:
  empty:
  text: |
    one

    # two
  # Above
  # a key
  template:
    containers:
    # Above an item
    - name: 'x'
      args: ["--a", b, -1]
    - name: y
      env: []
    nested:
      - a # first

      - -1
said: "\\"a\\"\\n" # 'b'
it: 'isn''t'
last: |-
  end
"""


def test_resources_are_ordinary() -> None:
    assert check_reading(ORDINARY)
    assert check_reading("---\n" + ORDINARY.partition("\n\n")[2])
    assert check_writing(parse(ORDINARY.encode())[0])


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "# a\n", "a: 1", "a\n", "a: 1\na: 2\n", "a: b: c\n", "a: 1\n  b: 2\n", "a:\n- b\n  c: 1\n",
        "a: >\n  b\n", "a: |\n\n  b\n", "a: |\nb: 1\n", "a: 'b\n  c'\n", "a: &x 1\nb: *x\n", "a: 1\n# foot\n",
        "- - a\n", "a: [[1]]\n", "a: {b: c}\n", "? a\n: b\n", "a: 1\n...\n", "a:\tb\n",
        f"{'a' * 1100}: 1\n", f"'{'a' * 1100}': 1\n", f'"{"a" * 1100}": 1\n',
        "---\n# a\n\nb: 1\n", "a: [b,\n  c]\n", "<<: a\n", 'a: "\\x41"\n', "'b''c': 1\n", "a: |+\n  b\n\n",
    ],
)  # fmt: skip
def test_what_is_not_ordinary_is_left_alone(text: str) -> None:
    assert not check_reading(text)


def test_a_tree_that_is_deep_or_no_tree_is_left_to_the_writer() -> None:
    node = Node(Kind.MAPPING, "!!map", content=[])
    document = Node(Kind.DOCUMENT, content=[node])
    for _ in range(150):
        inner = Node(Kind.MAPPING, "!!map", content=[])
        node.content += [Node(Kind.SCALAR, "!!str", "a"), inner]
        node = inner
    node.content += [Node(Kind.SCALAR, "!!str", "a"), Node(Kind.SCALAR, "!!str", "b")]
    assert not check_writing(document)
    assert not check_writing(node)
    assert not check_writing(Node(Kind.DOCUMENT))


def test_no_more_is_read_than_may_be() -> None:
    text = "a:\n  b: [1]\n"
    assert read_quickly(text, 1, 3) is not None
    assert read_quickly(text, 1, 2) is None
    assert read_quickly("a:\n  b:\n    c: 1\n", 1, 2) is None
