"""The bot of one street as `portico serve` starts it, in a process that can be killed."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.forges.github.webhooks import Delivery
from tests.web.bot import until

ROOT = Path(__file__).resolve().parents[3]


class Process:
    """`portico serve` as a process of its own."""

    def __init__(self, folder: Path) -> None:
        log = folder / f"log-{len([*folder.glob('log-*')])}"
        words = [sys.executable, "-m", "bot", "serve", "--config", str(folder / "serve.yaml")]
        with log.open("wb") as stream:
            self.process = subprocess.Popen(words, cwd=ROOT, stderr=stream, env={**os.environ})
        until(lambda: '"listening"' in log.read_text() or self.process.poll() is not None, "it listens")
        said = [json.loads(line) for line in log.read_text().splitlines() if '"listening"' in line]
        assert said, log.read_text()
        self.url = f"http://127.0.0.1:{said[0]['port']}/webhooks/github"

    def post(self, held: Delivery) -> int:
        request = urllib.request.Request(self.url, held.body, held.headers)  # noqa: S310 the test's own
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 the test's own
            return int(answer.status)

    def kill(self) -> None:
        self.process.kill()
