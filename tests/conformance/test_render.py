"""Packages that others rendered come out the same here, as far as their functions are built in."""

import functools
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from bot.packages.documents import emit, parse, plain
from bot.packages.package import File
from bot.packages.rendering import Rendering
from bot.packages.resource import Resource
from bot.render.catalog import BUILT_IN
from bot.render.functions.apply_setters import apply_setters, derive
from bot.render.pipeline import Pipeline
from bot.render.scope import SCOPES

SHARED = Path(__file__).parents[2] / "../shared/conformance"
PACKAGES = SHARED / "packages"
SETTERS = SHARED / "tables/catalog__functions__go__apply-setters__applysetters__apply_setters.json"
SCOPE = SHARED / "schema/namespace_scope_sdk.json"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")

# Reached, of all cases whose functions are built in. Byte for byte leaves out the status that kpt writes; the
# few that differ are files that no function changed (kpt reformats them) and a Kptfile in another order.
FLOOR_MEANING = 62
FLOOR_BYTES = 58
# Cases whose status tells of other results than ours.
OTHER_STATUS = {
    # kpt merges the results of files that have the same path in two packages.
    "resource-has-pkgname-prefix",
}


class Case(NamedTuple):
    """One package, and what is expected of it: `wanted` are its files afterwards."""

    id: str
    files: dict[str, File]
    wanted: dict[str, bytes]
    exit_code: int
    results: Any


def _tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@functools.cache
def _cases() -> tuple[Case, ...]:
    found = []
    for place in sorted(PACKAGES.glob("*/*/case.yaml")):
        case = yaml.safe_load(place.read_bytes())
        before = _tree(place.parent / "input")
        if case["command"] != "render" or "Kptfile" not in before or not _images(before) <= BUILT_IN.keys():
            continue
        expected, results = place.parent / "expected", place.parent / "results.yaml"
        found.append(
            Case(
                f"{place.parts[-3]}/{place.parts[-2]}",
                {path: File(data) for path, data in before.items()},
                _tree(expected) if expected.is_dir() else before,
                case.get("exitCode", 0),
                yaml.safe_load(results.read_bytes()) if results.exists() else None,
            )
        )
    return tuple(found)


def _images(files: dict[str, bytes]) -> set[str]:
    """The short names of all functions in a package; executables count as ':'."""
    names = set()
    for path, data in files.items():
        if path.rpartition("/")[2] == "Kptfile":
            try:
                pipeline = yaml.safe_load(data).get("pipeline") or {}
            except yaml.YAMLError:
                continue  # such a package fails whatever its functions are
            functions = [*(pipeline.get("mutators") or []), *(pipeline.get("validators") or [])]
            names |= {
                str(function.get("image", ":")).rpartition("/")[2].partition(":")[0] for function in functions
            }
    return names


def _meaning(path: str, data: bytes) -> object:
    if not path.endswith((".yaml", ".yml", ".json", "Kptfile")):
        return data
    values = [plain(document) for document in parse(data, path=path)]
    for value in values:
        if path == "Kptfile" and isinstance(value, dict):
            value.pop("status", None)
    return values


def _without_status(path: str, data: bytes) -> bytes:
    return data.partition(b"\nstatus:\n")[0].rstrip(b"\n") if path == "Kptfile" else data.rstrip(b"\n")


def _status(kptfile: bytes) -> dict[str, Any]:
    """The status that kpt wrote at the end of a Kptfile."""
    _, found, status = kptfile.partition(b"\nstatus:\n")
    return dict(yaml.safe_load(status)) if found else {}


def _after(case: Case, rendering: Rendering) -> dict[str, bytes]:
    files = {path: file.content for path, file in case.files.items()}
    return {path: data for path, data in {**files, **rendering.changes}.items() if data is not None}


