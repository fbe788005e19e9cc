"""kpt's own cases that need a container, with kpt's own expectations."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.packages.documents import load
from bot.render.container import run_in_container
from bot.render.containers.container import Container, Pull
from bot.render.containers.runtime import Runtime
from tests.containers.registry import Registry, serving

CASES = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "packages" / "kpt-fn-eval"
PULLS = {"Always": Pull.ALWAYS, "IfNotPresent": Pull.MISSING, "Never": Pull.NEVER}


def case(name: str) -> dict[str, Any]:
    file = CASES / name / "case.yaml"
    if not file.exists():
        pytest.skip(f"the conformance cases are not at {CASES}")
    loaded = load(file.read_bytes())
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving(denies=True) as registry:
        yield registry


def test_image_pull_policy_never(runtime: Runtime) -> None:
    wanted = case("image-pull-policy-never")
    run = run_in_container(runtime, Container(wanted["image"], PULLS[wanted["imagePullPolicy"]]))
    outcome = run([], None)
    assert outcome.exit_code
    assert re.search(wanted["stdErrRegEx"], outcome.stderr)


def test_missing_fn_image(runtime: Runtime, registry: Registry) -> None:
    wanted = case("missing-fn-image")
    # The case asks ghcr.io; here the one that denies is the test's own.
    image = wanted["image"].replace("ghcr.io", registry.host)
    outcome = run_in_container(runtime, Container(image))([], None)
    assert outcome.exit_code
    assert re.search(wanted["StdErrRegEx"], outcome.stderr)
