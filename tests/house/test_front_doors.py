"""Only front doors read the environment, the arguments, the standard input and the clock."""

import ast

import pytest

from tests.house.sources import dotted_uses, modules

FRONT_DOORS = ("bot/cli/", "bot/hooks/", "bot/render/workers/", "bot/web/", "bot/__main__.py")
OUTSIDE = {
    "os.environ",
    "os.environb",
    "os.getenv",
    "sys.argv",
    "sys.stdin",
    "time.time",
    "time.time_ns",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
}


def looks_outside(source: str) -> list[str]:
    """What of the outside world is read, as `line: name`."""
    uses = [(line, name) for line, name in dotted_uses(source) if name in OUTSIDE]
    asks = [
        (node.lineno, "input")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "input"
    ]
    return [f"{line}: {name}" for line, name in uses + asks]


def test_only_front_doors_look_outside() -> None:
    inner = {path: source for path, source in modules("bot").items() if not path.startswith(FRONT_DOORS)}
    assert {path: found for path, source in inner.items() if (found := looks_outside(source))} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os\nx = os.environ['HOME']\n", ["2: os.environ"]),
        ("from os import environ\n", ["1: os.environ"]),
        ("import os as o\no.getenv('HOME')\n", ["2: os.getenv"]),
        ("import sys\nsys.stdin.read()\n", ["2: sys.stdin"]),
        ("from sys import argv as given\n", ["1: sys.argv"]),
        ("import time\ntime.time()\n", ["2: time.time"]),
        ("from time import time\n", ["1: time.time"]),
        ("from datetime import datetime, UTC\ndatetime.now(UTC)\n", ["2: datetime.datetime.now"]),
        ("import datetime as dt\ndt.date.today()\n", ["2: datetime.date.today"]),
        ("input('name?')\n", ["1: input"]),
    ],
)
def test_a_look_outside_is_found(source: str, found: list[str]) -> None:
    assert looks_outside(source) == found


def test_what_is_passed_in_is_no_look_outside() -> None:
    source = "import os\ndef f(environ, now):\n    return environ['HOME'], now(), os.path.join('a', 'b')\n"
    assert looks_outside(source) == []