def _difference(case: Case, rendering: Rendering) -> str:
    """What is not as expected; '' when nothing is."""
    if rendering.failed is not bool(case.exit_code):
        return f"failed: {rendering.failed}, {[str(problem) for problem in rendering.problems]}"
    got = _after(case, rendering)
    if got.keys() != case.wanted.keys():
        return f"files: {sorted(got.keys() ^ case.wanted.keys())}"
    if case.exit_code:
        return ""
    wrong = [
        path
        for path in got
        if got[path] != case.wanted[path] and _meaning(path, got[path]) != _meaning(path, case.wanted[path])
    ]
    return f"content: {wrong}" if wrong else ""


def _is_same(case: Case, rendering: Rendering) -> bool:
    got = _after(case, rendering)
    return all(
        _without_status(path, data) == _without_status(path, case.wanted[path]) for path, data in got.items()
    )


def _setter_rows(table: int) -> list[Any]:
    return list(json.loads(SETTERS.read_text())[table]["rows"].values()) if SETTERS.is_file() else []


@needs_shared
def test_packages_come_out_as_expected(capsys: pytest.CaptureFixture[str]) -> None:
    pipeline = Pipeline()
    rendered = [(case, pipeline.render(case.files)) for case in _cases()]
    wrong = {case.id: why for case, rendering in rendered if (why := _difference(case, rendering))}
    meaning = len(rendered) - len(wrong)
    other = [
        case.id for case, rendering in rendered if case.id not in wrong and not _is_same(case, rendering)
    ]
    count = f"{meaning} of {len(rendered)} equal in meaning, {meaning - len(other)} byte for byte"
    with capsys.disabled():
        print(f"\nrender: {count}")  # noqa: T201 - the count is the point
    assert wrong == {}
    assert meaning >= FLOOR_MEANING
    assert meaning - len(other) >= FLOOR_BYTES, other


@needs_shared
def test_results_are_those_of_the_functions() -> None:
    for case in _cases():
        if case.results is None:
            continue
        steps = Pipeline().render(case.files).steps
        for step, wanted in zip(steps, case.results["items"], strict=True):
            assert (step.exit_code, step.function) == (wanted["exitCode"], wanted["image"]), case.id
            assert step.stderr == wanted.get("stderr", ""), case.id
            messages = [
                (result.message, result.severity, result.file, result.field) for result in step.results
            ]
            assert messages == [
                (
                    result["message"],
                    result.get("severity", ""),
                    result.get("file", {}).get("path", ""),
                    result.get("field", {}).get("path", ""),
                )
                for result in wanted.get("results", [])
            ], case.id


@needs_shared
def test_steps_are_those_of_the_status_that_kpt_writes() -> None:
    checked = 0
    for case in _cases():
        wanted = _status(case.wanted["Kptfile"]).get("renderStatus")
        if not wanted or case.id.rpartition("/")[2] in OTHER_STATUS:
            continue
        ran = [*wanted.get("mutationSteps", []), *wanted.get("validationSteps", [])]
        said = [step["results"] for step in ran if "results" in step]
        steps = Pipeline().render(case.files).steps
        messages = [[result["message"] for result in results] for results in said]
        got = [[result.message for result in step.results] for step in steps if step.results]
        assert got == messages, case.id
        checked += 1
    assert checked > 8


@needs_shared
@pytest.mark.parametrize("row", _setter_rows(0), ids=lambda row: row["name"])
def test_setters_table(row: dict[str, str]) -> None:
    items = [
        Resource(document, "r.yaml", index) for index, document in enumerate(parse(row["input"].encode()))
    ]
    outcome = apply_setters(items, parse(row["config"].encode())[0])
    assert (outcome.exit_code == 1) is ("errMsg" in row)
    assert row.get("errMsg", "") in outcome.results[-1].message
    written = {emit([item.document for item in items], wide=wide) for wide in (True, False)}
    assert row["expectedResources"].lstrip("\n").encode() in written


@needs_shared
@pytest.mark.parametrize("row", _setter_rows(1), ids=lambda row: row["name"])
def test_setter_values_from_patterns(row: dict[str, Any]) -> None:
    assert derive(row["pattern"], row["value"]) == row["expected"]


@needs_shared
def test_scopes_are_the_catalogs() -> None:
    table = json.loads(SCOPE.read_text())
    assert {(row["apiVersion"], row["kind"]): row["namespaced"] for row in table} == SCOPES
