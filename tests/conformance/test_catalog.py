"""The catalog's tables of setters, annotations and policies come out the same here."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.packages.documents import emit, load, parse
from bot.packages.documents.node import mapping
from bot.packages.function import Function
from bot.packages.resource import Resource
from bot.render.catalog import built_in
from bot.render.config import config_map_of
from bot.render.functions.apply_setters import derive
from bot.render.functions.create_setters import comment_for, create_setters
from bot.render.functions.delete_annotations import delete_annotations
from bot.render.functions.list_setters import find_setters
from bot.render.functions.remove_local_config_resources import remove_local_config_resources
from bot.render.functions.set_enforcement_action import set_enforcement_action

TABLES = Path(__file__).parents[2] / "../shared/conformance/tables"
CREATE = "functions__go__create-setters__createsetters__create_setters"
LIST = "functions__go__list-setters__listsetters__list_setters"
DELETE = "contrib__functions__go__delete-annotations__main"
ENFORCE = "functions__go__set-enforcement-action__main"
REMOVE = "functions__go__remove-local-config-resources__main"
LOCAL = "metadata:\n  name: {}\n  annotations:\n    config.kubernetes.io/local-config: 'true'\n"
EVALUATED = ("list-setters", "remove-local-config-resources", "set-project-id")
needs_shared = pytest.mark.skipif(not TABLES.is_dir(), reason=f"{TABLES} is not here")


def _rows(name: str, table: int = 0) -> list[Any]:
    file = TABLES / f"catalog__{name}.json"
    return list(json.loads(file.read_text())[table]["rows"].values()) if file.is_file() else []


def _items(text: str, path: str = "r.yaml") -> list[Resource]:
    return [Resource(document, path, index) for index, document in enumerate(parse(text.encode()))]


@needs_shared
@pytest.mark.parametrize("row", _rows(CREATE), ids=lambda row: row["name"])
def test_setters_are_created(row: dict[str, str]) -> None:
    items = _items(row["input"])
    create_setters(items, parse(row["config"].encode())[0])
    written = {emit([item.document for item in items], wide=wide) for wide in (True, False)}
    assert row["expectedResources"].encode() in written


@needs_shared
@pytest.mark.parametrize("row", _rows(CREATE, 1), ids=lambda row: row["name"])
def test_comments_of_values(row: dict[str, str]) -> None:
    scalars = {setter["Value"]: setter["Name"] for setter in _rows(CREATE, 2)} | {"ubuntu": "env"}
    assert comment_for(row["value"], scalars) == row["comment"]


@needs_shared
@pytest.mark.parametrize("row", _rows(LIST), ids=lambda row: row["name"])
def test_setters_are_listed(row: dict[str, Any]) -> None:
    items = [item for path, text in row["resourceMap"].items() for item in _items(text, path)]
    found, warnings = find_setters(items)
    assert {(name, it.value, it.type, it.count) for name, it in found.items()} == {
        (want["Name"], want["Value"], want["Type"], want["Count"]) for want in row["expectedResult"]
    }
    assert warnings == [warning["#0"] for warning in row.get("warnings", [])]


@needs_shared
@pytest.mark.parametrize("row", _rows(LIST, 1), ids=lambda row: row["name"])
def test_values_of_setters(row: dict[str, Any]) -> None:
    assert derive(row["pattern"], row["value"]) == row["expected"]


@needs_shared
@pytest.mark.parametrize("row", _rows(DELETE), ids=lambda row: row["name"])
def test_annotations_are_deleted(row: dict[str, Any]) -> None:
    outcome = delete_annotations(_items(row["input"]), parse(row["config"].encode())[0])
    assert [result.message for result in outcome.results] == row["expectedResult"]


@needs_shared
@pytest.mark.parametrize("row", _rows(ENFORCE), ids=lambda row: row["name"])
def test_policies_are_enforced(row: dict[str, Any]) -> None:
    outcome = set_enforcement_action(_items(row["input"]), parse(row["config"].encode())[0])
    assert [result.message for result in outcome.results] == row["expectedResult"]


@needs_shared
@pytest.mark.parametrize("row", _rows(REMOVE), ids=lambda row: row["Name"])
def test_local_configs_are_removed(row: dict[str, Any]) -> None:
    """The table names files that are not at hand; what the results say of them stands for their content."""
    names = [part.split("[")[1][:-1] for part in row["ExpectedResult"] if part.startswith("Resource name")]
    assert len(names) == len(row["ResFiles"]) - 1
    items = _items("metadata:\n  name: applied\n")
    items += [item for name in names for item in _items(LOCAL.format(name))]
    outcome = remove_local_config_resources(items, None)
    assert [result.message for result in outcome.results] == row["ExpectedResult"]
    assert outcome.items == items[:1]


@needs_shared
def test_all_tables_are_here() -> None:
    counts = [len(_rows(name)) for name in (CREATE, LIST, DELETE, ENFORCE, REMOVE)]
    assert counts == [len(_rows(CREATE)), 10, 2, 3, 2]
    assert counts[0] >= 13


def _evaluations() -> list[Path]:
    """The cases that run one of these functions alone, over a folder without a pipeline."""
    found = []
    for place in sorted((TABLES / "../packages").glob("*/*/case.yaml")):
        case: Any = load(place.read_bytes())
        if case["command"] == "eval" and case["functions"][0].get("name") in EVALUATED:
            found.append(place.parent)
    return found


@needs_shared
@pytest.mark.parametrize("folder", _evaluations(), ids=lambda folder: folder.name)
def test_evaluations(folder: Path) -> None:
    case: Any = load((folder / "case.yaml").read_bytes())
    files = {path.name: path.read_bytes() for path in sorted((folder / "input").iterdir())}
    items = [
        item
        for name, data in files.items()
        if name == "Kptfile" or name.endswith(".yaml")
        for item in _items(data.decode(), name)
    ]
    pairs = tuple((key, str(value)) for key, value in case.get("args", {}).items())
    outcome = built_in(Function(case["image"])).run(items, config_map_of(pairs) if pairs else None)
    for path in {item.path for item in items}:
        text = emit([item.document for item in outcome.items if item.path == path], wide=None)
        assert text == (folder / "expected" / path).read_bytes()
    if (folder / "results.yaml").exists():
        wanted: Any = load((folder / "results.yaml").read_bytes())
        assert [(result.message, result.severity, result.file) for result in outcome.results] == [
            (result["message"], result["severity"], result.get("file", {}).get("path", ""))
            for result in wanted["items"][0]["results"]
        ]


@needs_shared
def test_all_evaluations_are_here() -> None:
    assert len(_evaluations()) == len(EVALUATED)


def test_an_empty_resource_is_left_alone() -> None:
    item = Resource(mapping())
    assert find_setters([item])[0] == {}
