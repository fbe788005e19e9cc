"""A person at a command line, and the bare repositories that they work with."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli.app import run

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: {name}\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name} # mine\ndata:\n  key: value\n"


PEOPLE = """identity: [gitolite]
people:
  ada: {name: Ada, email: ada@example.com}
  grace: {name: Grace, email: grace@example.com}
  linus: {name: Linus, email: linus@example.com}
"""


class Answer(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


class Person:
    """Runs commands in this process, with a home of its own."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def become(self, login: str) -> None:
        """From now on, commits and pushes are those of `login`."""
        self._monkeypatch.setenv("GL_USER", login)
        for role in ("AUTHOR", "COMMITTER"):
            self._monkeypatch.setenv(f"GIT_{role}_NAME", login.title())
            self._monkeypatch.setenv(f"GIT_{role}_EMAIL", f"{login}@example.com")

    def __call__(self, *argv: str) -> Answer:
        """Run `portico` with these arguments."""
        self._capsys.readouterr()
        code = run(argv)
        said = self._capsys.readouterr()
        return Answer(code, said.out, said.err)

    def did(self, *argv: str) -> str:
        """Run `portico`, which must succeed; its standard output."""
        answer = self(*argv)
        assert answer.code == 0, answer
        return answer.out


def git(directory: Path, *words: str) -> str:
    """Run Git, which must succeed; its output without the last line break."""
    done = subprocess.run(["git", *words], cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.removesuffix("\n")


def settle(monkeypatch: pytest.MonkeyPatch, home: Path, *, name: str = "Ada") -> None:
    """Give this process a home in which nothing of the person who runs the tests is seen."""
    for variable in [name for name in os.environ if name.startswith(("GIT_", "XDG_", "PORTICO_"))]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PORTICO_HOME", str(home / "portico"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (home / ".gitconfig").write_text(
        f"[user]\n\tname = {name}\n\temail = {name.lower()}@example.com\n[init]\n\tdefaultBranch = main\n"
        "[advice]\n\tdetachedHead = false\n"
    )


def make_repository(place: Path, packages: Sequence[str] = ("dns", "apps/web")) -> Path:
    """A bare repository whose packages are published as v1."""
    work = place.with_suffix(".work")
    work.mkdir(parents=True)
    git(work, "init", "-q")
    for package in packages:
        folder = work / package
        folder.mkdir(parents=True)
        name = package.rpartition("/")[2]
        (folder / "Kptfile").write_text(KPTFILE.format(name=name))
        (folder / "config.yaml").write_text(CONFIG.format(name=name))
        (folder / "run.sh").write_text("#!/bin/sh\n")
        (folder / "run.sh").chmod(0o755)
        (folder / "logo.bin").write_bytes(b"\x00\xff\r\n")
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "packages")
    for package in packages:
        git(work, "tag", f"{package}/v1")
    git(place.parent, "clone", "-q", "--bare", str(work), str(place))
    return place


def publish_file(bare: Path, path: str, content: str) -> None:
    """Commit one file to the branch of a bare repository that has no hooks yet."""
    work = bare.with_suffix(".edit")
    git(bare.parent, "clone", "-q", str(bare), str(work))
    (work / path).write_text(content)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", path)
    git(work, "push", "-q", "origin", "HEAD")
