"""What a webhook is answered when it cannot be kept, and what becomes of looks that fail for good."""

import io
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.web.app import Reception
from bot.web.bell import Bell
from bot.web.crew import Crew
from bot.web.door import Door
from bot.web.headers import Headers
from bot.web.health import LONGEST_LOOK_SECONDS, Health
from bot.web.log import Log
from bot.web.look import Look
from bot.web.measures import Measures
from bot.web.office import Office
from bot.web.registrations import Entry, Registrations
from bot.web.sqlite_todo import SqliteTodo
from bot.web.ticker import Ticker
from tests.web.bot import until
from tests.web.forge import SECRET, hear, signature


@dataclass
class Attendant:
    """Refuses, and hears that its look was given up."""

    looks: list[Look] = field(default_factory=list)
    told: list[tuple[Look, str]] = field(default_factory=list)

    def attend(self, look: Look) -> None:
        self.looks.append(look)
        raise Refused("The policy must be mended first.")

    def heed(self, look: Look, sentence: str) -> None:
        self.told.append((look, sentence))
        raise RuntimeError("nobody listens")


@pytest.fixture
def attendant() -> Attendant:
    return Attendant()


@pytest.fixture
def office(tmp_path: Path, attendant: Attendant) -> Iterator[Office]:
    door = Door(
        forge="test",
        secrets=(b"the next one", SECRET),
        registrations=Registrations((Entry("acme/packages"), Entry("acme/*"))),
        hear=hear,
        attend=attendant.attend,
        heed=attendant.heed,
        event_header="X-Event",
        events=frozenset(),
    )
    with closing(SqliteTodo(tmp_path / "queue", most=1)) as todo:
        yield Office(
            doors={"test": door},
            todo=todo,
            bell=Bell(),
            health=Health(time.monotonic),
            measures=Measures(),
            log=Log(io.StringIO(), time.time),
            now=time.time,
        )


def deliver(office: Office, number: int) -> tuple[int, str]:
    body = f'{{"repository": "acme/packages", "number": {number}}}'.encode()
    headers = Headers([("X-SIGNATURE", signature(SECRET, body)), ("x-delivery", f"{number}")])
    return Reception(office).receive("test", headers, body)


def test_a_full_queue_asks_to_deliver_again(office: Office) -> None:
    assert deliver(office, 1)[0] == 202
    assert deliver(office, 2) == (503, "The queue is full; deliver this again later.")
    assert deliver(office, 1)[0] == 202


def test_a_queue_that_cannot_be_used_asks_to_deliver_again(office: Office, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "queue", isolation_level=None)) as greedy:
        greedy.execute("BEGIN IMMEDIATE")
        assert deliver(office, 1) == (503, "The queue cannot be used now; deliver this again later.")
        assert office.health.ready(office.todo, 0) == "The queue cannot be used; the log says why."
        assert b"portico_webhooks_total" in office.measures.text()
        greedy.execute("ROLLBACK")
    assert deliver(office, 1)[0] == 202


def test_what_a_person_must_mend_is_given_up_and_told(office: Office, attendant: Attendant) -> None:
    crew = Crew(office)
    deliver(office, 7)
    crew.start(2)
    until(lambda: attendant.told, "somebody was told")
    assert crew.stop(60)
    look = Look("test", "acme/packages", 7)
    assert attendant.looks == [look]
    assert attendant.told == [(look, "The policy must be mended first.")]
    assert [one.reason for one in office.todo.given_up()] == ["The policy must be mended first."]


def test_a_tick_asks_once_for_what_is_named(office: Office) -> None:
    ticker = Ticker(office)
    ticker.tick()
    ticker.tick()
    taken = office.todo.take(time.time())
    assert taken is not None
    assert taken.look == Look("test", "acme/packages")
    assert office.todo.depth(time.time()).waiting == 0


def test_what_was_taken_out_of_the_settings_is_not_looked_at(office: Office, attendant: Attendant) -> None:
    office.todo.ask(Look("test", "other/packages", 1), "", 0)
    crew = Crew(office)
    crew.start(1)
    until(lambda: sum(office.todo.depth(0)) == 0, "it is forgotten")
    assert crew.stop(60)
    assert attendant.looks == []


def test_a_look_that_hangs_is_seen() -> None:
    clock = [0.0]
    health = Health(lambda: clock[0])
    health.began(Look("test", "acme/packages"))
    clock[0] = LONGEST_LOOK_SECONDS
    assert health.alive() == ""
    clock[0] += 1
    assert health.alive() == "A look has taken more than 3600 seconds."
    assert health.ended(Look("test", "acme/packages"), welcome=None) == clock[0]
    assert health.alive() == ""
