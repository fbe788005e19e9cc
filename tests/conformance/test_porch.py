"""Every revision that Porch finds in its own test repositories, exactly, none extra."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.git.cache import Cache
from bot.git.catalog import discover, discover_package
from bot.git.repository import open_repository
from bot.packages.layout import Layout

CASES = Path(__file__).parents[2] / ".." / "shared" / "conformance" / "porch"
EXPECTATIONS = CASES / "expectations.json"

pytestmark = pytest.mark.skipif(not EXPECTATIONS.exists(), reason=f"Porch's repositories are not at {CASES}")


def _cases() -> list[tuple[str, str]]:
    if not EXPECTATIONS.exists():
        return [("absent", "/")]
    expectations = json.loads(EXPECTATIONS.read_text())
    return [(name, directory) for name, directories in expectations.items() for directory in directories]


@pytest.mark.parametrize(("name", "directory"), _cases())
def test_every_revision_is_found_and_none_extra(
    name: str, directory: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected: list[Any] = json.loads(EXPECTATIONS.read_text())[name][directory]
    bare = _clone(name, tmp_path)
    layout = Layout(directory=directory.strip("/"))
    cache = Cache(tmp_path / "cache")
    cold = discover(open_repository(bare), layout, cache)
    found = [
        {"package": r.path, "workspace": r.workspace, "revision": r.revision, "lifecycle": str(r.lifecycle)}
        for r in cold.revisions
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert cold.problems == ()
    assert discover(open_repository(bare), layout, cache) == cold
    for path in {row.path for row in cold.revisions}:
        alone = discover_package(open_repository(bare), layout, path)
        assert alone.revisions == tuple(row for row in cold.revisions if row.path == path)
    with capsys.disabled():
        sys.stdout.write(
            f"\nPorch's repository '{name}' at '{directory}': {len(found)} of {len(expected)} revisions\n"
        )


@pytest.mark.parametrize(
    ("directory", "count"), [("catalog/namespace", 8), ("nonexistent", 0), ("sample", 3)]
)
def test_directories_of_which_porch_gives_only_the_count(directory: str, count: int, tmp_path: Path) -> None:
    catalog = discover(open_repository(_clone("nested", tmp_path)), Layout(directory=directory))
    assert len(catalog.revisions) == count
    if directory == "sample":
        assert {row.path for row in catalog.revisions} == {""}


def _clone(name: str, below: Path) -> Path:
    bare = below / "bare"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", bare], check=True)
    fetch = ["git", "-C", str(bare), "fetch", "-q", str(CASES / f"{name}.bundle"), "+refs/*:refs/*"]
    subprocess.run(fetch, check=True)
    return bare
