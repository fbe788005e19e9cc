"""A real Redis for tests: started, stopped, killed and started again, with what it keeps in a folder."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.web.redis_server import RedisServer
from bot.web.secret import Secret
from tests.web.bot import until

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server") or ""
WHY_NOT = "there is no `redis-server` here; install Debian's redis-server"


@dataclass
class RedisMachine:
    """One server in a folder; `settings` are lines of its configuration."""

    folder: Path
    port: int
    password: str = ""
    settings: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def server(self) -> RedisServer:
        return RedisServer("127.0.0.1", self.port, password=Secret(self.password) if self.password else None)

    @property
    def url(self) -> str:
        return str(self.server)

    def client(self) -> redis.Redis:
        """A connection of the test's own."""
        once = Retry(NoBackoff(), 0)
        return redis.Redis("127.0.0.1", self.port, password=self.password or None, protocol=2, retry=once)

    def start(self) -> None:
        lines = [
            "bind 127.0.0.1", f"port {self.port}", f"dir {self.folder}", 'save ""', "daemonize no",
            *([f'requirepass "{self.password}"'] if self.password else []), *self.settings,
        ]  # fmt: skip
        settings = self.folder / "redis.conf"
        settings.write_text("\n".join(lines))
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([PROGRAM, str(settings)], stdout=log, stderr=log)
        until(self.answers, "Redis answers")

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:  # one that still loads what it kept, too
            return False

    def stop(self) -> None:
        """Ask it to end, as whoever installs a new version does."""
        if self.process:
            self.process.terminate()
            self.process.wait(60)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(60)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def machine(folder: Path, *settings: str, password: str = "") -> Iterator[RedisMachine]:
    """A running server that keeps what it is told, unless `settings` say otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    # By default it would write up to two seconds later, and lose that much when it is killed.
    made = RedisMachine(folder, free_port(), password, ["appendonly yes", "appendfsync always", *settings])
    try:
        made.start()
        yield made
    finally:
        made.kill()
