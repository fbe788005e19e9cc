"""A person's own program as a function: split as a shell does, bounded, and ended with its children."""

import os
import sys
import time
from pathlib import Path

import pytest

from bot.errors import NotRun
from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.executable import Executable, run_executable
from bot.render.program import MIB, OUT_OF_TIME, Bounds

AMPLE = Bounds(seconds=60, output=MIB)
TIGHT = Bounds(seconds=1, output=MIB)
PATH = {"PATH": os.environ["PATH"]}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "fn").write_text('#!/bin/sh\nprintf "%s\\n" "$PWD" "$GIVEN" "$@"\n')
    (tmp_path / "fn").chmod(0o755)
    (tmp_path / "text").write_text("no program\n")
    (tmp_path / "odd").write_bytes(b"\x00no program\n")
    (tmp_path / "odd").chmod(0o755)
    return tmp_path


def executable(command: str, folder: Path, bounds: Bounds = AMPLE, **environ: str) -> Executable:
    return Executable(command, folder, {**PATH, **environ}, bounds)


def test_it_runs_in_the_callers_folder_and_environment(here: Path) -> None:
    answer = executable("./fn 'a b' c\\ d", here, GIVEN="by a person").run(b"")
    assert answer == (f"{here}\nby a person\na b\nc d\n".encode(), b"", 0, "")


def test_no_shell_reads_the_command(here: Path) -> None:
    assert executable("echo $HOME `id` > x; true", here).run(b"").stdout == b"$HOME `id` > x; true\n"
    assert not (here / "x").exists()


def test_what_is_sent_comes_back(tmp_path: Path) -> None:
    request = b"0123456789abcdef" * 200_000
    wide = Bounds(seconds=60)
    answer = executable("sh -c 'cat; echo no >&2; exit 3'", tmp_path, wide).run(request)
    assert answer == (request, b"no\n", 3, "")


def test_a_program_need_not_listen(tmp_path: Path) -> None:
    assert executable("echo deaf", tmp_path).run(b"x" * 10_000_000).stdout == b"deaf\n"


def test_one_that_is_killed_has_a_shells_exit_code(tmp_path: Path) -> None:
    assert executable("sh -c 'kill -9 $$'", tmp_path).run(b"").exit_code == 137


@pytest.mark.parametrize(
    ("command", "exit_code", "said"),
    [
        ("no-such-program", 127, "was not found"),
        ("./nothing", 127, "was not found"),
        ("./text", 126, "Permission denied"),
        ("./odd", 126, "cannot be run"),
        (".", 126, "cannot be run"),
        ("'open", 126, "its quotes must be closed"),
        ("  ", 126, "must name a program"),
        ("a\0b", 126, "cannot be run"),
        ("sleep 1000", 124, "took longer than 1 s and"),
        ("sh -c 'sleep 1000 & exit'", 124, "took longer than 1 s and"),
        ("sh -c 'exec >&- 2>&-; sleep 1000'", 124, "took longer than 1 s and"),
        ("yes", 137, "wrote more than 1048576 bytes"),
        ("sh -c 'yes >&2'", 137, "wrote more than 1048576 bytes"),
    ],
)
def test_what_does_not_run_to_its_end_says_why(here: Path, command: str, exit_code: int, said: str) -> None:
    bounds = TIGHT if exit_code == OUT_OF_TIME else AMPLE
    with pytest.raises(NotRun, match=said) as caught:
        executable(command, here, bounds).run(b"x" * 1_000_000)
    assert caught.value.exit_code == exit_code


def test_its_children_end_with_it(here: Path) -> None:
    # The grandchild would write after the time is up, and holds none of the pipes.
    command = "sh -c '(sleep 1; echo late > late) >/dev/null 2>&1 </dev/null & echo done'"
    assert executable(command, here).run(b"").stdout == b"done\n"
    time.sleep(1.2)
    assert not (here / "late").exists()


def test_it_is_a_function_of_the_pipeline(tmp_path: Path) -> None:
    item = Resource(parse(b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a # why\n")[0], "a.yaml")
    program = f'{sys.executable} -c \'import sys; print(sys.stdin.read().replace("name: a", "name: b"))\''
    run = run_executable(Executable(program, tmp_path, PATH, Bounds(seconds=60)))
    outcome = run([item], None)
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert outcome.items == [item]
    assert item.name == "b"
