"""Where both sides changed something, `portico pkg update` leaves the side that kpt leaves."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.person import CONFIG, KPTFILE, Person, git

KPT = shutil.which("kpt")
UPSTREAM: dict[str, str | None] = {
    "added.txt": "theirs\n",
    "bytes": "\0theirs",
    "field.yaml": CONFIG.format(name="field").replace("value", "theirs"),
    "gone-here.txt": "theirs\n",
    "gone-here.yaml": CONFIG.format(name="here").replace("value", "theirs"),
    "gone-there.txt": None,
    "gone-there.yaml": None,
    "lines.txt": "a\ntheirs\nc\n",
}
BEFORE: dict[str, str | None] = {
    "bytes": "\0value",
    "field.yaml": CONFIG.format(name="field"),
    "gone-here.txt": "value\n",
    "gone-here.yaml": CONFIG.format(name="here"),
    "gone-there.txt": "value\n",
    "gone-there.yaml": CONFIG.format(name="there"),
    "lines.txt": "a\nvalue\nc\n",
}
# What kpt brings back, and what stays away here: deviations.yaml, "files that are no YAML".
COMES_BACK = "gone-here.txt"


def put(folder: Path, files: dict[str, str | None]) -> None:
    for name, text in files.items():
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text)


@pytest.fixture
def upstream(tmp_path: Path, portico: Person) -> Path:  # noqa: ARG001 the home must be there first
    """A repository with the package `p` as v1 and v2."""
    work = tmp_path / "work"
    (work / "p").mkdir(parents=True)
    git(work, "init", "-q")
    (work / "p/Kptfile").write_text(KPTFILE.format(name="p"))
    for version, files in {"v1": BEFORE, "v2": UPSTREAM}.items():
        put(work / "p", files)
        git(work, "add", "-A")
        git(work, "commit", "-q", "-m", version)
        git(work, "tag", version)
    bare = tmp_path / "up.git"
    git(tmp_path, "clone", "-q", "--bare", str(work), str(bare))
    # kpt asks that the package lies in a repository, all of it committed.
    git(tmp_path, "init", "-q")
    return bare


def change(folder: Path) -> None:
    """Change here all that was changed upstream."""
    put(folder, {"gone-here.txt": None, "gone-here.yaml": None, "added.txt": "local\n"})
    for path in folder.iterdir():
        path.write_text(path.read_text().replace("value", "local"))
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "local")


def sides(folder: Path) -> dict[str, list[str]]:
    """Whose word stands in each file."""
    texts = {path.name: path.read_text() for path in folder.iterdir() if path.name != "Kptfile"}
    return {name: [word for word in ("local", "theirs") if word in text] for name, text in texts.items()}


@pytest.mark.skipif(KPT is None, reason="kpt is not installed")
@pytest.mark.parametrize("strategy", ["resource-merge", "force-delete-replace"])
def test_the_side_that_kpt_leaves_is_left(
    portico: Person, upstream: Path, tmp_path: Path, strategy: str
) -> None:
    def kpt(*words: str) -> None:
        env = {**os.environ, "KPT_CACHE_DIR": str(tmp_path / "cache")}
        done = subprocess.run(
            [str(KPT), *words], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    kpt("pkg", "get", f"{upstream}/p@v1", "theirs")
    change(tmp_path / "theirs")
    kpt("pkg", "update", "theirs@v2", "--strategy", strategy)
    portico.did("pkg", "get", f"{upstream}/p@v1", "ours")
    change(tmp_path / "ours")
    portico.did("pkg", "update", "ours@v2", "--strategy", strategy)
    expected, found = sides(tmp_path / "theirs"), sides(tmp_path / "ours")
    if strategy == "resource-merge":
        assert expected.pop(COMES_BACK) == ["theirs"]
        assert expected == {
            "added.txt": ["local"],
            "bytes": ["local"],
            "field.yaml": ["theirs"],
            "gone-there.txt": ["local"],
            "gone-there.yaml": ["local"],
            "lines.txt": ["local"],
        }
    assert found == expected
