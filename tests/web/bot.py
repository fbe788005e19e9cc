"""A running bot for tests: a real process, its folder, and the line to it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.web.forge import SECRET, Line

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something holds; a machine that is busy elsewhere is given a minute."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"It did not come about: {what}")
        time.sleep(0.02)


@dataclass
class Place:
    """The folder of a bot: its settings, its queue, and what its attendant wrote."""

    folder: Path

    def settle(self, *repositories: str, **settings: object) -> None:
        (self.folder / "webhook-secret").write_bytes(SECRET + b"\n")
        (self.folder / "token").write_text("a token of the forge\n")
        github = {
            "tokenFile": "token",
            "webhookSecretFiles": ["webhook-secret"],
            "repositories": [*repositories],
        }
        config = {"listen": "127.0.0.1:0", "tick": 86_400, "drain": 20, **settings, "github": github}
        (self.folder / "serve.yaml").write_text(json.dumps(config))

    def looks(self, what: str = "", repository: str = "") -> list[tuple[str, ...]]:
        """What was written: begin or end, repository, number, branch."""
        path = self.folder / "looks"
        lines = path.read_text().splitlines() if path.exists() else []
        found = [(words[0], words[2], *words[3:]) for words in (line.split(" ") for line in lines)]
        return [one for one in found if what in {"", one[0]} and repository in {"", one[1]}]

    @contextmanager
    def bot(self, *command: str) -> Iterator["Bot"]:
        """Start it, wait until it listens, and kill it in the end if it still runs.

        Without a `command` it is the one whose attendant does what files say.
        """
        settings = str(self.folder / "serve.yaml")
        words = [sys.executable, "-m", *(command or ("tests.web.clerk", settings, str(self.folder)))]
        log = self.folder / f"log-{len(list(self.folder.glob('log-*')))}"
        with log.open("wb") as stream:
            process = subprocess.Popen(words, cwd=ROOT, stderr=stream, env={**os.environ})
        try:
            bot = Bot(self, process, log)
            until(lambda: bot.said("listening") or process.poll() is not None, "the bot listens")
            assert process.poll() is None, log.read_text()
            yield bot
        finally:
            process.kill()
            process.wait()


@dataclass
class Bot:
    place: Place
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def line(self) -> Line:
        return Line(self.said("listening")[0]["port"])

    def said(self, event: str) -> list[dict[str, Any]]:
        """The complete lines of the log about one kind of event."""
        whole, _, _ = self.log.read_text().rpartition("\n")
        records = [json.loads(line) for line in whole.splitlines() if line.startswith("{")]
        return [record for record in records if record["event"] == event]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ask_to_end(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def idle(self) -> bool:
        text = self.line.get("/metrics").text
        return 'looks{state="waiting"} 0.0' in text and 'looks{state="running"} 0.0' in text
