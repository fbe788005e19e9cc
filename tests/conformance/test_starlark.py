"""Programs that others ran over packages come out the same here."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.packages.documents import emit, parse
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.starlark import starlark

SHARED = Path(__file__).parents[2] / "../shared/conformance"
TABLE = SHARED / "tables/catalog__functions__go__starlark__starlark__config.json"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")


def _rows() -> list[dict[str, str]]:
    return list(json.loads(TABLE.read_text())[0]["rows"].values()) if TABLE.is_file() else []


def _evaluations() -> list[Path]:
    """The cases that run this function alone, over a folder without a pipeline."""
    places = sorted(SHARED.glob("packages/kpt-fn-eval/*/case.yaml"))
    return [place.parent for place in places if _case(place.parent)["functions"][0].get("name") == "starlark"]


def _case(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "case.yaml").read_bytes())
    return found


def _items(folder: Path, leave: str = "") -> list[Resource]:
    return [
        Resource(document, place.relative_to(folder).as_posix(), index)
        for place in sorted(folder.rglob("*.yaml"))
        if place.name != leave
        for index, document in enumerate(parse(place.read_bytes()))
    ]


def _texts(items: list[Resource]) -> dict[str, bytes]:
    paths = {item.path for item in items}
    return {path: emit([item.document for item in items if item.path == path], wide=None) for path in paths}


@needs_shared
@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["name"])
def test_configs(row: dict[str, str]) -> None:
    items = [Resource(parse(b"apiVersion: v1\nkind: A\nmetadata:\n  name: a\n")[0], "a.yaml")]
    outcome = starlark(items, parse(row["config"].encode())[0])
    assert [result.message for result in outcome.results] == [
        row[key] for key in row if key == "expectErrMsg"
    ]
    assert outcome.items[0].namespace == ("" if "expectErrMsg" in row else "baz")


@needs_shared
@pytest.mark.parametrize("folder", _evaluations(), ids=lambda folder: folder.name)
def test_evaluations(folder: Path) -> None:
    config = folder / _case(folder)["fnConfig"]
    leave = config.name if config.parent.name == "input" else ""
    outcome: Outcome = starlark(_items(folder / "input", leave), parse(config.read_bytes())[0])
    assert outcome.exit_code == 0
    assert _texts(outcome.items) == _texts(_items(folder / "expected", leave))
    wanted = folder / "results.yaml"
    said = yaml.safe_load(wanted.read_bytes())["items"][0] if wanted.exists() else {}
    assert outcome.stderr == said.get("stderr", outcome.stderr)


@needs_shared
def test_all_cases_are_here() -> None:
    assert (len(_rows()), len(_evaluations())) == (3, 4)
