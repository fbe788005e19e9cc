"""The Python that makes the environment, and the Go for tests, are chosen, or what is missing is said."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT

TOO_OLD = '#!/bin/sh\ncase "$2" in *print*) echo 3.9 ;; *version_info*) exit 1 ;; esac\n'
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *print*) echo 3.11 ;; *ensurepip*) exit 1 ;; esac\n'
NO_SHIM = "#!/bin/sh\nexit 127\n"


@pytest.fixture
def stand_ins(tmp_path: Path) -> dict[str, str]:
    """Programs that answer as a poor Python would, by what is wrong with them."""
    bodies = {"old": TOO_OLD, "bare": WITHOUT_VENV, "shim": NO_SHIM}
    for name, body in bodies.items():
        (tmp_path / name).write_text(body)
        (tmp_path / name).chmod(0o755)
    return {name: str(tmp_path / name) for name in bodies}


def find_python(*candidates: str) -> subprocess.CompletedProcess[str]:
    program = str(ROOT / ".ci" / "find-python")
    return subprocess.run([program, *candidates], capture_output=True, text=True, check=False)


def test_the_first_that_is_good_is_taken(stand_ins: dict[str, str]) -> None:
    done = find_python("/no/such/python", *stand_ins.values(), sys.executable, "python3")
    assert (done.returncode, done.stdout) == (0, f"{sys.executable}\n")


def find_go(place: Path, version: str) -> subprocess.CompletedProcess[str]:
    """Look for a Go where there is one of this version at `place`."""
    place.write_text(f"#!/bin/sh\necho {version}\n")
    place.chmod(0o755)
    program = str(ROOT / ".ci" / "find-go")
    return subprocess.run([program, "/no/such/go", str(place)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version", ["go1.21", "go1.23.5", "go1.100.1"])
def test_a_go_is_taken_that_can_fetch_another(tmp_path: Path, version: str) -> None:
    assert find_go(tmp_path / "go", version).stdout == f"{tmp_path}/go\n"


@pytest.mark.parametrize("version", ["go1.9", "go1.19.8", "go1.20"])
def test_an_older_go_is_not(tmp_path: Path, version: str) -> None:
    done = find_go(tmp_path / "go", version)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"needs Go 1.21 or newer; found: {tmp_path}/go ({version})." in done.stderr


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["old"], "needs Python 3.11 or newer; found: {old} (3.9)."),
        (["shim"], "needs Python 3.11 or newer; found: none."),
        (["old", "bare"], "found {bare} (3.11), which cannot make virtual environments."),
    ],
)
def test_what_is_missing_is_said(stand_ins: dict[str, str], names: list[str], said: str) -> None:
    done = find_python(*(stand_ins[name] for name in names))
    assert (done.returncode, done.stdout) == (1, "")
    assert said.format(**stand_ins) in done.stderr
    assert "apt-get install" in done.stderr
