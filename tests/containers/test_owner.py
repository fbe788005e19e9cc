"""A container is swept up when its owner is surely dead, and not before."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.render.containers.owner import GRACE_SECONDS, is_left_over, labels

MINE = labels(300)


def test_a_living_process_keeps_what_it_has() -> None:
    assert not is_left_over(MINE, age=299)


def test_a_dead_process_keeps_nothing() -> None:
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "from bot.render.containers.owner import labels; print(labels(1)['portico.process'])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert is_left_over({**MINE, "portico.process": ended.stdout.strip()}, age=0)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes' births are read from /proc")
def test_a_dead_process_that_nobody_buried_keeps_nothing() -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from bot.render.containers.owner import labels; print(labels(1), flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        found = ast.literal_eval(process.stdout.readline())
        assert not is_left_over(found, age=0)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and is still there
        assert is_left_over(found, age=0)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes' births are read from /proc")
def test_another_process_of_the_same_number_keeps_nothing() -> None:
    assert is_left_over({**MINE, "portico.process": f"{os.getpid()}/1"}, age=0)


@pytest.mark.parametrize("process", ["", "/", "x/1", "-1/1", "99999999999999999999/1", "²/1"])
def test_a_label_that_is_none_of_ours_keeps_nothing(process: str) -> None:
    assert is_left_over({**MINE, "portico.process": process}, age=0)


def test_another_machines_process_has_its_time_and_an_hour() -> None:
    other = {**MINE, "portico.host": "elsewhere", "portico.process": "1/1"}
    assert not is_left_over(other, age=GRACE_SECONDS + 299)
    assert is_left_over(other, age=GRACE_SECONDS + 301)


@pytest.mark.parametrize("found", [{}, {"portico": "something"}, {"other": "function"}])
def test_what_is_not_ours_is_never_swept_up(found: dict[str, str]) -> None:
    assert not is_left_over(found, age=1_000_000)
