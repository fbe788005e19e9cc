"""From a webhook to the answer, which comes when it is safe on the disk, by a real process."""

import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks import tables
from benchmarks.tables import milliseconds
from tests.web.redis_machine import PROGRAM, machine

__all__ = ["peak", "table"]

DELIVERIES = 1_000
REPOSITORIES = 20
CHANGES = 50
BODY_BYTES = 25_000  # about what GitHub says of a pull request
MIB = 1024
# Looks take as long as a quick conversation with a forge; nothing is signed, for that is the forge's room.
BOT = """
import json, sys, time
from pathlib import Path
from bot.forges.heard import Heard
from bot.web.config import Config
from bot.web.door import Door
from bot.web.log import Log
from bot.web.redis_server import RedisServer
from bot.web.registrations import Entry, Registrations
from bot.web.serve import serve

def hear(headers, body, secrets):
    said = json.loads(body)
    return Heard(said["repository"], headers["X-Delivery"], said["number"])

door = Door(
    forge="test", secrets=(), registrations=Registrations((Entry("acme/*"),)), hear=hear,
    attend=lambda look: time.sleep(0.2), event_header="X-Event", events=frozenset(),
)
state = Path(sys.argv[1])
queue = RedisServer("127.0.0.1", int(sys.argv[2])) if sys.argv[2:] else state / "queue.sqlite"
config = Config("127.0.0.1", 0, state, queue, 4, 86_400, 0)
serve(config, lambda config, meter: [door], Log(sys.stdout, time.time))
"""


def table() -> str:
    header = ("queue", "callers at once", "median", "p99", "webhooks/s", "memory, at most")
    return tables.table(
        f"A webhook of {BODY_BYTES // 1000} kB, until it is kept and answered; four looks run meanwhile",
        header,
        [*_rows("a file"), *_on_redis("everysec"), *_on_redis("always")],
    )


def _on_redis(fsync: str) -> Iterator[Sequence[str]]:
    """None where there is no server."""
    if not PROGRAM:
        return
    with tempfile.TemporaryDirectory() as folder, machine(Path(folder), f"appendfsync {fsync}") as redis:
        yield from _rows(f"Redis, `appendfsync {fsync}`", str(redis.port))


def _rows(queue: str, *port: str) -> Iterator[Sequence[str]]:
    for callers in (1, 8, 50):
        with tempfile.TemporaryDirectory() as folder:
            words = [sys.executable, "-c", BOT, folder, *port]
            with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as bot:
                try:
                    yield (queue, *_measured(bot, callers))
                finally:
                    bot.kill()


def _measured(bot: subprocess.Popen[str], callers: int) -> Sequence[str]:
    assert bot.stdout is not None  # noqa: S101 it was asked for
    port = json.loads(bot.stdout.readline())["port"]
    with ThreadPoolExecutor(callers + 1) as pool:
        log = pool.submit(lambda: sum(1 for _ in bot.stdout or ()))
        began = time.perf_counter()
        times = [*pool.map(lambda number: _deliver(port, number), range(DELIVERIES))]
        seconds = time.perf_counter() - began
        memory = peak(bot.pid)
        bot.kill()
        log.result()
    p99 = statistics.quantiles(times, n=100)[-1]
    median = statistics.median(times)
    return (
        str(callers),
        milliseconds(median),
        milliseconds(p99),
        f"{DELIVERIES / seconds:.0f}",
        f"{memory / MIB:.0f} MiB",
    )


def _deliver(port: int, number: int) -> float:
    said = {"repository": f"acme/number{number % REPOSITORIES}", "number": number % CHANGES + 1}
    body = json.dumps({**said, "rest": "x" * BODY_BYTES})
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/webhooks/test", body, {"X-Delivery": f"{began}-{number}"})
    status = connection.getresponse().status
    connection.close()
    if status != 202:
        raise AssertionError(f"answered {status}")
    return time.perf_counter() - began


def peak(process: int) -> int:
    """The most memory that it ever had, in KiB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    print(table())
