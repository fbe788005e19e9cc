"""The bot as a process for tests, with an attendant who does what files in a folder say.

Started as `python -m tests.web.clerk CONFIG FOLDER`. Every look's begin and end is a line of `looks`. A
repository's name says what happens: 'slow' waits for the file `go`, 'later' asks to wait once, 'broken' fails
while there is the file `broken`, 'denied' never accepts the credentials, 'leaky' says its secret.
"""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.errors import AccessDenied, Later
from bot.web.config import Config, read_config
from bot.web.door import Door
from bot.web.log import Log
from bot.web.look import Look
from bot.web.meter import Meter
from bot.web.serve import serve
from tests.web.forge import SECRET, hear


class Clerk:
    """Writes down what it looks at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.waited: set[Look] = set()

    def __call__(self, look: Look) -> None:
        self.write("begin", look)
        name = look.repository.rpartition("/")[2]
        if name == "slow":
            while not (self.folder / "go").exists():
                time.sleep(0.01)
        if name == "later" and look not in self.waited:
            self.waited.add(look)
            raise Later("The forge asks to wait.", 1)
        if name == "broken" and (self.folder / "broken").exists():
            raise RuntimeError("something that nobody expected")
        if name == "denied":
            raise AccessDenied("The token was not accepted.")
        if name == "leaky" and look.number:
            raise RuntimeError(f"the secret is {SECRET.decode()}")
        self.write("end", look)

    def write(self, what: str, look: Look) -> None:
        line = f"{what} {os.getpid()} {look.repository} {look.number} {look.branch}\n"
        with (self.folder / "looks").open("a") as file:
            file.write(line)


def main(config_path: str, folder: str) -> int:
    config = read_config(Path(config_path), os.environ)
    secrets = [secret.reveal() for secret in config.secrets()]

    def opens(config: Config, meter: Meter) -> Sequence[Door]:
        assert config.github is not None
        meter.remaining("test", 4_999)
        meter.requested("test", 200)
        door = Door(
            forge="test",
            secrets=tuple(secret.reveal().encode() for secret in config.github.webhook_secrets),
            registrations=config.github.registrations,
            hear=hear,
            attend=Clerk(Path(folder)),
            event_header="X-Event",
            events=frozenset({"push", "ping"}),
        )
        return [door]

    return serve(config, opens, Log(sys.stderr, time.time, secrets=secrets))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
