"""Functions that take too much are stopped, and nothing of them is left."""

from dataclasses import replace

import pytest
from docker.api.client import APIClient

from bot.errors import NotRun
from bot.render.containers.container import Container
from bot.render.containers.runtime import Runtime
from bot.render.program import MIB, OUT_OF_TIME, Bounds
from tests.containers.conftest import Make

TIGHT = Bounds(memory=64 * MIB, processes=32, seconds=1, output=MIB)
AMPLE = replace(TIGHT, seconds=60)
FORKS = "f() { f & f & }; (f) & exec sleep 1000"
DOUBLES = """awk 'BEGIN { s = "x"; while (1) s = s s }'; exit 1"""


@pytest.mark.parametrize(
    ("script", "exit_code", "said"),
    [
        pytest.param("sleep 1000", 124, "took longer than 1 s and", id="sleeps"),
        pytest.param("while true; do true; done", 124, "took longer than 1 s and", id="spins"),
        pytest.param(FORKS, 124, "took longer than 1 s and", id="fork bomb"),
        pytest.param("exec >&- 2>&-; sleep 1000", 124, "took longer than 1 s and", id="falls silent"),
        pytest.param("trap '' TERM INT; sleep 1000", 124, "took longer than 1 s and", id="deaf"),
        pytest.param("tail /dev/zero", 137, "more than 64 MiB of memory", id="memory bomb"),
        pytest.param(DOUBLES, 137, "more than 64 MiB of memory", id="child's memory bomb"),
        pytest.param("exit 137", 137, "may have taken more than 64 MiB", id="killed by another"),
        pytest.param("yes", 137, "wrote more than 1048576 bytes", id="writes for ever"),
        pytest.param("head -c 1000000000 /dev/zero", 137, "wrote more than", id="1 GB of output"),
        pytest.param("head -c 1000000000 /dev/zero >&2", 137, "wrote more than", id="1 GB of errors"),
    ],
)
def test_what_takes_too_much_is_stopped(
    runtime: Runtime, make: Make, client: APIClient, script: str, exit_code: int, said: str
) -> None:
    if "memory" in said and not client.info()["MemoryLimit"]:
        pytest.skip("the control groups of this machine limit no memory")
    # What is stopped for something else has time enough to get there, however busy the machine is.
    bounds = TIGHT if exit_code == OUT_OF_TIME else AMPLE
    container = Container(make(script), bounds=bounds)
    with pytest.raises(NotRun, match=said) as caught:
        runtime.run(container, b"x" * 100_000)
    runtime.close()
    assert caught.value.exit_code == exit_code
    assert client.containers(all=True, filters={"ancestor": container.image}) == []


def test_processes_are_counted(runtime: Runtime, make: Make) -> None:
    script = "for i in 1 2 3 4 5 6 7 8 9; do for j in 1 2 3 4 5 6; do sleep 1000 & done; done"
    answer = runtime.run(Container(make(script), bounds=AMPLE), b"")
    assert answer.exit_code
    assert b"can't fork" in answer.stderr


def test_what_is_just_within_its_bounds_is_not_stopped(runtime: Runtime, make: Make) -> None:
    container = Container(make(f"head -c {MIB} /dev/zero"), bounds=AMPLE)
    assert runtime.run(container, b"").stdout == bytes(MIB)


def test_an_engine_works_on_after_all_of_them(runtime: Runtime, make: Make) -> None:
    bad, good = Container(make(FORKS), bounds=TIGHT), Container(make("cat"), bounds=AMPLE)
    with pytest.raises(NotRun):
        runtime.run(bad, b"")
    assert runtime.run(good, b"well").stdout == b"well"
