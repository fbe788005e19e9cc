"""Content that wants to break out of its place, or to take for ever."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.packages.difference import difference, format_json, format_markdown, format_stat, format_text
from bot.packages.difference.alignment import Effort, blocks
from bot.packages.documents import dump
from bot.packages.package import LINK, REGULAR, File, Files

nasty = st.lists(
    st.sampled_from(
        ["```", "````diff", "</details>", "</code>", "@ada", "\n", "\r", "\x1b[31m", "\x9b", "\u202e", "<!--",
         "/approve", "`", "~~~", "a", " ", ":", "- ", "\x00", "\u2028", "--- x", "|"]
    ),
    max_size=8,
).map("".join)  # fmt: skip
values = st.recursive(
    nasty, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(nasty, inner, max_size=2), max_leaves=4
)
contents = nasty.map(str.encode) | values.map(
    lambda value: dump({"kind": value, "a": value, "metadata": {"name": value}})
)
packages = st.dictionaries(
    nasty | st.sampled_from(["a.yaml", "b.yaml", "c", "\udc80"]),
    st.builds(File, contents, st.sampled_from([REGULAR, LINK])),
    max_size=3,
)


@given(packages, packages)
def test_nothing_steers_a_terminal(before: Files, after: Files) -> None:
    found = difference(before, after)
    for text in (format_text(found), format_stat(found)):
        assert all(char.isprintable() or char in "\n\t" for char in text)
    assert all(" " <= char <= "~" or char == "\n" for char in format_json(found))


OUTSIDE = re.compile(
    r"(?:<details><summary>(?:[\w ;(),]|<code>[^<>@`]*</code>)*</summary>|</details>|"
    r"\*\*Difference:\*\*[\w ,]+|… and \d+ more that did not fit here\.|)"
)


@given(packages, packages, st.integers(600, 3000))
def test_nothing_breaks_out_of_markdown(before: Files, after: Files, longest: int) -> None:
    page = format_markdown(difference(before, after), longest)
    assert len(page) <= longest
    fence = ""
    for line in page.split("\n"):
        if fence:
            closes = re.match(r" {0,3}(`{3,})[ \t]*$", line)
            if closes and len(closes[1]) >= len(fence):
                assert line == fence
                fence = ""
        elif opens := re.fullmatch(r"(`{3,})diff", line):
            fence = opens[1]
        else:
            assert OUTSIDE.fullmatch(line), line
    assert not fence
    assert page.count("<details><summary>") == page.count("\n</details>\n") or "```" in page


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n" * 90_000, "b\n" + "a\n" * 80_000),
        ("a\nb\n" * 30_000, "b\nb\na\n" * 20_000),
        ("x-" * 200_000, "x-" * 200_000 + "y"),
        ("- " * 100_000, "- " * 100_000 + "y"),
        ("token " * 50_000, "token " * 50_000 + ":"),
        ("k: &a [" + "*a," * 400 + "]\n", "k: 1\n"),
        (
            "".join(f"{line}\n" for line in range(50_000)),
            "".join(f"{line}\n" for line in range(50_000, 0, -1)),
        ),
    ],
)
@pytest.mark.parametrize("path", ["a.txt", "a.yaml"])
def test_long_texts_end(before: str, after: str, path: str) -> None:
    found = difference({path: File(before.encode())}, {path: File(after.encode())})
    assert found
    assert len(format_text(found)) < 500_000
    assert len(format_markdown(found, 5000)) <= 5000


def test_the_effort_is_for_all_texts_together() -> None:
    old, new = ["a", "b"] * 40, ["b", "b", "a"] * 30
    effort = Effort()
    assert len(blocks(old, new, effort)) > 1
    spent = Effort(0)
    assert blocks(old, new, spent) == [(0, 80, 0, 90)]


def test_huge_values_are_cut_and_their_length_is_said() -> None:
    huge = "long words " * 10_000
    before, after = ({"a.yaml": File(dump({"kind": "A", "a": text}))} for text in ("x", huge))
    found = difference(before, after)
    assert "… (110002 characters)" in format_text(found)
    assert "… (110002 characters)" in format_markdown(found)
    (field,) = json.loads(format_json(found))["resources"][0]["fields"]
    assert (field["before"], len(field["after"]), field["afterLength"]) == ("x", 4096, 110_002)
    assert "beforeLength" not in field


def test_long_texts_and_lines_are_cut() -> None:
    added = difference({}, {"a.txt": File(b"x\n" * 1000 + b"y" * 10_000), "b.txt": File(b"z" * 10_000)})
    text = format_text(added)
    assert "… and 901 more lines" in text
    assert "\\u2026 (10000 characters)" in format_json(added)
    assert "… (10000 characters)" in text
    assert len(text) < 3000
    large = difference({}, {"a.txt": File(b"x\n" * 1_000_000)})
    assert "no text, 2000000 bytes" in format_text(large)


def test_aliases_of_aliases_are_no_resources() -> None:
    lines = ["a0: &a0 " + "[" * 90 + "]" * 90]
    lines += [f"a{n}: &a{n} " + "[" * 90 + f"*a{n - 1}" + "]" * 90 for n in range(1, 40)]
    text = "\n".join(lines)
    found = difference({"a.yaml": File(text.encode())}, {"a.yaml": File(f"{text}\nb: c\n".encode())})
    assert [("nest deeper" in one.note, len(one.hunks)) for one in found.files] == [(True, 1)]


def test_links_are_told_by_where_they_lead() -> None:
    found = difference({"a.yaml": File(b"x.yaml", LINK)}, {"a.yaml": File(b"y.yaml", LINK)})
    assert "- x.yaml" in format_text(found)
