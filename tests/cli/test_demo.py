"""The demo plays to its end with real commands, touches nothing else, and fails loudly when it differs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo.play import play
from bot.demo.stage import OWNER, Stage
from bot.demo.step import Answer, Chapter, Edit, Run, Say, Write

ROOT = Path(__file__).resolve().parents[2]
OURS = 3


class Watcher:
    """A person with an empty home and an empty folder for what is temporary."""

    def __init__(self, place: Path) -> None:
        self.home = place / "home"
        self.temporary = place / "tmp"
        for folder in (self.home, self.temporary):
            folder.mkdir()
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PORTICO_"))
        }
        self.environ = {
            **kept,
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(ROOT),
        }

    def demo(self, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", "demo", *options],
            env={**self.environ, **variables},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def left(self) -> list[Path]:
        return [*self.home.iterdir(), *self.temporary.iterdir()]


@pytest.fixture
def watcher(tmp_path: Path) -> Watcher:
    return Watcher(tmp_path)


def test_the_story_goes_to_its_end(watcher: Watcher) -> None:
    done = watcher.demo("--fast", "--keep")
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    for line in (
        "ada$ git push origin HEAD:drafts/networking/dns/add-mx",
        "3 functions changed zone.yaml",
        "networking/dns/add-mx is proposed. Waiting for approvals: 0 of 1",
        "ask another approver",
        "networking/dns/add-mx is published as networking/dns/v1, approved by @grace.",
        "rejected by @grace: five seconds is too short, take 300",
        "networking/dns/rollback is published as networking/dns/v3",
        "(revision 2) is deleted",
        "zone.yaml:5: ",
        "every step went as the story says",
    ):
        assert line in done.stdout
    assert "\x1b" not in done.stdout
    [folder] = watcher.left()
    assert folder.name.startswith("portico-demo-")
    assert f"cd {folder.resolve()}" in done.stdout
    _check_what_to_try_next(folder, watcher)


def _check_what_to_try_next(folder: Path, watcher: Watcher) -> None:
    def run(*words: str) -> str:
        environ = {**watcher.environ, "GIT_AUTHOR_NAME": "Somebody Else", "GIT_DIR": "/nowhere"}
        return subprocess.run(
            words, cwd=folder, env=environ, capture_output=True, text=True, check=True
        ).stdout

    assert "blueprints.networking.dns.rollback" in run("./as", "ada", "portico", "rpkg", "get")
    assert run("./as", "grace", "git", "var", "GIT_AUTHOR_IDENT").startswith(
        "Grace Hopper <grace@example.com>"
    )
    draft = ("blueprints.apps.web.v1", "--workspace", "more-replicas")
    assert "created" in run("./as", "ada", "portico", "rpkg", "copy", *draft)
    shutil.rmtree(folder / "blueprints.git")  # its resident process ends with it


@pytest.fixture
def forgetful(tmp_path: Path) -> str:
    """A PATH on which Git claims to have pushed proposals, and has not."""
    git = shutil.which("git")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "git"
    program.write_text(f'#!/bin/sh\ncase "$*" in *portico/propose*) exit 0;; esac\nexec {git} "$@"\n')
    program.chmod(0o755)
    return f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"


def test_a_story_that_differs_ends_loudly(watcher: Watcher, forgetful: str) -> None:
    done = watcher.demo("--fast", PATH=forgetful)
    assert done.returncode == OURS
    tail = done.stdout.partition("ada$ git push origin HEAD:refs/portico/propose/networking/dns/add-mx\n")[2]
    [folder] = watcher.left()
    assert tail.splitlines() == [
        "",
        "The demo stops, because its last step differs from the story:",
        "- It must say 'is proposed. Waiting for approvals: 0 of 1'.",
        "- The server must have 'refs/heads/proposed/networking/dns/add-mx' now.",
        "- The server must not have 'refs/heads/drafts/networking/dns/add-mx' any more.",
        f"Everything is as it was then, in {folder.resolve()}",
    ]
    shutil.rmtree(folder)


def test_a_folder_in_use_is_refused(watcher: Watcher, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").touch()
    done = watcher.demo("--directory", str(tmp_path / "mine"))
    assert done.returncode == 1
    assert "must be empty; name a new one." in done.stderr


def test_git_is_asked_for(watcher: Watcher) -> None:
    done = watcher.demo("--fast", PATH=str(watcher.home))
    assert done.returncode == 1
    assert "`git` was not found; install it" in done.stderr
    assert watcher.left() == []


def test_nothing_is_left_when_nobody_listens_any_more(watcher: Watcher) -> None:
    words = [sys.executable, "-m", "bot", "demo", "--fast"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        words, env=watcher.environ, cwd=watcher.home, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")
    assert watcher.left() == []


class Silence:
    """Watches a story without a word, and remembers what was shown."""

    def __init__(self) -> None:
        self.shown: list[object] = []

    def open(self, number: int, title: str) -> None:
        self.shown.append((number, title))

    def say(self, text: str) -> None:
        self.shown.append(text)

    def write(self, step: Write | Edit) -> None:
        self.shown.append(step)

    def ask(self, step: Run) -> None:
        self.shown.append(step)

    def answer(self, answer: Answer) -> None:
        self.shown.append(answer)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path / "stage", os.environ)
    stage.folder.mkdir()
    stage.set_up()
    return stage


def test_a_story_stops_at_the_first_difference(stage: Stage) -> None:
    steps = (Say("Begin."), Run(OWNER, "git no-such-word"), Run(OWNER, "touch reached"))
    seen = Silence()
    assert play([Chapter("One", steps)], stage, seen) == [
        "It must end with the exit code 0, and ended with 1."
    ]
    assert seen.shown[:3] == [(1, "One"), "Begin.", steps[1]]
    assert not (stage.folder / "reached").exists()


def test_an_edit_that_does_not_fit_is_a_difference(stage: Stage) -> None:
    steps = (Write(OWNER, "file", "a\na\n"), Edit(OWNER, "file", "a\n", "b\n"))
    [difference] = play([Chapter("One", steps)], stage, Silence())
    assert difference.endswith("must hold once what is to be edited.")


def test_a_program_that_is_not_there_is_a_difference(stage: Stage) -> None:
    assert stage.run(Run(OWNER, "no-such-program")).code == 127


def test_nothing_of_the_watcher_is_handed_on(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": "/mine", "GIT_DIR": "/mine", "XDG_CONFIG_HOME": "/mine"}
    stage = Stage(tmp_path / "stage", environ)
    stage.folder.mkdir()
    stage.set_up()
    assert "/mine" not in stage.run(Run(OWNER, "env")).text


@pytest.mark.parametrize(
    ("step", "answer", "differences"),
    [
        (Run("ada", "x", says=("a b",)), Answer(0, "a\n   b"), []),
        (Run("ada", "x", says=("a b", "c")), Answer(0, "ab"), ["It must say 'a b'.", "It must say 'c'."]),
        (Run("ada", "x", code=1), Answer(0, ""), ["It must end with the exit code 1, and ended with 0."]),
        (Run("ada", "x", silent=True), Answer(0, "psst"), ["It must say nothing."]),
        (Run("ada", "x", there=("refs/a",)), Answer(0, "", ["refs/a"]), []),
        (Run("ada", "x", there=("refs/a",)), Answer(0, ""), ["The server must have 'refs/a' now."]),
        (
            Run("ada", "x", gone=("refs/a",)),
            Answer(0, "", ["refs/a"]),
            ["The server must not have 'refs/a' any more."],
        ),
    ],
)
def test_what_differs_is_said(step: Run, answer: Answer, differences: list[str]) -> None:
    assert list(step.differences(answer)) == differences
