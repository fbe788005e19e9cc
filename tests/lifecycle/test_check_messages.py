"""Findings as a person reads them; `python -m tests.lifecycle.test_check_messages` writes them anew."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.lifecycle import check_messages, rule_messages
from bot.lifecycle.examined import Permission
from bot.lifecycle.finding import Finding, Grade
from bot.packages.problem import Problem

SNAPSHOT = Path(__file__).with_name("check_messages.txt")
Say = Callable[..., Finding]
# What stands for any argument, by its name.
VALUES: dict[str, Any] = {
    "permission": Permission("`x: write`", granted=False, reason="writing x", where="Give it."),
    "problem": Problem(".portico.yaml", "Unknown key 'x'.", 2),
    "approvals": 2,
    "remaining": 7,
    "most": 5000,
    "statuses": (401, 200, 0),
    "methods": ("squash",),
    "names": ("a", "b", "c"),
    "events": ("push", "create"),
    "checks": ("ci", "lint"),
    "needed": True,
    "demand": "may not be changed",
    "sentence": "The branch 'main' may not be changed.",
    "where": "https://forge/settings",
    "url": "https://bot/webhooks/github",
    "address": "https://bot/webhooks/github",
    "branch": "main",
    "default": "master",
    "commit": "a1b2c3d4e5f6",
}


def sentences() -> dict[str, Say]:
    return {
        name: function
        for module in (check_messages, rule_messages)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def said(function: Say) -> Finding:
    names = inspect.signature(function).parameters
    return function(**{name: VALUES.get(name, f"<{name}>") for name in names})


def snapshot() -> Iterator[str]:
    for name, function in sentences().items():
        finding = said(function)
        yield f"{name}: {finding.grade} {finding.subject}\n    {finding}"


def test_every_finding_is_as_it_was_read() -> None:
    assert "\n".join(snapshot()) + "\n" == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(sentences()))
def test_what_is_not_well_says_why(name: str) -> None:
    finding = said(sentences()[name])
    assert str(finding).isprintable()
    assert (finding.why == "") == (finding.grade is Grade.OK)


if __name__ == "__main__":
    SNAPSHOT.write_text("\n".join(snapshot()) + "\n", encoding="utf-8")
