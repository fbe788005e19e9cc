"""Packages that others rendered come out the same through `portico fn`, as do messages and results."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.app import run
from tests.conformance.cases import SHARED, Case, cases, difference, load, prepare, squashed, tree

DEVIATIONS = Path(__file__).with_name("deviations.yaml")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")


def _deviations() -> dict[str, Any]:
    return {entry["case"]: entry for entry in yaml.safe_load(DEVIATIONS.read_bytes())["packages"]}


@needs_shared
@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.family}/{case.name}")
def test_package(
    case: Case,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    if case.spec["needsContainer"]:
        monkeypatch.setenv("DOCKER_HOST", request.getfixturevalue("engine"))
    place = prepare(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTICO_HOME", str(tmp_path / "home"))
    for _ in range(case.spec.get("runCount", 1)):
        code = run(case.arguments(place))
    said = capsys.readouterr()
    got = tree(place)
    wrong = _wrong(case, code, got, said.err, tmp_path / "results/results.yaml")
    same = got == case.wanted
    deviation = _deviations().get(f"{case.family}/{case.name}")
    files = "byte for byte" if same else "in meaning" if not difference(case, got) else "other files"
    record_property("files", files)
    record_property("said", "otherwise" if wrong else "as asked")
    if deviation is None:
        assert wrong == "", said.err
        assert same, [path for path in got if got[path] != case.wanted.get(path)]
    elif deviation["equal"] == "nothing":
        assert wrong, "the deviation is gone; take it off the list"
    else:
        assert wrong == "", said.err
        assert not same, "the deviation is gone; take it off the list"


def _wrong(case: Case, code: int, got: dict[str, bytes], err: str, results: Path) -> str:
    """What is otherwise than the case asks; '' for nothing."""
    if bool(code) is not bool(case.spec["exitCode"]):
        return f"exit code {code}, not {case.spec['exitCode']}"
    if why := difference(case, got):
        return why
    # Lines that depend on the machine are left out of what the case asks for, so also of what was said.
    stripped = set(case.spec.get("stdErrStripLines", ()))
    err = "\n".join(line for line in err.split("\n") if line not in stripped)
    if squashed(case.spec.get("stdErr", "")) not in squashed(err):
        return f"standard error: {err}"
    pattern = case.spec.get("stdErrRegEx") or case.spec.get("StdErrRegEx")
    if pattern and not re.search(pattern, err):
        return f"standard error: {err}"
    if case.results is not None and (not results.exists() or load(results.read_bytes()) != case.results):
        return f"results: {results.read_text() if results.exists() else 'none'}"
    return ""


def test_every_deviation_has_its_case_and_its_reason() -> None:
    known = {f"{case.family}/{case.name}" for case in cases()}
    deviations = yaml.safe_load(DEVIATIONS.read_bytes())
    for entry in deviations["behaviour"]:
        assert entry.keys() == {"what", "kpt", "why"}
    for entry in deviations["packages"]:
        assert entry["case"] in known or not known
        assert entry["kpt"], entry
        assert entry["why"], entry
        assert entry["equal"] in {"nothing", "meaning"}, entry
