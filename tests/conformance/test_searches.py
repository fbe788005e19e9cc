"""The catalog's tables of search-replace come out the same here."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.packages.documents import emit, parse
from bot.packages.resource import Resource
from bot.render.functions.search_replace import search_replace
from bot.render.route import Place, Route

TABLES = Path(__file__).parents[2] / "../shared/conformance/tables"
PREFIX = "catalog__functions__go__search-replace__searchreplace__"
needs_shared = pytest.mark.skipif(not TABLES.is_dir(), reason=f"{TABLES} is not here")


def _rows(*names: str) -> list[Any]:
    files = [TABLES / f"{PREFIX}{name}.json" for name in names]
    tables = [table for file in files if file.is_file() for table in json.loads(file.read_text())]
    return [row for table in tables for row in table["rows"].values()]


@needs_shared
@pytest.mark.parametrize("row", _rows("searchreplacecases", "putcommentcases"), ids=lambda row: row["name"])
def test_searches(row: dict[str, str]) -> None:
    documents = parse(row["input"].encode())
    items = [Resource(document, "r.yaml", index) for index, document in enumerate(documents)]
    outcome = search_replace(items, parse(row["config"].encode())[0])
    assert (outcome.exit_code == 1) is ("errMsg" in row)
    assert row.get("errMsg", "") in outcome.results[-1].message
    wanted = [document.root for document in parse(row["expectedResources"].encode())]
    assert emit([item.root for item in items], wide=False) == emit(wanted, wide=False)
    if "errMsg" not in row:
        assert _told(row["out"]) == [
            (result.field, result.message) for result in outcome.results if result.message != "no matches"
        ]


def _told(out: str) -> list[tuple[str, str]]:
    """Fields and messages that stand for the old command's text: a path, a field and a value at a time."""
    *found, total = out.removesuffix("\n").split("\n\n") if "\n\n" in out else [out]
    verb = "Mutated field value to" if total.startswith("Mutated") else "Matched field value"
    lines = [part.split("\n") for part in found]
    return [
        (field.removeprefix("fieldPath: "), f"{verb} {json.dumps(value.removeprefix('value: '))}")
        for _, field, value in lines
    ]


@needs_shared
@pytest.mark.parametrize("row", _rows("pathparser"), ids=lambda row: row["name"])
def test_paths(row: dict[str, Any]) -> None:
    place = Place(Route(row["byPath"]))
    for element in row["traversedPath"].split("."):
        name, *indexes = element.split("[")
        place = place.under(name)
        for index in indexes:
            place = place.at(int(index.removesuffix("]")))
    assert (place.path, place.is_met) == (row["traversedPath"], row["shouldMatch"])


@needs_shared
def test_all_tables_are_here() -> None:
    assert len(_rows("searchreplacecases", "putcommentcases", "pathparser")) >= 21
