"""The built-in functions do what the tables of others ask, row by row."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.packages.documents import dump, emit, parse, plain
from bot.packages.resource import Resource
from bot.render.config import config_map_of
from bot.render.functions.apply_replacements import apply_replacements
from bot.render.functions.ensure_name_substring import ensure_name_substring
from bot.render.functions.set_image import set_image
from bot.render.functions.upsert_resource import upsert_resource
from bot.render.references import REFERENCES

SHARED = Path(__file__).parents[2] / "../shared/conformance"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")


def rows(name: str, table: int = 0) -> list[Any]:
    place = SHARED / f"tables/{name}.json"
    found = json.loads(place.read_text())[table]["rows"] if place.is_file() else {}
    return [pytest.param(row, id=key) for key, row in found.items()]


def resources(text: str) -> list[Resource]:
    return [Resource(document, "f1.yaml", index) for index, document in enumerate(parse(text.encode()))]


def text_of(items: list[Resource]) -> bytes:
    return emit([item.document for item in items], wide=False)


def meaning(text: str) -> list[Any]:
    return [plain(document) for document in parse(text.encode())]


@needs_shared
@pytest.mark.parametrize("row", rows("kustomize__api__filters__imagetag__imagetag"))
def test_image_tags(row: dict[str, Any]) -> None:
    wish = {key[0].lower() + key[1:]: value for key, value in row["filter"]["ImageTag"].items()}
    config = {
        "apiVersion": "fn.kpt.dev/v1alpha1",
        "kind": "SetImage",
        "image": wish,
        "additionalImageFields": [{"path": spec["Path"]} for spec in row["fsSlice"]],
    }
    items = resources(row["input"])
    outcome = set_image(items, parse(dump(config))[0])
    assert outcome.exit_code == 0
    assert text_of(items).decode().strip() == row["expectedOutput"].strip()


def placed(text: str) -> list[Any]:
    """What a ResourceList says, without the annotations that say where its resources stand."""
    values = meaning(text)
    for value in values:
        notes = value["metadata"].pop("annotations", {})
        kept = {
            key: note for key, note in notes.items() if not key.endswith(("/path", "/index", "/seqindent"))
        }
        if kept:
            value["metadata"]["annotations"] = kept
    return values


@needs_shared
@pytest.mark.parametrize(
    "row", rows("catalog__functions__go__upsert-resource__upsertresource__upsert_resource")
)
def test_upserted_resources(row: dict[str, str]) -> None:
    outcome = upsert_resource(resources(row["input"]), parse(row["fnconfig"].encode())[0])
    assert placed(text_of(outcome.items).decode()) == placed(row["expectedResources"])
    wanted = [value["metadata"].get("annotations", {}) for value in meaning(row["expectedResources"])]
    key = "internal.config.kubernetes.io/path"
    assert [item.path for item in outcome.items] == [notes.get(key, "") for notes in wanted]


@needs_shared
@pytest.mark.parametrize(
    "row", rows("catalog__functions__go__upsert-resource__upsertresource__upsert_resource", 1)
)
def test_which_resources_are_the_same(row: dict[str, Any]) -> None:
    (item,) = resources(row["resource2"])
    item.path = item.annotations.get("config.kubernetes.io/path", "f1.yaml")
    outcome = upsert_resource([item], parse(row["resource1"].encode())[0])
    assert (len(outcome.items) == 1) is row["expected"]


@needs_shared
@pytest.mark.parametrize(
    "row", rows("catalog__functions__go__upsert-resource__upsertresource__upsert_resource", 2)
)
def test_annotations_of_what_is_replaced(row: dict[str, Any]) -> None:
    def service(notes: dict[str, str]) -> dict[str, Any]:
        return {"apiVersion": "v1", "kind": "S", "metadata": {"name": "s", "annotations": notes}}

    (item,) = resources(dump(service(row["matchedResourceAnno"])).decode())
    upsert_resource([item], parse(dump(service(row["inputResourceAnno"])))[0])
    assert item.annotations == {
        key: note for key, note in row["expected"].items() if not key.startswith("internal.config")
    }


ENSURE = "catalog__functions__go__ensure-name-substring__ensure_name_substring"


@needs_shared
@pytest.mark.parametrize("row", rows(ENSURE))
def test_dependencies_of_renamed_resources(row: dict[str, str]) -> None:
    items = resources(row["Input"])
    assert ensure_name_substring(items, parse(row["Config"].encode())[0]).exit_code == 0
    # The row is of names and dependencies alone; a package case shows that references follow.
    after = (
        text_of(items)
        .decode()
        .replace("  name: secret-reader-dev\nsubjects", "  name: secret-reader\nsubjects")
    )
    assert after == row["Expected"]


@needs_shared
@pytest.mark.parametrize("row", rows(ENSURE, 1))
def test_a_dependency_that_is_renamed(row: dict[str, Any]) -> None:
    words = row["Input"].split("/")
    mode = row["EditMode"]["$go"].lower()
    text = "apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n"
    version = "/".join(filter(None, (words[0] if row["IsSet"] else "group", "v1")))
    items = resources(
        text.format(version, "kind", "name")
        + "---\n"
        + text.format("v1", "Other", "other")
        + f"  annotations:\n    config.kubernetes.io/depends-on: {row['Input']}\n"
    )
    ensure_name_substring(items, config_map_of(((mode, "substr"),)))
    assert items[1].annotations["config.kubernetes.io/depends-on"] == row["Expected"]


@needs_shared
def test_references_are_kustomizes() -> None:
    table = json.loads((SHARED / "schema/kustomize_fieldspecs.json").read_text())
    wanted = {
        (
            *tuple(one.get(key, "") for one in (entry, spec) for key in ("kind", "group", "version")),
            spec["path"],
        )
        for entry in table["namereference.nameReferenceFieldSpecs"]["nameReference"]
        for spec in entry["fieldSpecs"]
    }
    assert {
        (*target, kind, spec.group, spec.version, "/".join(part.replace("/", "\\/") for part in spec.path))
        for kind, references in REFERENCES.items()
        for target, spec in references
    } == wanted


def case(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "case.yaml").read_bytes())
    return found


def eval_cases(function: str) -> list[Any]:
    """The cases that run one function over a package, by the folder of each."""
    places = sorted((SHARED / "packages").glob(f"*/{function}*/case.yaml"))
    return [
        pytest.param(place.parent, id=place.parts[-2])
        for place in places
        if case(place.parent)["command"] == "eval"
    ]


def said(folder: Path, leave: str = "") -> list[Resource]:
    """The resources of a folder, by file; `leave` is a file that is left out."""
    places = sorted(
        place for place in folder.rglob("*") if place.suffix in {".yaml", ".yml"} or place.name == "Kptfile"
    )
    return [
        Resource(document, place.relative_to(folder).as_posix(), index)
        for place in places
        if place.name != leave
        for index, document in enumerate(parse(place.read_bytes()))
    ]


def values(items: list[Resource]) -> list[str]:
    return sorted(json.dumps(plain(item.document), sort_keys=True) for item in items)


@needs_shared
@pytest.mark.parametrize("folder", eval_cases("ensure-name-substring"))
def test_names_of_a_package(folder: Path) -> None:
    args = case(folder)["args"]
    outcome = ensure_name_substring(said(folder / "input"), config_map_of(tuple(args.items())))
    assert values(outcome.items) == values(said(folder / "expected"))


@needs_shared
@pytest.mark.parametrize("folder", eval_cases("upsert-resource"))
def test_upserts_of_a_package(folder: Path) -> None:
    config = parse((folder / "input/fn-config.yaml").read_bytes())[0]
    outcome = upsert_resource(said(folder / "input", "fn-config.yaml"), config)
    wanted = said(folder / "expected", "fn-config.yaml")
    assert [(item.path, item.emit()) for item in outcome.items] == [
        (item.path, item.emit()) for item in wanted
    ]


REPLACEMENTS = "kustomize__api__filters__replacement__replacement"
# Rows of what only a build of kustomize knows: names that its earlier steps gave.
LEFT_OUT = {"using a previous ID"}


@needs_shared
@pytest.mark.parametrize("row", [*rows(REPLACEMENTS), *rows(REPLACEMENTS, 1)])
def test_replacements(row: dict[str, str], request: pytest.FixtureRequest) -> None:
    if request.node.callspec.id in LEFT_OUT:
        pytest.skip("only a build of kustomize knows it")
    config = f"apiVersion: fn.kpt.dev/v1alpha1\nkind: ApplyReplacements\n{row['replacements']}"
    items = resources(row["input"])
    outcome = apply_replacements(items, parse(config.encode())[0])
    if "expectedErr" in row:
        assert (outcome.exit_code, outcome.results[0].message) == (1, row["expectedErr"].strip())
        return
    assert [result.message for result in outcome.results] == []
    assert text_of(items).decode().strip() == row["expected"].strip()
