"""gatekeeper says of the packages of others what it is expected to say, result by result."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.packages.documents import from_plain
from bot.packages.package import File
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.functions.gatekeeper import gatekeeper
from bot.render.pipeline import Pipeline

SHARED = Path(__file__).parents[2] / "../shared/conformance"
PACKAGES = SHARED / "packages"
TABLE = SHARED / "tables/catalog__functions__go__gatekeeper__validate.json"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")
SEVERITIES = {"framework.Error": "deny", "framework.Warning": "warn", "framework.Info": "dryrun"}
CASES = (
    "catalog-examples/gatekeeper-disallow-root-user",
    "catalog-examples/gatekeeper-warning-only",
    "catalog-tests/gatekeeper-dryrun",
    "catalog-tests/gatekeeper-valid",
    "kpt-fn-render/structured-results-from-muiltiple-fns",
)


def _is_ours(image: str) -> bool:
    return image.rpartition("/")[2].startswith("gatekeeper:")


def _shown(result: Result) -> dict[str, Any]:
    """A result as kpt writes it."""
    named = result.resource
    assert named is not None
    names = {"apiVersion": named.api_version, "kind": named.kind, "name": named.name}
    names |= {"namespace": named.namespace} if named.namespace else {}
    file: dict[str, Any] = {"path": result.file} | ({"index": result.document} if result.document else {})
    return {"message": result.message, "severity": result.severity, "resourceRef": names, "file": file}


@needs_shared
def test_no_case_is_left_out() -> None:
    found = {
        "/".join(place.parts[-3:-1])
        for place in PACKAGES.glob("*/*/case.yaml")
        if any(
            function.get("name") == "gatekeeper"
            for function in yaml.safe_load(place.read_bytes()).get("functions") or ()
        )
    }
    assert found == set(CASES)


@needs_shared
@pytest.mark.parametrize("case", CASES)
def test_results_of_a_package(case: str) -> None:
    folder = PACKAGES / case / "input"
    places = (place for place in folder.rglob("*") if place.is_file())
    files = {place.relative_to(folder).as_posix(): File(place.read_bytes()) for place in places}
    rendering = Pipeline().render(files)
    wanted: list[Any] = [{"exitCode": 0}]
    if (results := PACKAGES / case / "results.yaml").exists():
        wanted = [item for item in yaml.safe_load(results.read_bytes())["items"] if _is_ours(item["image"])]
    assert [
        {
            **({"image": step.function} if step.results else {}),
            **({"stderr": step.stderr} if step.stderr else {}),
            "exitCode": step.exit_code,
            **({"results": [_shown(result) for result in step.results]} if step.results else {}),
        }
        for step in rendering.steps
        if _is_ours(step.function)
    ] == wanted


def _rows() -> list[dict[str, Any]]:
    return list(json.loads(TABLE.read_text())[0]["rows"].values()) if TABLE.is_file() else []


def _place(row: dict[str, Any]) -> tuple[str, str, int, str]:
    file = row.get("File", {})
    action = SEVERITIES[row["Severity"]["$go"]]
    return row["Message"], file.get("Path", ""), file.get("Index", 0), action


@needs_shared
@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["name"])
def test_order_of_results(row: dict[str, Any]) -> None:
    """Each result of a row is made by a resource that one constraint, for its kind, objects to."""
    rego = 'package p\nviolation[{"msg": m}] { m := input.review.object.data.text }\n'
    items = [
        Resource(
            from_plain(
                {
                    "apiVersion": "templates.gatekeeper.sh/v1beta1",
                    "kind": "ConstraintTemplate",
                    "metadata": {"name": "says"},
                    "spec": {
                        "crd": {"spec": {"names": {"kind": "Says"}}},
                        "targets": [{"target": "admission.k8s.gatekeeper.sh", "rego": rego}],
                    },
                }
            )
        )
    ]
    for number, (message, path, index, action) in enumerate(map(_place, row["input"])):
        spec = {"enforcementAction": action, "match": {"name": f"n{number}"}}
        policy = {
            "apiVersion": "constraints.gatekeeper.sh/v1beta1",
            "kind": "Says",
            "metadata": {"name": "c"},
        }
        one = {"apiVersion": "v1", "kind": "A", "metadata": {"name": f"n{number}"}, "data": {"text": message}}
        items += [Resource(from_plain(policy | {"spec": spec})), Resource(from_plain(one), path, index)]
    severities = {"error": "deny", "warning": "warn", "info": "dryrun"}
    assert [
        (result.message.partition("\n")[0], result.file, result.document, severities[result.severity])
        for result in gatekeeper(items, None).results
    ] == [_place(wanted) for wanted in row["output"]]
