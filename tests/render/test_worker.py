"""A worker answers, or ends within its bounds with the reason, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import WorkerFailed
from bot.render.bounds import BOUNDS, MEGABYTE, Bounds
from bot.render.worker import run_worker

UNRULY = "tests.render.unruly"
SMALL = Bounds(seconds=20, processor_seconds=1, memory=128 * MEGABYTE, answer=1 * MEGABYTE)
LONG = replace(SMALL, seconds=3600)


def run(request: bytes, bounds: Bounds = SMALL) -> bytes:
    return run_worker(UNRULY, request, bounds)


def reason(request: bytes, bounds: Bounds = SMALL) -> str:
    with pytest.raises(WorkerFailed) as caught:
        run(request, bounds)
    return str(caught.value)


@pytest.mark.parametrize("size", [0, 1, 1 << 16, (1 << 20) - 7])
def test_it_answers(size: int) -> None:
    data = os.urandom(size)
    assert run(b"echo " + data) == data


@pytest.mark.parametrize(
    ("request_", "bounds", "said"),
    [
        (b"loop", SMALL, "used more than 1 s of the processor"),
        (b"say", SMALL, "used more than 1 s of the processor"),
        (b"sleep", replace(SMALL, seconds=0.5), "timed out after 0.5 s"),
        (b"loop", replace(SMALL, seconds=0.5), "timed out after 0.5 s"),
        (b"allocate 1000000000", SMALL, "used more than 128 MB"),
        (b"hoard", SMALL, "used more than 128 MB"),
        (b"allocate 1048577", SMALL, "returned more than 1 MB"),
        (b"allocate 11", replace(SMALL, answer=10), "returned more than 10 bytes"),
        (b"refuse", SMALL, "crashed"),
        (b"kill SIGSEGV", SMALL, "crashed"),
        (b"kill SIGKILL", SMALL, "crashed"),
        (b"kill SIGABRT", SMALL, "crashed"),
        (b"end", SMALL, "crashed"),
        (b"no such deed", SMALL, "crashed"),
    ],
)
def test_it_ends_with_a_reason(request_: bytes, bounds: Bounds, said: str) -> None:
    assert reason(request_, bounds) == said


def test_a_module_that_is_not_there_crashes() -> None:
    with pytest.raises(WorkerFailed, match=r"^crashed$"):
        run_worker("bot.render.workers.nobody", b"x" * MEGABYTE, SMALL)


def test_it_writes_no_file(tmp_path: Path) -> None:
    place = tmp_path / "file"
    assert run(b"write " + os.fsencode(place)) == b"27"  # EFBIG
    assert not place.exists() or place.read_bytes() == b""


def test_it_opens_few_files() -> None:
    assert int(run(b"open")) < BOUNDS.open_files


def test_it_knows_nothing_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMETHING", "private")
    environment, place, leads = eval(run(b"environment"))  # noqa: S307 our own words come back
    assert not set(environment) - {"LC_CTYPE"}
    assert (place, leads) == ("/", True)


def test_what_it_starts_ends_with_it() -> None:
    """Root may start processes whatever the bound; they end with the time-out. Others may not at all."""
    here = _sleepers()
    bounds = replace(SMALL, seconds=1)
    assert reason(b"fork", bounds) == ("timed out after 1 s" if os.geteuid() == 0 else "crashed")
    _wait_until(lambda: _sleepers() <= here)


def test_interrupted_it_leaves_nothing() -> None:
    program = (
        "from tests.render.test_worker import LONG, run\nprint('ready', flush=True)\nrun(b'sleep', LONG)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        _wait_until(lambda: bool(_children(process.pid)))
        children = _children(process.pid)
        process.send_signal(signal.SIGINT)
        process.communicate()
    # One that was interrupted before it got its request ends at once by itself.
    _wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _sleepers() -> set[str]:
    """The ids of the processes that sleep as the unruly one's do."""
    places = Path("/proc").glob("[0-9]*/cmdline")
    return {place.parent.name for place in places if _read(place) == "/bin/sleep\x0061\x00"}


def _wait_until(true: Callable[[], bool]) -> None:
    """What never comes true is ended by whoever runs the tests."""
    while not true():
        time.sleep(0.01)


def _read(place: Path) -> str:
    try:
        return place.read_text()
    except OSError:
        return ""
