"""YAML is read and written as go-yaml v3 does, byte for byte, for every document that others collected."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import InvalidDocument
from bot.packages.documents import LIMITS, Kind, Node, emit, parse
from bot.packages.documents.full_reader import read_in_full
from bot.packages.documents.separators import Part
from bot.packages.documents.tally import Tally
from bot.packages.documents.writer import _Writer

CASES = Path(__file__).parents[2] / "../shared/conformance/yaml"
LETTERS = {Kind.DOCUMENT: "D", Kind.SEQUENCE: "Q", Kind.MAPPING: "M", Kind.SCALAR: "S", Kind.ALIAS: "A"}

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="the conformance data lies outside the repository, in ../shared/conformance"
)


def documents() -> list[dict[str, Any]]:
    with gzip.open(CASES / "roundtrip.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tree(node: Node) -> dict[str, Any]:
    said = {
        "k": LETTERS[node.kind],
        "t": node.tag,
        "v": node.value,
        "s": int(node.style),
        "h": node.head_comment,
        "l": node.line_comment,
        "f": node.foot_comment,
        "a": node.anchor,
        "c": [tree(child) for child in node.content],
    }
    return {name: value for name, value in said.items() if value}


def bare(expected: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in expected.items() if value}
    return {**said, "c": [bare(child) for child in said["c"]]} if "c" in said else said


def test_every_document_is_written_byte_for_byte(capsys: pytest.CaptureFixture[str]) -> None:
    right = {"tree": 0, "compact": 0, "wide": 0}
    refused = skipped = total = 0
    for case in documents():
        try:
            found = parse(case["input"].encode())
        except InvalidDocument:
            assert "err" in case, case["id"]
            refused += 1
            continue
        if not found:
            # go-yaml says EOF where there is no document at all.
            assert case["err"] == "EOF", case["id"]
            skipped += 1
            continue
        total += 1
        (document,) = found
        right["tree"] += tree(document) == bare(case["tree"])
        right["compact"] += emit([document]) == case["compact"].encode()
        right["wide"] += emit([document], wide=True) == case["wide"].encode()
    with capsys.disabled():
        print(f"\ngo-yaml: {right} of {total} right; {refused} refused")  # noqa: T201 - the count is the point
    assert (refused, skipped, total) == (2, 3, 1167)
    assert all(count >= 1167 for count in right.values())


def test_what_is_read_and_written_quickly_is_right_in_full_too() -> None:
    for case in documents():
        if "err" in case:
            continue
        (document,) = read_in_full(Part(case["input"].replace("\r\n", "\n"), 1), Tally("", LIMITS))
        assert tree(document) == bare(case["tree"]), case["id"]
        assert _Writer(compact=True).write(document) == case["compact"], case["id"]
        assert _Writer(compact=False).write(document) == case["wide"], case["id"]


def test_writing_what_was_written_changes_nothing() -> None:
    for case in documents():
        if "err" in case:
            continue
        for form, wide in (("compact", False), ("wide", True)):
            once = case[form].encode()
            again = emit(parse(once), wide=wide)
            assert emit(parse(again), wide=wide) == again, case["id"]


def small_cases() -> list[tuple[str, str]]:
    """Input and what becomes of it; where the file shows no output, the input stays as it is."""
    found = []
    for part in (CASES / "comments.txt").read_text().split("-----\n")[1:]:
        source, _, rest = part.partition("\n  >> \n")
        source += "\n"
        output = "".join(line[4:] + "\n" for line in rest.splitlines() if line.startswith("   |"))
        found.append((source, output.removesuffix("\n") if output else source))
    return found


@pytest.mark.parametrize(("source", "expected"), small_cases() if CASES.is_dir() else [])
def test_comments_stay_where_they_belong(source: str, expected: str) -> None:
    assert emit(parse(source.encode())).decode() == expected
