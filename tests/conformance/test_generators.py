"""What functions generate is what the catalog's tables and examples ask."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import InvalidDocument
from bot.packages.documents import emit, load, parse
from bot.packages.documents.node import Node, mapping, string
from bot.packages.kptfile import kptfile_of
from bot.packages.package import File
from bot.packages.rendering import Rendering, Result
from bot.packages.resource import Resource
from bot.render.attribution import ANNOTATION
from bot.render.functions.enable_gcp_services import enable_gcp_services
from bot.render.functions.fix import fix
from bot.render.openapi import value_of
from bot.render.pipeline import Pipeline
from bot.render.written import by_path, changes

SHARED = Path(__file__).parents[2] / "../shared/conformance"
EXAMPLES = SHARED / "packages/catalog-examples"
SERVICES = "catalog__functions__go__enable-gcp-services__gcpservices__"
PLACES = ("config.kubernetes.io/path", "internal.config.kubernetes.io/path")
SET = (
    "apiVersion: blueprints.cloud.google.com/v1alpha1\nkind: ProjectServiceSet\n"
    "metadata:\n  name: {}\nspec: {}\n"
)
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")


def rows(name: str, table: int = 0) -> list[Any]:
    place = SHARED / f"tables/{name}.json"
    return list(json.loads(place.read_text())[table]["rows"].values()) if place.is_file() else []


def resources(files: dict[str, str]) -> list[Resource]:
    return [
        Resource(document, path, index)
        for path, text in files.items()
        for index, document in enumerate(parse(text.encode()))
    ]


def without(document: Node, *keys: str) -> bytes:
    """The text of a resource without these annotations."""
    meta, notes = document.root.get("metadata"), document.root.get("metadata", "annotations")
    if meta is not None and notes is not None:
        for key in keys:
            notes.drop(key)
        if not notes.content:
            meta.drop("annotations")
    return emit([document])


def brief(result: Result) -> dict[str, Any]:
    """A result as kpt writes it; what is empty is left out."""
    about = result.resource
    named = (
        {} if about is None else dict(zip(("apiVersion", "kind", "name", "namespace"), about, strict=True))
    )
    file = {"path": result.file, "index": result.document}
    said = {
        "message": result.message,
        "severity": result.severity,
        "resourceRef": {key: value for key, value in named.items() if value},
        "file": {key: value for key, value in file.items() if value},
    }
    return {key: value for key, value in said.items() if value}


@needs_shared
@pytest.mark.parametrize("row", rows(SERVICES + "services"), ids=lambda row: row["name"])
def test_services_of_a_set(row: dict[str, Any]) -> None:
    text = SET.format(row["resName"], json.dumps({"services": row["services"]}))
    outcome = enable_gcp_services(resources({"ps.yaml": text}), None)
    if "errMsg" in row:
        assert [result.message for result in outcome.results] == [row["errMsg"]]
        return
    got = [
        [item.name, item.root.text("spec", "resourceID"), item.root.text("spec", "projectRef", "external")]
        for item in outcome.items[1:]
    ]
    assert got == [want["$go_call"][0][1] for want in row["want"]]


@needs_shared
@pytest.mark.parametrize("row", rows(SERVICES + "project_service_set"), ids=lambda row: row["name"])
def test_service_sets(row: dict[str, Any]) -> None:
    outcome = enable_gcp_services(resources(row["resourceMap"]), None)
    if "errMsg" in row:
        assert (outcome.exit_code, outcome.results[0].message) == (1, row["errMsg"])
        return
    # kpt, and not its function, puts the mark; the function, and not kpt, writes down the places.
    assert sorted(without(item.document, ANNOTATION) for item in outcome.items) == sorted(
        without(document, *PLACES) for document in parse(row["expected"].encode())
    )
    said = {
        (result.message.partition(" ")[0], result.resource.name, result.resource.namespace, result.file)
        for result in outcome.results
        if result.resource
    }
    calls = [want["$go_call"][0][1] for want in row["results"]]
    assert len(outcome.results) == len(calls)
    assert said == {(action["$go"].removesuffix("Action") + "d", *rest) for action, *rest in calls}


@needs_shared
@pytest.mark.parametrize("row", rows(SERVICES + "project_service_set", 1), ids=lambda row: row["name"])
def test_sets_that_are_invalid(row: dict[str, Any]) -> None:
    text = SET.format("s", json.dumps({"services": row["services"]}))
    outcome = enable_gcp_services(resources({"ps.yaml": text}), None)
    assert (outcome.exit_code, outcome.results[0].message) == (1, row["errMsg"])


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def rendered(folder: Path) -> tuple[dict[str, bytes], Rendering]:
    """A package's files after its pipeline ran, and the rendering."""
    files = tree(folder)
    rendering = Pipeline().render({path: File(data) for path, data in files.items()})
    after = {**files, **rendering.changes}
    return {path: data for path, data in after.items() if data is not None}, rendering


