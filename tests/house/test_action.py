"""The Action's inputs and outputs are those that its code takes and writes, and that the README lists."""

import re

import click
import yaml

from bot.action.report import Round, outputs
from bot.cli.action import action
from tests.house.sources import ROOT

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
STEP = ACTION["runs"]["steps"][-1]


def rows(first: str) -> list[str]:
    """The first column of the README's table whose first column is named so."""
    table = re.search(rf"^\| {first} \| \|\n\|.*?\|\n((?:\|.*\n)+)", README, re.MULTILINE)
    assert table is not None
    return re.findall(r"^\| `([a-z]+)` \|", table[1], re.MULTILINE)


def test_the_inputs_are_listed_and_taken() -> None:
    assert rows("input") == [*ACTION["inputs"]]
    assert set(re.findall(r"inputs\.([a-z]+)", str(STEP["env"]))) == {*ACTION["inputs"]}
    options = {option for each in action.params if isinstance(each, click.Option) for option in each.opts}
    assert {f"--{name}" for name in ACTION["inputs"]} - {"--token"} == options
    for option in options:
        assert f'{option} "$PORTICO_{option[2:].upper()}"' in STEP["run"]


def test_the_outputs_are_listed_and_written() -> None:
    assert rows("output") == [*ACTION["outputs"]] == [*outputs(Round())]
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.{STEP['id']}.outputs.{name} }}}}"


def test_nothing_from_outside_stands_in_a_script() -> None:
    assert [step["run"] for step in ACTION["runs"]["steps"] if "${{" in step["run"]] == []
