"""Behaviour is proven with fakes and real repositories, never by patching names."""

import ast

import pytest

from tests.house.sources import dotted_uses, modules

PATCHERS = ("unittest.mock.", "mock.", "pytest_mock.")


def patches(source: str) -> list[int]:
    """The lines that import or use a patcher, or ask for pytest-mock's fixture."""
    uses = [line for line, name in dotted_uses(source) if f"{name}.".startswith(PATCHERS)]
    arguments = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.arg))
    return uses + [node.lineno for node in arguments if node.arg == "mocker"]


def test_nothing_is_patched() -> None:
    assert {path: lines for path, source in modules().items() if (lines := patches(source))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import unittest.mock\n",
        "from unittest import mock\n",
        "from unittest.mock import patch\n",
        "import mock\n",
        "import unittest\nunittest.mock.patch('x')\n",
        "def test(mocker): ...\n",
    ],
)
def test_a_patch_is_found(source: str) -> None:
    assert patches(source)


def test_a_name_that_begins_alike_is_none() -> None:
    assert not patches("import mockery\n")
