"""What kpt says of Kptfiles, configs and resources that it refuses is said here in the same words."""

import functools
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.packages.documents import parse
from bot.packages.function import is_image, path_fault
from bot.packages.kptfile import unreadable
from bot.packages.package import File, Files
from bot.packages.problem import Problem
from bot.packages.resource import Resource
from bot.render import krm
from bot.render.hydration import hydrate
from bot.render.pipeline import Pipeline

SHARED = Path(__file__).parents[2] / "../shared/conformance"
PACKAGES = SHARED / "packages"
TABLES = SHARED / "tables"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")
# Here a function fails, or must not run: that is told by the log of the run.
RUN = frozenset(
    {"exec-without-permissions", "fn-failure", "no-fnconfig", "path-index-outofpackage", "subpkg-fn-failure"}
)


@functools.cache
def _cases() -> dict[str, str]:
    """What kpt must have said, by case."""
    cases = {}
    for place in sorted(PACKAGES.glob("*/*/case.yaml")):
        case = yaml.safe_load(place.read_bytes())
        if case["command"] == "render" and case.get("exitCode") == 1 and case.get("stdErr"):
            cases[f"{place.parts[-3]}/{place.parts[-2]}"] = case["stdErr"]
    return {name: said for name, said in cases.items() if name.partition("/")[2] not in RUN}


def _files(name: str) -> Files:
    folder = PACKAGES / name / "input"
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): File(path.read_bytes()) for path in paths}


def _squashed(text: str) -> str:
    return " ".join(text.split())


def _said(files: Files, package: str) -> str:
    """The words of kpt: for what no pipeline could run with, or for why one stopped."""
    rendered = Pipeline().run(files)
    if rendered.execution and rendered.failure:
        return f"Error: {rendered.failure.reason}"
    return next(problem.kpt_of(package) for problem in rendered.problems if problem.kpt)


@needs_shared
@pytest.mark.parametrize(("name", "said"), _cases().items(), ids=_cases())
def test_packages_are_refused_in_the_words_of_kpt(name: str, said: str) -> None:
    folder = name.partition("/")[2]
    assert _squashed(said) in _squashed(_said(_files(name), folder))


def _table(file: str, name: str) -> list[Any]:
    place = TABLES / f"kpt__{file}.json"
    tables = json.loads(place.read_text()) if place.is_file() else []
    return [row for table in tables if table["table"].startswith(name) for row in table["rows"].values()]


def _validation(name: str) -> list[Any]:
    return _table("api__kptfile__v1__validation", name)


def _lowered(value: object) -> object:
    """Go's names of fields as they are written in a Kptfile."""
    if isinstance(value, dict):
        return {
            key[0].lower() + key[1:] if key[0].isupper() else key: _lowered(item)
            for key, item in value.items()
        }
    return [_lowered(item) for item in value] if isinstance(value, list) else value


@needs_shared
@pytest.mark.parametrize("row", _validation("TestKptfileValidate"), ids=lambda row: row["name"])
def test_pipelines_are_valid_or_not(row: dict[str, Any]) -> None:
    head = {"apiVersion": "kpt.dev/v1", "kind": "Kptfile", "metadata": {"name": "x"}}
    fields = _lowered(row["kptfile"])
    assert isinstance(fields, dict)
    problems: list[Problem] = []
    hydrate({"Kptfile": File(yaml.safe_dump(head | fields).encode())}, problems)
    said = [problem.kpt.partition(":")[0] for problem in problems if problem.kpt]
    assert said == ([] if row["valid"] else ["Kptfile is invalid"])


@needs_shared
@pytest.mark.parametrize("row", _validation("TestValidateFunctionName"), ids=lambda row: row["Path"])
def test_images_are_valid_or_not(row: dict[str, Any]) -> None:
    assert is_image(row["Path"]) is row["Valid"]


@needs_shared
@pytest.mark.parametrize("row", _validation("TestValidatePath"), ids=lambda row: repr(row["Path"]))
def test_paths_are_valid_or_not(row: dict[str, Any]) -> None:
    assert (path_fault(row["Path"]) == "") is row["Valid"]


@needs_shared
@pytest.mark.parametrize("row", _validation("TestIsKustomization"), ids=lambda row: row["name"])
def test_kustomizations_are_told(row: dict[str, Any]) -> None:
    document = parse(row["input"].encode())[0]
    path = document.root.text("metadata", "annotations", "config.kubernetes.io/path")
    item = Resource(document, path)
    assert item.is_kustomization is row["exp"]
    assert krm.fault(item) == ""


@needs_shared
@pytest.mark.parametrize("row", _validation("TestGetValidatedFnConfigFromPath"), ids=lambda row: row["name"])
def test_configs_are_valid(row: dict[str, Any]) -> None:
    problems: list[Problem] = []
    text = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: x}\n"
    text += "pipeline: {mutators: [{image: no-op, configPath: c.yaml}]}\n"
    hydrate({"Kptfile": File(text.encode()), "c.yaml": File(row["input"].encode())}, problems)
    assert problems == []


@needs_shared
@pytest.mark.parametrize(
    "row", _table("pkg__lib__errors__resolver__pkg", "TestPkgErrorResolver"), ids=lambda row: row["expected"]
)
def test_an_unreadable_kptfile(row: dict[str, Any]) -> None:
    details = row["err"].get("Err", {"$go_call": [["", [""]]]})["$go_call"][0][1][0]
    said = Problem("Kptfile", "", 0, unreadable("Kptfile", details)).kpt_of(row["err"]["Path"])
    assert said.startswith(row["expected"].strip())
