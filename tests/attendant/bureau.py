"""The bot of one world with its real door, queue and crew, in this process and by a clock of its own."""

import io
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.web.app import application
from bot.web.bell import Bell
from bot.web.config import App, GitHub, GitLab
from bot.web.crew import Crew
from bot.web.door import Door
from bot.web.github_door import github_door
from bot.web.gitlab_door import gitlab_door
from bot.web.health import Health
from bot.web.log import Log
from bot.web.measures import Measures
from bot.web.office import Office
from bot.web.registrations import Entry, Registrations
from bot.web.secret import Secret
from bot.web.sqlite_todo import SqliteTodo
from bot.web.ticker import Ticker
from tests.attendant.github.street import Street as GitHubStreet
from tests.attendant.gitlab.street import Street as GitLabStreet
from tests.forges.github.cast import SECRET
from tests.forges.gitlab.cast import PATH
from tests.web.bot import until

MOST_ROUNDS = 10  # after which the bot's own doings must have stopped to tell it something new
OLD_SECRET = "the secret before this one"  # noqa: S105 a secret of a test


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


World = Any  # of either forge: both have a switchboard


def github_bureau(street: GitHubStreet, folder: Path) -> "Bureau":
    """The App of a street, with a door that knows its secret and the one before it."""
    app, world = street.cast.app, street.cast.world
    settings = GitHub(
        url=world.place.web,
        access=App(app.id, Secret(app.pem)),
        webhook_secrets=(Secret(SECRET), Secret(OLD_SECRET)),
        registrations=Registrations((Entry("acme/blueprints"),)),
    )
    return Bureau(world, folder, lambda state, measures: github_door(settings, state, measures))


def gitlab_bureau(street: GitLabStreet, folder: Path, *secrets: str) -> "Bureau":
    """The token of a street, with a door that believes who knows one of the secrets, by GitLab's clock."""
    world = street.cast.world
    settings = GitLab(
        url=world.place.web,
        token=Secret(street.cast.bot_token),
        webhook_secrets=tuple(map(Secret, secrets)),
        registrations=Registrations((Entry(PATH),)),
    )

    def now() -> float:
        moment: datetime = world.clock.now
        return moment.timestamp()

    return Bureau(world, folder, lambda state, _: gitlab_door(settings, state, now))


class Bureau:
    """The webhooks of a world go where a test lets them go; nobody works before `work` or `rest`."""

    def __init__(self, world: World, folder: Path, open_door: Callable[[Path, Measures], Door]) -> None:
        self.world = world
        self.seconds = 1_000_000.0
        measures = Measures()
        folder.mkdir()
        door = open_door(folder, measures)
        self.forge = door.forge
        self.todo = SqliteTodo(folder / "queue.sqlite")
        self.log = io.StringIO()
        office = Office(
            doors={door.forge: door},
            todo=self.todo,
            bell=Bell(),
            health=Health(time.monotonic),
            measures=measures,
            log=Log(self.log, self.now),
            now=self.now,
        )
        self.office, self.crew, self.ticker = office, Crew(office), Ticker(office)
        self._client = application(office).test_client()
        self._works = False

    def now(self) -> float:
        return self.seconds

    def close(self) -> None:
        self.crew.stop(20)
        self.todo.close()

    # Deliveries

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        found = self._client.post(f"/webhooks/{self.forge}", data=body, headers=dict(headers))
        return Answer(found.status_code, found.text)

    def receive(self, held: Any) -> int:
        """A delivery of either forge's."""
        return self.post(held.body, held.headers).status

    def deliver(self) -> list[int]:
        """Everything that is on its way; what was answered."""
        return [each.code for each in self.world.switchboard.deliver(self.receive)]

    def only(self, wanted: Any) -> None:
        """Of what is on its way, lose everything else."""
        kept = self.world.switchboard.select(wanted)
        self.world.switchboard.lose(lambda each: each not in kept)

    # Work

    def waiting(self) -> int:
        """How many looks are on the list."""
        return self.todo.depth(self.now()).waiting

    def looks(self, outcome: str) -> int:
        """How many looks ended so."""
        name = f'portico_looks_total{{forge="{self.forge}",outcome="{outcome}"}}'
        return int(float(self.metric(name)))

    def metric(self, name: str) -> str:
        lines = self._client.get("/metrics").text.splitlines()
        return next((line.removeprefix(name) for line in lines if line.startswith(name)), "0")

    def work(self) -> None:
        """Let the crew do what is due."""
        if not self._works:
            self.crew.start(2)
            self._works = True
        self.office.bell.ring()
        until(self._is_idle, "nothing that is due is left")

    def rest(self) -> None:
        """Deliver and work until nothing is told any more."""
        for _ in range(MOST_ROUNDS):
            self.deliver()
            self.work()
            if not self.world.switchboard.waiting:
                return
        raise AssertionError("The bot hears of its own doings, and never comes to rest.")

    def tick(self) -> None:
        self.ticker.tick()
        self.work()

    def pass_time(self, seconds: float) -> None:
        """Let the bot's clock go on, and what is due again be done."""
        self.seconds += seconds
        self.work()

    def _is_idle(self) -> bool:
        """Whether nothing is due; what is being done is due until it is done."""
        question = "SELECT count(*) FROM look WHERE given_up IS NULL AND due <= ?"
        with closing(sqlite3.connect(self.todo.path)) as queue:
            (due,) = queue.execute(question, (self.seconds,)).fetchone()
        return not due
