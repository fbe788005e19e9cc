"""A checker is silenced for one rule at a time, and the line says why."""

import re

import pytest

from tests.house.sources import comments, modules

EXCUSE = re.compile(r"#\s*(?:(?:ruff:|flake8:)?\s*noqa\b|type:\s*ignore\b|mypy:)", re.IGNORECASE)
NAMED = re.compile(r"#\s*(?:noqa:\s*[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*|type:\s*ignore\[[a-z0-9, -]+\])")
LEAST_WORDS = 2


def poor_excuses(source: str) -> list[str]:
    """The silencing comments that name no rule or give no reason; one for a whole file is always poor."""
    excuses = [comment for _, comment in comments(source) if EXCUSE.search(comment)]
    return [comment for comment in excuses if not _is_good(comment)]


def _is_good(comment: str) -> bool:
    reason = NAMED.sub("", comment)
    return EXCUSE.search(reason) is None and len(re.findall(r"[^\W\d_]{2,}", reason)) >= LEAST_WORDS


def test_every_excuse_names_its_rule_and_its_reason() -> None:
    assert {path: found for path, source in modules().items() if (found := poor_excuses(source))} == {}


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: S603",
        "# noqa: S603, S607",
        "# noqa: S603 why",
        "# NOQA",
        "# ruff: noqa",
        "# ruff: noqa: S603 because it is so",
        "# mypy: ignore-errors",
        "# type: ignore",
        "# type: ignore  # the library has no types",
        "# type: ignore[no-untyped-call]",
        "# noqa: S603 the caller is trusted  # type: ignore",
    ],
)
def test_a_poor_excuse_is_found(comment: str) -> None:
    assert poor_excuses(f"x = 1  {comment}\n") == [comment]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: S603 the arguments are ours",
        "# noqa: S603, S607  # the arguments are ours",
        "# the arguments are ours  # noqa: S603",
        "# type: ignore[no-untyped-call]  # the library has no types",
        "# nothing is silenced here",
    ],
)
def test_a_good_excuse_is_accepted(comment: str) -> None:
    assert poor_excuses(f"x = 1  {comment}\n") == []


def test_an_excuse_in_a_string_is_none() -> None:
    assert poor_excuses('x = "# noqa"\n') == []
