"""Each module opens with one sentence on one line: what it is for."""

import ast
import re

import pytest

from tests.house.sources import ROOT, modules

LEAST_WORDS = 3


def opens_well(source: str) -> bool:
    """Whether the first line of the docstring, on the file's first line, is a sentence with its period."""
    opening = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
    at_the_top = source.removeprefix("#!/usr/bin/env python3\n").startswith('"""' + opening)
    return at_the_top and opening.endswith(".") and len(opening.split()) >= LEAST_WORDS


def test_every_module_says_what_it_is_for() -> None:
    assert [path for path, source in modules().items() if not opens_well(source)] == []


def test_every_program_in_go_does_so_too() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.go")]
    openings = [re.split(r"\n(?://\n|package )", source)[0] for source in sources]
    assert sources
    assert [text for text in openings if not (text.startswith("// ") and text.endswith("."))] == []


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import os\n",
        '"""A name without its period"""\n',
        '"""Naming."""\n',
        '"""A sentence that goes\non."""\n',
        '"""\nA sentence on the second line.\n"""\n',
        '# A comment first.\n"""What a module is for."""\n',
    ],
)
def test_a_poor_opening_is_found(source: str) -> None:
    assert not opens_well(source)


def test_a_good_opening_is_accepted() -> None:
    assert opens_well('"""What a package is.\n\nAnd more of it.\n"""\n')
