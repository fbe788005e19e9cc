"""python-gitlab's functional tests, which it runs against a real GitLab, are run against ours."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forges.gitlab.functional.stand_in import TOLD, WORLD
from tests.forges.gitlab.functional.table import BESIDE, BEYOND, TOUCHED
from tests.forges.gitlab.honest import why_not
from tests.forges.published import Unreachable, functional

PATIENCE = 300  # seconds; all of them take ten
HOUSE = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def theirs() -> Path:
    """The folder of their tests."""
    try:
        return functional()
    except Unreachable as error:
        pytest.skip(f"python-gitlab's functional tests cannot be fetched: {error}")


def test_every_one_of_them_is_in_the_table(theirs: Path) -> None:
    files = {file.name: ast.parse(file.read_bytes()) for file in (theirs / "api").glob("test_*.py")}
    found = {
        name: {
            each.name
            for each in tree.body
            if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
        }
        for name, tree in files.items()
        if name not in BEYOND
    }
    assert files.keys() >= BEYOND.keys()
    listed = {name: TOUCHED.get(name, {}).keys() | BESIDE.get(name, {}).keys() for name in found}
    assert found == listed
    assert not [(m, n) for m, names in TOUCHED.items() for n in names if n in BESIDE.get(m, {})]


def test_those_that_touch_what_portico_uses_pass_where_the_table_says_so(
    theirs: Path, tmp_path: Path
) -> None:
    if reason := why_not():
        pytest.skip(reason)
    found = _run(theirs, tmp_path / "told.json")
    assert found.pop(WORLD) == "", "the world is not as GitLab is"
    told = {f"{module}::{name}": why for module, names in TOUCHED.items() for name, why in names.items()}
    assert found.keys() == told.keys()
    assert {name: said for name, said in found.items() if said and not told[name]} == {}
    assert [name for name, said in found.items() if not said and told[name]] == [], "these pass by now"


def _run(theirs: Path, told: Path) -> dict[str, str]:
    """What came of each function that is in the table, with its module; nothing where it passed."""
    plugin = ["-p", "tests.forges.gitlab.functional.stand_in", TOLD, str(told)]
    # Neither their configuration nor their fixtures, which start a container, nor ours.
    alone = ["--noconftest", "-c", os.devnull, "--rootdir", str(theirs), "-p", "no:cacheprovider"]
    beside = [f"--deselect=api/{module}::{name}" for module, names in BESIDE.items() for name in names]
    modules = [f"api/{module}" for module in TOUCHED]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugin, *alone, *beside, *modules],
        cwd=theirs,
        env=inherited | {"PYTHONPATH": str(HOUSE), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert told.exists(), done.stdout + done.stderr
    found: dict[str, str] = {}
    for name, said in json.loads(told.read_text()).items():
        function = name.partition("[")[0]  # one that runs with several parameters passes with all
        found[function] = found.get(function) or said
    return found
