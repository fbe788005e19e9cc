"""`portico serve` and `portico reconcile --config` as a person types them."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from bot.web.look import Look
from bot.web.sqlite_todo import SqliteTodo
from tests.web.bot import ROOT, Place


def portico(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words)],
        cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_mistakes_in_the_settings_are_sentences(place: Place) -> None:
    place.settle("acme")
    for command in ("serve", "reconcile"):
        done = portico(command, "--config", place.folder / "serve.yaml")
        assert done.returncode == 1
        assert "must be mended first:\n- line 1: `github.repositories` must hold names such as" in done.stderr


def test_what_was_given_up_is_listed(place: Place) -> None:
    place.settle("acme/*")
    (place.folder / "state").mkdir()
    with closing(SqliteTodo(place.folder / "state" / "queue.sqlite")) as todo:
        for look in (Look("github", "a/b", 7), Look("github", "a/b", 0, "drafts/x/y"), Look("github", "a/c")):
            todo.ask(look, "", 0)
            taken = todo.take(0)
            assert taken is not None
            todo.give_up(taken, "It is \x1b[1mbroken.", 0)
    done = portico("serve", "--config", place.folder / "serve.yaml", "--failed")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split("  ")[1:3] for line in done.stdout.splitlines()] == [
        ["github a/b#7", "1 tries"],
        ["github a/b drafts/x/y", "1 tries"],
        ["github a/c", "1 tries"],
    ]
    assert "\x1b" not in done.stdout


def test_nothing_was_given_up(place: Place) -> None:
    place.settle("acme/*")
    assert portico("serve", "--config", place.folder / "serve.yaml", "--failed").stdout == ""


def test_a_folder_that_cannot_be_made_is_a_sentence(place: Place) -> None:
    (place.folder / "file").touch()
    place.settle("acme/*", state="file/state")
    done = portico("serve", "--config", place.folder / "serve.yaml", "--failed")
    assert done.returncode == 1
    assert done.stderr == "Error: The folder of the queue cannot be made: Not a directory.\n"
