"""Conflicts are told without the values of secrets."""

import pytest

from bot.packages.merge.conflict import Conflict, Side
from bot.packages.operations.content import MOST_TOLD, told
from bot.packages.operations.discretion import without_secrets
from bot.packages.operations.stopped import Stopped
from bot.packages.resource import Identity

TOKEN = "ghp_" + "a1B2" * 9


def _conflict(kind: str, field: str, value: str) -> Conflict:
    return Conflict("a.yaml", Identity("", kind, "ns", "x"), field, value, f"{value}2", value, Side.UPSTREAM)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("Secret", "data.key", "Zmlyc3Q="),
        ("Secret", "stringData.key", "hunter2"),
        ("Secret", "", "data:\n  key: hunter2"),
        ("ConfigMap", "data.password", "hunter2"),
        ("Deployment", "spec.template.spec.containers[name=a].env[name=API_TOKEN].value", "hunter2"),
        ("ConfigMap", "data.any", TOKEN),
        ("ConfigMap", "data", f"a: b\nurl: {TOKEN}"),
    ],
)
def test_what_looks_secret_is_masked(kind: str, field: str, value: str) -> None:
    (hidden,) = without_secrets((_conflict(kind, field, value),))
    shown = f"{hidden} {hidden.base} {hidden.ours} {hidden.theirs}"
    assert "hunter2" not in shown
    assert TOKEN not in shown
    assert "Zmlyc3Q" not in shown
    assert "<redacted>" in shown


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("Secret", "type", "Opaque"),
        ("Deployment", "spec.replicas", "3"),
        ("Deployment", "spec.template.spec.containers[name=a].image", "registry.example.com/team/app:v1.2.3"),
    ],
)
def test_all_else_is_told(kind: str, field: str, value: str) -> None:
    conflict = _conflict(kind, field, value)
    assert without_secrets((conflict,)) == (conflict,)


def test_what_is_not_there_stays_so() -> None:
    conflict = Conflict("a.yaml", Identity("", "Secret", "", "x"), "data.a", None, "", None, Side.LOCAL)
    assert without_secrets((conflict,)) == (conflict,)


def test_an_operation_that_stopped_says_why_within_bounds() -> None:
    many = tuple(_conflict("ConfigMap", f"data.k{number}", "v") for number in range(MOST_TOLD + 5))
    text = str(Stopped(many))
    assert text.startswith("205 conflicts, so nothing was written")
    assert text.endswith("- and 5 more")
    assert told(many).strip() in text


def test_names_do_not_break_out_of_their_line() -> None:
    odd = "A\nError: \x1b[31mx\u2028"
    conflict = Conflict(odd, Identity("", odd, odd, odd), f"data['{odd}']", "1", odd, "2", Side.LOCAL)
    assert len(str(conflict).splitlines()) == 1
    assert str(conflict).isprintable()


def test_names_are_told_in_part_where_they_are_long() -> None:
    long = "k" * 100_000
    assert len(str(Conflict(long, Identity("", long, long, long), long, "1", "3", "2", Side.LOCAL))) < 1500
