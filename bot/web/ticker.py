"""The thread that asks for whole repositories from time to time, for what no webhook told."""

import threading
from collections.abc import Sequence

from bot.errors import UserError
from bot.web.door import Door
from bot.web.log import Log
from bot.web.look import Look
from bot.web.office import Office
from bot.web.todo import NotKept


class Ticker:
    """Asks at once, and then every `seconds`, until `stop`."""

    def __init__(self, office: Office) -> None:
        self.doors, self.todo, self.bell = office.doors, office.todo, office.bell
        self.log, self.now = office.log, office.now
        self._stopping = threading.Event()

    def start(self, seconds: float) -> None:
        threading.Thread(target=self._run, args=(seconds,), name="tick", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def tick(self) -> None:
        """Ask for every repository once; what is asked for already is left as it is."""
        for door in self.doors.values():
            looks = [Look(door.forge, repository) for repository in repositories(door, self.log)]
            self._keep(looks)
        try:
            self.todo.sweep(self.now())
        except NotKept as error:
            self.log.trouble("queue", text=str(error))
        self.bell.ring()

    def _run(self, seconds: float) -> None:
        while True:
            self.tick()
            if self._stopping.wait(seconds):
                return

    def _keep(self, looks: Sequence[Look]) -> None:
        try:
            self.todo.remind(looks, self.now())
        except NotKept as error:
            self.log.trouble("queue", text=str(error))


def repositories(door: Door, log: Log) -> list[str]:
    """The repositories of a door; where the forge cannot list them, those that are named in full."""
    try:
        return door.repositories()
    except UserError as error:
        log.trouble("tick", forge=door.forge, text=str(error))
    except Exception as error:  # noqa: BLE001 the next tick may fare better
        log.fault("tick", error, forge=door.forge)
    return [*door.registrations.named()]
