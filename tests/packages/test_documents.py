"""Documents: what is read, what is written, and that neither can be made to fall over."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidDocument
from bot.packages.documents import (
    Kind,
    Limits,
    Node,
    Style,
    dump,
    emit,
    from_plain,
    is_wide,
    load,
    mapping,
    parse,
    plain,
    sequence,
    string,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "true",
        "no",
        "1",
        "1e3",
        "0x1f",
        "0o17",
        "~",
        "",
        "<<",
        "- a",
        "a: b",
        "# c",
        "a #b",
        " a",
        "a\n",
        "\n a",
        "\ta\nb",
    ]
)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
STYLES = st.sampled_from([*(Style(bit) for bit in (0, 2, 4, 8, 16))])


@given(VALUES)
def test_values_come_back(value: object) -> None:
    assert plain(from_plain(value)) == value
    assert load(dump(value)) == value


@given(VALUES)
def test_writing_is_a_fixed_point(value: object) -> None:
    once = dump(value)
    assert emit(parse(once)) == (once if value is not None else b"")


@given(TEXT, STYLES, st.booleans())
def test_no_style_changes_a_text(text: str, style: Style, flow: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
    outer = Style.FLOW if flow else Style.PLAIN
    items = Node(Kind.SEQUENCE, "!!seq", style=outer, content=[string(text, style), string("z")])
    written = emit([mapping(("key", items), ("last", string(text, style)))])
    assert load(written) == {"key": [text, "z"], "last": text}


COMMENTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=9)


@given(st.lists(st.tuples(COMMENTS, COMMENTS, TEXT), min_size=1, max_size=6))
def test_comments_survive(pairs: list[tuple[str, str, str]]) -> None:
    node = mapping(*((f"k{number}", string(text)) for number, (_, _, text) in enumerate(pairs)))
    for (key, value), (head, line, _) in zip(node.pairs(), pairs, strict=True):
        key.head_comment = f"# {head}"
        value.line_comment = f"# {line}"
    once = emit([node])
    (again,) = parse(once)
    assert emit([again]) == once
    assert [key.head_comment for key, _ in again.root.pairs()] == [f"# {head}" for head, _, _ in pairs]
    assert [value.line_comment for _, value in again.root.pairs()] == [f"# {line}" for _, line, _ in pairs]


@given(st.binary(max_size=60) | st.text(alphabet="#-:?,[]{}&*!|>'\"% \n\tax1", max_size=60).map(str.encode))
def test_whatever_is_read_is_read_or_refused(data: bytes) -> None:
    try:
        documents = parse(data)
    except InvalidDocument:
        return
    parse(emit(documents))


def test_a_file_of_several_documents() -> None:
    source = b"\xef\xbb\xbf---\r\na: 1\r\n--- # next\r\n\r\n---\r\nb:\r\n  - 2\r\n"
    first, second = parse(source, path="x.yaml")
    assert (first.wide, second.wide) == (False, True)
    assert (first.root.line, second.root.line) == (2, 6)
    assert emit([first, second], wide=None) == b"a: 1\n---\nb:\n  - 2\n"


@pytest.mark.parametrize("source", [b"", b"\n", b"---\n", b"null\n", b"# only this\n", b"~"])
def test_an_empty_document_is_none(source: bytes) -> None:
    assert parse(source) == []
    assert load(source) is None


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        (b"a: 1\n\tb: 2\n", 2, "valid YAML"),
        (b"a: 1\nb: [\n", 3, "valid YAML"),
        (b"a: 1\n---\nb: }\n", 3, "valid YAML"),
        (b"a: 1\nb: 2\na: 3\n", 3, "'a' stands here again, after line 1"),
        (b"a: 1\nb: \xff\n", 2, "UTF-8"),
        (b"a: \xed\xa0\x80\n", 1, "UTF-8"),
        (b"a: 1\nb: \0\n", 2, "valid YAML"),
        (b"a: *x\n", 1, "'*x' names no anchor"),
        (b"a: &x [*x]\n", 1, "contains itself"),
        (b"a: 1\n--- b\nc: 1\n", 2, "Only a comment may follow"),
    ],
)
def test_a_bad_document_is_named_with_its_line(source: bytes, line: int, words: str) -> None:
    with pytest.raises(InvalidDocument, match=words.replace("*", r"\*")) as caught:
        parse(source, path="dir/file.yaml")
    assert (caught.value.path, caught.value.line) == ("dir/file.yaml", line)
    assert str(caught.value).startswith(f"dir/file.yaml:{line}: ")


def bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "source",
    [
        b"x" * (10 * 1024 * 1024 + 1),
        b"[" * 10_000,
        b"# c\n" + b"[" * 10_000,
        b"{a: " * 10_000,
        b"\n".join(b" " * n + b"a:" for n in range(2_000)),
        b"- " * 20_000 + b"x",
        b"a: &a x\nb: [" + b"*a," * 1_000 + b"]",
        bomb(),
        b"---\na: 1\n" * 20_000,
        b"[" + b",".join([b"a"] * 1_000_000) + b"]",
        b"# c\n[" + b",".join([b"a"] * 1_000_000) + b"]",
        b"- " * 20_000 + b"x\n" + b"# c\n  # d\n" * 100_000,
        b"\t" * 1_000_000,
        b"a: \xf0\x9f\x8e\n",
    ],
    ids=lambda source: repr(source[:12]),
)
def test_hostile_input_is_refused_soon(source: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(InvalidDocument):
        parse(source)
    assert time.monotonic() - began < 20  # seconds, on a busy machine; alone it is well below three


@pytest.mark.parametrize(
    "source",
    [
        b"# c\n" * 500_000,
        b"a: 1\n" + b"# c\n\n" * 300_000,
        b"\n" * 5_000_000,
        b"a: '" + b"#" * 5_000_000 + b"'",
    ],
)
def test_long_input_takes_time_in_proportion(source: bytes) -> None:
    began = time.monotonic()
    parse(source)
    assert time.monotonic() - began < 20


def test_limits_are_a_parameter() -> None:
    assert parse(b"a: [[1]]", limits=Limits(depth=3))
    with pytest.raises(InvalidDocument, match="deeper than 2"):
        parse(b"a: [[1]]", limits=Limits(depth=2))
    with pytest.raises(InvalidDocument, match="more than 3 values"):
        parse(b"[1, 2, 3]", limits=Limits(nodes=3))
    with pytest.raises(InvalidDocument, match="more than 1 documents"):
        parse(b"a: 1\n---\nb: 1\n", limits=Limits(documents=1))
    with pytest.raises(InvalidDocument, match="has 8 bytes"):
        parse(b"a: [[1]]", limits=Limits(bytes=7))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0x1F", 31), ("0o17", 15), ("017", 15), ("09", 9.0), ("1_000", 1000), ("0b11", 3), ("-0b11", -3),
        ("+1", 1),
        ("1e3", 1000.0), (".5", 0.5), ("5.", 5.0), (".inf", math.inf), ("-.Inf", -math.inf),
        ("1e999", "1e999"),
        ("18446744073709551615", 2**64 - 1), ("18446744073709551616", 18446744073709551616.0),
        ("yes", "yes"),
        ("on", "on"), ("True", True), ("FALSE", False), ("~", None), ("Null", None), ("nULL", "nULL"),
        ("2001-12-14", "2001-12-14"), ("1:20", "1:20"), ("...x", "...x"),
        ("0x", "0x"), ("_", "_"), ("._1", "._1"),
    ],
)  # fmt: skip
def test_scalars_mean_what_go_yaml_says(text: str, value: object) -> None:
    found = plain(parse(f"a: {text}\nz: 1\n".encode())[0])
    assert found == {"a": value, "z": 1}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


def test_merge_keys_and_aliases() -> None:
    source = b"a: &a {x: 1, y: [1]}\nb: &b {x: 2}\nc: {<<: [*b, *a], z: 3}\nd: *a\n"
    value = load(source)
    assert value == {
        "a": {"x": 1, "y": [1]},
        "b": {"x": 2},
        "c": {"z": 3, "x": 2, "y": [1]},
        "d": {"x": 1, "y": [1]},
    }
    assert isinstance(value, dict)
    value["d"]["y"].append(2)
    assert value["a"]["y"] == [1]


def test_dump_is_what_kubectl_writes() -> None:
    value = {
        "kind": "X",
        "n": "yes",
        "data": {"a": "1", "b": "x\ny\n", "c": "a: b"},
        "list": [{"a": [], "b": {}}, [1.5, 1e21]],
    }
    assert dump(value).decode() == (
        'kind: X\n"n": "yes"\ndata:\n  a: "1"\n  b: |\n    x\n    y\n  c: \'a: b\'\n'
        "list:\n- a: []\n  b: {}\n- - 1.5\n  - 1e+21\n"
    )


def test_load_wants_one_document() -> None:
    with pytest.raises(InvalidDocument, match="one document, not 2") as caught:
        load(b"a: 1\n---\nb: 2\n", path="p")
    assert caught.value.line == 3


def test_only_plain_values_can_be_dumped() -> None:
    with pytest.raises(TypeError, match="Path is no plain value"):
        from_plain({"a": Path("x")})


def test_a_tree_too_deep_is_refused() -> None:
    node = string("x")
    for _ in range(300):
        node = sequence(node)
    with pytest.raises(InvalidDocument, match="deeper than 200"):
        emit([node])


@pytest.mark.parametrize(
    ("source", "wide"),
    [
        ("a:\n- b\n", False), ("a:\n  - b\n", True), ("- a\n", False), ("a: 1\n", False),
        ("a:\n# c\n  - b\n", True),
        ("a: |\n  - x\nb:\n  - c\n", True), ("a:\n   - b\nc:\n- d\n", False),
    ],
)  # fmt: skip
def test_indentation_of_lists_is_seen(source: str, wide: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert is_wide(source) is wide


def test_a_comment_that_would_end_its_line_early_is_cut_there() -> None:
    (document,) = parse("a: 1 # b\u2028c: 2\n".encode())
    assert plain(document) == {"a": 1, "c": 2}
    assert load(emit([document])) == {"a": 1, "c": 2}


def test_aliases_of_aliases_nest_no_deeper_than_a_document_may() -> None:
    chain = "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 400))
    with pytest.raises(InvalidDocument, match="nest deeper than 100 levels"):
        load(chain.encode())
    nests = "".join(f"a{n}: &a{n} {'[' * 90}*a{n - 1}{']' * 90}\n" for n in range(1, 60))
    with pytest.raises(InvalidDocument, match="nest deeper than 100 levels"):
        load(b"a0: &a0 1\n" + nests.encode())
    merged = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: *a{n - 1}, y{n}: 1}}\n" for n in range(1, 200))
    assert isinstance(load(merged.encode()), dict)  # one beside the other, however many there are
    short = "\n".join(chain.splitlines()[:99])
    assert isinstance(load(short.encode()), dict)
