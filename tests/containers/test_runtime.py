"""Containers started ahead: each serves one run, and whatever happens none is left behind."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from docker.api.client import APIClient

from bot.errors import NotRun
from bot.render.containers.container import Container
from bot.render.containers.engine import Engine
from bot.render.containers.owner import FUNCTION, LABEL
from bot.render.containers.runtime import MOST_EXPECTED, Runtime
from tests.containers.conftest import Make

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 60
# Runs one function that never ends, in a process that can be killed.
MORTAL = """
import sys
from bot.render.containers.container import Container
from bot.render.containers.engine import Engine
from bot.render.containers.runtime import Runtime
runtime = Runtime(lambda: Engine(sys.argv[1]))
runtime.{}(Container(sys.argv[2]){})
sys.stdin.read()
"""


def count(client: APIClient, image: str, **filters: str) -> int:
    return len(client.containers(all=True, filters={"ancestor": image, **filters}))


def until(happened: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_each_run_has_a_container_of_its_own(runtime: Runtime, make: Make) -> None:
    container = Container(make("cat /etc/hostname"))
    for _ in range(4):
        runtime.expect(container)
    assert len({runtime.run(container, b"").stdout for _ in range(6)}) == 6


def test_what_was_started_ahead_serves_the_run(engine: str, make: Make, client: APIClient) -> None:
    container = Container(make("cat /etc/hostname; cat"))
    with Runtime(lambda: Engine(engine), ahead=1) as runtime:
        runtime.expect(container)
        until(lambda: count(client, container.image, status="running") == 1)
        (waiting,) = client.containers(filters={"ancestor": container.image})
        answer = runtime.run(container, b"hello")
    assert answer.stdout.decode() == f"{waiting['Id'][:12]}\nhello"


def test_no_more_are_started_ahead_than_are_allowed(engine: str, make: Make, client: APIClient) -> None:
    container = Container(make("cat"))
    with Runtime(lambda: Engine(engine), ahead=2) as runtime:
        for _ in range(2 * MOST_EXPECTED):
            runtime.expect(container)
        until(lambda: count(client, container.image, status="running") == 2)
        assert count(client, container.image) == 2
    assert count(client, container.image) == 0


def test_one_started_ahead_serves_no_other_container(runtime: Runtime, make: Make) -> None:
    image = make("echo $NAME; cat")
    runtime.expect(Container(image, env=("NAME=other",)))
    assert runtime.run(Container(image, env=("NAME=this",)), b"").stdout == b"this\n"


def test_one_that_nobody_comes_for_is_thrown_away(engine: str, make: Make, client: APIClient) -> None:
    container = Container(make("cat; true"))
    with Runtime(lambda: Engine(engine), ahead=1, idle=0.5) as runtime:
        runtime.expect(container)
        runtime.expect(container)
        until(lambda: count(client, container.image) == 1)
        until(lambda: count(client, container.image) == 0)
        assert runtime.run(container, b"still").stdout == b"still"


def test_what_was_expected_in_vain_is_said_at_the_run(runtime: Runtime, make: Make) -> None:
    container = Container(make("cat", 'ENTRYPOINT ["/nothing"]'))
    runtime.expect(container)
    with pytest.raises(NotRun, match="no such file"):
        runtime.run(container, b"")


def test_an_engine_is_looked_for_again_after_it_was_not_there(engine: str, make: Make) -> None:
    found: list[str] = []

    def connect() -> Engine:
        if not found:
            found.append("nothing yet")
            raise NotRun("not yet")
        return Engine(engine)

    container = Container(make("cat"))
    with Runtime(connect) as runtime:
        with pytest.raises(NotRun, match="not yet"):
            runtime.run(container, b"")
        assert runtime.run(container, b"now").stdout == b"now"


def test_several_threads_run_at_once(runtime: Runtime, make: Make) -> None:
    container = Container(make("cat"))
    requests = [str(number).encode() for number in range(6)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda request: runtime.run(container, request).stdout, requests))
    assert answers == requests


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize(("method", "argument"), [("run", ", b''"), ("expect", "")])
def test_nothing_outlives_its_owner(
    engine: str, make: Make, client: APIClient, number: signal.Signals, method: str, argument: str
) -> None:
    # It does not listen, so that the end of its input does not end it.
    image = make(f"sleep 1000 # {number.name} {method}")
    owner = subprocess.Popen(
        [sys.executable, "-c", MORTAL.format(method, argument), engine, image],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    with owner:
        until(lambda: count(client, image, status="running") == 1)
        owner.send_signal(number)
        owner.wait(WAIT_SECONDS)
    if number is signal.SIGKILL:
        with Runtime(lambda: Engine(engine)) as next_one:  # whoever comes next sweeps up
            next_one.run(Container(make("cat")), b"")
    assert count(client, image) == 0


def test_a_function_that_listens_ends_with_its_owner(engine: str, make: Make, client: APIClient) -> None:
    image = make("cat >&2; exit 7")
    owner = subprocess.Popen(
        [sys.executable, "-c", MORTAL.format("expect", ""), engine, image], stdin=subprocess.PIPE, cwd=ROOT
    )
    with owner, ThreadPoolExecutor(1) as pool:
        until(lambda: count(client, image, status="running") == 1)
        (running,) = client.containers(filters={"ancestor": image})
        ended = pool.submit(client.wait, running)
        owner.kill()
        assert ended.result(WAIT_SECONDS)["StatusCode"] == 7


def test_what_lives_is_not_swept_up(engine: str, make: Make, client: APIClient) -> None:
    kept = Container(make("cat # kept"))
    with Runtime(lambda: Engine(engine)) as mine:
        mine.expect(kept)
        until(lambda: count(client, kept.image, status="running") == 1)
        with Runtime(lambda: Engine(engine)) as other:
            other.run(Container(make("cat")), b"")
        assert mine.run(kept, b"kept").stdout == b"kept"


def test_containers_of_others_are_left_alone(engine: str, make: Make, client: APIClient) -> None:
    image = make("cat # others'")
    foreign = client.create_container(image, labels={LABEL: "another program's"})["Id"]
    try:
        found = Engine(engine)
        assert foreign not in found.left_overs()
        found.close()
    finally:
        client.remove_container(foreign)
    assert LABEL != FUNCTION
