"""Functions in containers: each way to keep one ready, beside kpt's `docker run`."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from docker.api.client import APIClient

from benchmarks import tables
from benchmarks.tables import milliseconds
from bot.render.containers.confinement import configuration
from bot.render.containers.container import Container, Pull
from bot.render.containers.conversation import converse
from bot.render.containers.engine import Engine
from bot.render.containers.owner import labels
from bot.render.containers.runtime import Runtime
from tests.containers import daemon, images

TRIES = 9
SECONDS = 60.0
REQUEST = b"0123456789abcde\n" * 8_000
FLAGS = ("--rm", "-i", "--network", "none", "--user", "65534", "--security-opt=no-new-privileges")
HEADER = ("way", "one run", "safe for the next run")
_NEW = "yes: a container for each run"
_USED = "no: what the last run left (processes, message queues) is still there"


def table() -> str:
    title = "A function in a container, 125 KiB in and out"
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            daemon.shared(Path(folder)) as address,
        ):
            return tables.table(title, HEADER, _rows(address))
    except pytest.skip.Exception as skipped:
        return tables.table(title, HEADER, [("not measured", str(skipped), "")])


def _rows(address: str) -> list[tuple[str, str, str]]:
    container = Container(images.make(address, "exec cat"), pull=Pull.NEVER)
    rows = []
    if shutil.which("docker"):
        run = ["docker", "-H", address, "run", *FLAGS, container.image]
        rows.append(("`docker run`, as kpt does", _program(run), _NEW))
    with Runtime(lambda: Engine(address)) as runtime:
        rows.append(("started when it is needed", _runtime(runtime, container, ahead=False), _NEW))
        rows.append(("created ahead, started when it is needed", _kept(address, container, "create"), _NEW))
        rows.append(("started ahead and paused", _kept(address, container, "pause"), _NEW))
        rows.append(("`docker exec` in one that was used before", _exec(address, container), _USED))
        rows.append(("**started ahead**, what Portico does", _runtime(runtime, container, ahead=True), _NEW))
    return rows


def _median(once: Callable[[], float]) -> str:
    return milliseconds(median(once() for _ in range(TRIES)))


def _timed(work: Callable[[], bytes]) -> float:
    began = time.perf_counter()
    answer = work()
    spent = time.perf_counter() - began
    if answer != REQUEST:
        raise RuntimeError("what was sent did not come back")
    return spent


def _program(command: list[str]) -> str:
    return _median(
        lambda: _timed(lambda: subprocess.run(command, input=REQUEST, capture_output=True, check=True).stdout)
    )


def _runtime(runtime: Runtime, container: Container, *, ahead: bool) -> str:
    def once() -> float:
        if ahead:
            runtime.expect(container)
        time.sleep(1)  # the last one is removed, and this one started
        return _timed(lambda: runtime.run(container, REQUEST).stdout)

    return _median(once)


def _kept(address: str, container: Container, state: str) -> str:
    """One that was created ahead, or started and paused ahead."""
    engine, client = Engine(address), APIClient(address, version="auto")
    image = engine.image(container.image, Pull.NEVER)

    def once() -> float:
        made = engine.create(configuration(container, image, engine.abilities, labels(SECONDS)))
        attached = engine.attach(made)
        if state == "pause":
            engine.start(made)
            client.pause(made)
        time.sleep(1)

        def work() -> bytes:
            (client.unpause if state == "pause" else engine.start)(made)
            said = converse(attached, REQUEST, time.monotonic() + SECONDS, 2 * len(REQUEST))
            engine.wait(made, SECONDS)
            return said.stdout

        try:
            return _timed(work)
        finally:
            attached.close()
            engine.remove(made)

    try:
        return _median(once)
    finally:
        engine.close()
        client.close()


def _exec(address: str, container: Container) -> str:
    """A second run of the entry point in a container whose first waits for its input."""
    engine, client = Engine(address), APIClient(address, version="auto")
    image = engine.image(container.image, Pull.NEVER)
    made = engine.create(configuration(container, image, engine.abilities, labels(SECONDS)))
    waiting = engine.attach(made)
    engine.start(made)

    def work() -> bytes:
        command = client.exec_create(made, ["/function"], stdin=True)["Id"]
        attached = client.exec_start(command, socket=True)._sock  # noqa: SLF001 only the raw socket can be half closed
        said = converse(attached, REQUEST, time.monotonic() + SECONDS, 2 * len(REQUEST))
        client.exec_inspect(command)
        return said.stdout

    try:
        return _median(lambda: _timed(work))
    finally:
        waiting.close()
        engine.remove(made)
        engine.close()
        client.close()
