"""kubeconform and kubeval say of the packages of others what they are expected to say, result by result."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.packages.documents import parse
from bot.packages.package import File
from bot.packages.rendering import Reference, Result
from bot.packages.resource import Resource
from bot.render.config import config_map_of
from bot.render.functions.kubeconform import kubeconform
from bot.render.pipeline import Pipeline

PACKAGES = Path(__file__).parents[2] / "../shared/conformance/packages"
needs_shared = pytest.mark.skipif(not PACKAGES.is_dir(), reason=f"{PACKAGES} is not here")
NAMES = {"kubeconform", "kubeval"}
FAILING = {"kpt-fn-render/kubeval-failure", "catalog-examples/kubeval-simple"}
PASSING = {
    f"kpt-package-examples/package-examples-{name}"
    for name in ("guestbook", "kustomize", "nginx", "wordpress-with-dependencies")
}
# Its first function is gatekeeper: of the pipeline, only the second is run here.
BOTH = "kpt-fn-render/structured-results-from-muiltiple-fns"


def shown(result: Result) -> dict[str, Any]:
    """A result as kpt writes it."""
    reference = result.resource or Reference()
    names = {"apiVersion": reference.api_version, "kind": reference.kind, "name": reference.name}
    names |= {"namespace": reference.namespace} if reference.namespace else {}
    file: dict[str, Any] = {"path": result.file}
    file |= {"index": result.document} if result.document else {}
    field = {"field": {"path": result.field}} if result.field else {}
    return {
        "message": result.message,
        "severity": result.severity,
        "resourceRef": names,
        **field,
        "file": file,
    }


def wanted(case: str) -> list[Any]:
    """What kpt is expected to write of the validators' runs."""
    text = (PACKAGES / case / "results.yaml").read_bytes()
    return [item for item in yaml.safe_load(text)["items"] if name_of(item["image"]) in NAMES]


def name_of(image: str) -> str:
    return image.rpartition("/")[2].partition(":")[0]


@needs_shared
def test_no_case_is_left_out() -> None:
    found = {
        "/".join(place.parts[-3:-1])
        for place in PACKAGES.glob("*/*/case.yaml")
        if any(
            function.get("name") in NAMES
            for function in yaml.safe_load(place.read_bytes()).get("functions") or ()
        )
    }
    assert found == FAILING | PASSING | {BOTH}


@needs_shared
@pytest.mark.parametrize("case", sorted(FAILING | PASSING))
def test_results_of_a_package(case: str) -> None:
    folder = PACKAGES / case / "input"
    places = (place for place in folder.rglob("*") if place.is_file())
    files = {place.relative_to(folder).as_posix(): File(place.read_bytes()) for place in places}
    rendering = Pipeline().render(files)
    assert rendering.failed is (case in FAILING)
    steps = [step for step in rendering.steps if name_of(step.function) in NAMES]
    if case in PASSING:
        assert [(step.exit_code, step.results, step.stderr) for step in steps] == [(0, (), "")]
        return
    assert [
        {
            "image": step.function,
            **({"stderr": step.stderr} if step.stderr else {}),
            "exitCode": step.exit_code,
            "results": [shown(result) for result in step.results],
        }
        for step in steps
    ] == wanted(case)


@needs_shared
def test_results_after_those_of_another_function() -> None:
    folder = PACKAGES / BOTH / "input"
    items = [
        Resource(document, name, index)
        for name in ("Kptfile", "resources.yaml")
        for index, document in enumerate(parse((folder / name).read_bytes()))
    ]
    (_, validator) = yaml.safe_load((folder / "Kptfile").read_bytes())["pipeline"]["validators"]
    outcome = kubeconform(items, config_map_of(tuple(validator["configMap"].items())))
    (item,) = wanted(BOTH)
    assert (outcome.exit_code, outcome.stderr) == (item["exitCode"], item["stderr"])
    assert [shown(result) for result in outcome.results] == item["results"]