def examples(function: str) -> list[Any]:
    return [pytest.param(place, id=place.name) for place in sorted(EXAMPLES.glob(f"{function}-*"))]


@needs_shared
@pytest.mark.parametrize("folder", [*examples("enable-gcp-services"), *examples("generate-folders")])
def test_examples(folder: Path) -> None:
    after, rendering = rendered(folder / "input")
    wanted = tree(folder / "expected")
    if folder.name.startswith("generate-folders"):
        # There the function wrote all files anew, in its library's quotes; here it changes no Kptfile.
        assert yaml.safe_load(after.pop("Kptfile")) == yaml.safe_load(wanted.pop("Kptfile"))
    assert after == wanted
    results = folder / "results.yaml"
    said = yaml.safe_load(results.read_bytes())["items"][0].get("results", []) if results.exists() else []
    assert [brief(result) for result in rendering.steps[0].results] == said
    again = Pipeline().render({path: File(data) for path, data in after.items()})
    assert again.changes == {}


FIX = "catalog__functions__go__fix__fixpkg__fix"


@needs_shared
@pytest.mark.parametrize("row", rows(FIX), ids=lambda row: row["name"])
def test_values_of_old_setters(row: dict[str, Any]) -> None:
    (value,) = row["setters"].values()
    with pytest.raises(InvalidDocument) as caught:
        value_of(mapping(("value", string(value))))
    assert caught.value.reason == row["errMsg"]


@needs_shared
@pytest.mark.parametrize("folder", examples("fix"))
def test_packages_that_are_fixed(folder: Path) -> None:
    before = tree(folder / "input")
    texts = {path: data.decode() for path, data in before.items() if path.endswith(("Kptfile", ".yaml"))}
    items = resources(texts)
    outcome = fix(items, None)
    written = changes({path: File(data) for path, data in before.items()}, by_path(items), outcome.items)
    assert {**before, **written} == tree(folder / "expected")
    assert [result.severity for result in outcome.results] == ["info"] * 4


@needs_shared
def test_a_kptfile_that_has_all_of_the_first_version_becomes_one_of_v1() -> None:
    place = SHARED / "packages/kpt-fn-render/basicpipeline-v1alpha1/input/Kptfile"
    outcome = fix(resources({"Kptfile": place.read_text()}), None)
    kptfile = kptfile_of(outcome.items[0].document)
    assert (kptfile.problems, [function.config_path for function in kptfile.mutators]) == (
        (),
        ["setters.yaml"],
    )
    assert kptfile.upstream_lock is not None
    assert load(outcome.items[1].emit())["data"] == {  # type: ignore[index] # a ConfigMap is a mapping
        "image": "nginx",
        "list": "- dev\n- stage\n",
        "namespace": "some-space",
        "tag": "1.14.1",
    }
    lost = [result.message.partition(" ")[0] for result in outcome.results if result.severity == "warning"]
    assert lost == ["`dependencies`", "`functions`", "`packageMetadata.version`"]


@needs_shared
def test_all_rows_and_examples_are_here() -> None:
    tables = (
        rows(SERVICES + "services"),
        *(rows(SERVICES + "project_service_set", table) for table in (0, 1)),
    )
    assert [len(table) for table in (*tables, rows(FIX))] == [2, 7, 1, 1]
    names = ("enable-gcp-services", "generate-folders", "fix")
    assert [len(examples(name)) for name in names] == [2, 2, 1]
