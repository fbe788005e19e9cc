"""Bots on several machines with one queue on Redis: work is shared, and outlives bots and that server."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.web.look import Look
from bot.web.redis_todo import MORTAL, RedisTodo
from tests.web import redis_machine
from tests.web.bot import Bot, Place, until
from tests.web.redis_machine import RedisMachine
from tests.web.test_commands import portico


class Machines:
    """Two machines, each with its own folder; their attendants write into one, so that one can read it."""

    def __init__(self, folder: Path, redis: RedisMachine) -> None:
        self.redis = redis
        self.one, self.other = Place(folder / "one"), Place(folder / "other")
        for place in (self.one, self.other):
            place.folder.mkdir()
            (place.folder / "password").write_text(redis.password)
            place.settle("acme/*", queue={"url": redis.url, "passwordFile": "password"})
        (self.other.folder / "looks").symlink_to(self.one.folder / "looks")
        (self.other.folder / "go").symlink_to(self.one.folder / "go")
        (self.one.folder / "looks").touch()

    def looks(self, what: str = "", repository: str = "") -> list[tuple[str, ...]]:
        return self.one.looks(what, repository)

    def go(self) -> None:
        (self.one.folder / "go").touch()


@pytest.fixture
def machines(tmp_path: Path, own_redis: RedisMachine) -> Machines:
    return Machines(tmp_path, own_redis)


def test_the_work_is_shared_and_never_a_repository(machines: Machines) -> None:
    with machines.one.bot() as one, machines.other.bot() as other:
        for number in range(1, 41):
            bot = (one, other)[number % 2]
            assert bot.line.deliver(f"acme/number{number % 4}", number, delivery=f"{number}").status == 202
        until(lambda: len(machines.looks("end")) == 40, "all looks")
        until(one.idle, "nothing is left")
        for repository in {each[1] for each in machines.looks()}:
            assert [what for what, *_ in machines.looks("", repository)] == ["begin", "end"] * 10
        # A forge may deliver again to whichever machine.
        for bot in (one, other):
            assert bot.line.deliver("acme/number1", 1, delivery="1").status == 200
            assert bot.line.get("/readyz").text == "Ready.\n"
            assert "portico_queue_safe 1.0" in bot.line.get("/metrics").text


def test_what_a_killed_machine_was_looking_at_is_looked_at_by_another(machines: Machines) -> None:
    with machines.one.bot() as one, machines.other.bot() as other:
        assert one.line.deliver("acme/slow", 1, delivery="x").status == 202
        until(lambda: machines.looks("begin"), "the look has begun")
        holder, heir = (one, other) if "acme/slow 1" in _running(one) else (other, one)
        holder.kill()
        machines.go()
        with machines.redis.client() as client:
            assert client.hlen("{portico}:holders") == 1
            # An hour later: nobody renewed.
            client.zadd("{portico}:until", {"test acme/slow": 0})
        until(lambda: machines.looks("end", "acme/slow"), "the other has looked")
        until(heir.idle, "nothing is left")
        assert len(machines.looks("begin")) == 2
        assert heir.line.deliver("acme/slow", 1, delivery="x").status == 200


def _running(bot: Bot) -> str:
    lines = (bot.place.folder / "looks").read_text().splitlines()
    return "\n".join(" ".join(line.split()[2:]) for line in lines if line.split()[1] == str(bot.process.pid))


def test_one_that_is_asked_to_end_frees_what_it_leaves(machines: Machines) -> None:
    with machines.one.bot() as one:
        assert one.line.deliver("acme/slow", 1).status == 202
        until(lambda: machines.looks("begin"), "the look has begun")
        machines.one.settle("acme/*", drain=0, queue={"url": machines.redis.url, "passwordFile": "password"})
        machines.go()
        one.ask_to_end()
        assert one.process.wait(60) == 0
    with machines.redis.client() as client:
        assert client.hlen("{portico}:holders") == 0


def test_a_server_that_goes_away_is_told_and_everything_heals(machines: Machines) -> None:
    with machines.one.bot() as bot:
        assert bot.line.deliver("acme/slow", 1, delivery="before").status == 202
        until(lambda: machines.looks("begin"), "the look has begun")
        machines.redis.kill()
        answer = bot.line.deliver("acme/quick", 2, delivery="meanwhile")
        assert (answer.status, answer.text) == (
            503,
            "The queue cannot be used now; deliver this again later.\n",
        )
        assert answer.headers["Retry-After"]
        ready = bot.line.get("/readyz")
        assert (ready.status, ready.text) == (503, "The queue cannot be used; the log says why.\n")
        assert bot.line.get("/healthz").status == 200
        assert "portico_webhooks_total" in bot.line.get("/metrics").text
        machines.go()
        until(lambda: machines.looks("end"), "the look has ended, and cannot be told")
        machines.redis.start()
        until(lambda: bot.line.get("/readyz").status == 200, "it is ready again")
        assert bot.line.deliver("acme/quick", 2, delivery="meanwhile").status == 202
        until(lambda: machines.looks("end", "acme/quick"), "what was delivered again")
        until(bot.idle, "nothing is left")
        assert bot.line.deliver("acme/slow", 1, delivery="before").status == 200
        assert machines.looks("", "acme/slow") == [
            ("begin", "acme/slow", "1", ""),
            ("end", "acme/slow", "1", ""),
        ]
        troubles = {record["text"] for record in bot.said("queue")}
        assert any("Connection refused" in text for text in troubles)
        assert machines.redis.password not in bot.log.read_text()


def test_it_may_be_started_before_its_queue(machines: Machines) -> None:
    machines.redis.stop()
    with machines.one.bot() as bot:
        assert bot.line.get("/readyz").status == 503
        machines.redis.start()
        until(lambda: bot.line.get("/readyz").status == 200, "it is ready")
        assert bot.line.deliver("acme/quick", 2).status == 202
        until(lambda: machines.looks("end"), "the look")


def test_what_waits_outlives_the_restart_of_all(machines: Machines) -> None:
    with machines.one.bot() as one:
        assert one.line.deliver("acme/slow", 1).status == 202
        assert one.line.deliver("acme/slow", 2).status == 202
        until(lambda: machines.looks("begin"), "the look has begun")
        one.kill()
    machines.redis.kill()
    machines.redis.start()
    with machines.redis.client() as client:
        client.zadd("{portico}:until", {"test acme/slow": 0})
    machines.go()
    with machines.other.bot() as other:
        until(lambda: len(machines.looks("end")) == 2, "both looks")
        until(other.idle, "nothing is left")


def test_what_was_given_up_is_listed_on_every_machine(machines: Machines) -> None:
    with closing(RedisTodo(machines.redis.server)) as todo:
        todo.ask(Look("test", "acme/denied", 7), "", time.time())
        taken = todo.take(time.time())
        assert taken is not None
        todo.give_up(taken, "The token was not accepted.", time.time())
    done = portico("serve", "--config", machines.other.folder / "serve.yaml", "--failed")
    assert (done.returncode, done.stderr) == (0, "")
    assert "test acme/denied#7  1 tries  The token was not accepted." in done.stdout
    machines.redis.stop()
    done = portico("serve", "--config", machines.other.folder / "serve.yaml", "--failed")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: The queue '{machines.redis.url}' cannot be used: Error 111")


@pytest.fixture
def forgetful(tmp_path: Path) -> Iterator[RedisMachine]:
    if not redis_machine.PROGRAM:
        pytest.skip(redis_machine.WHY_NOT)
    with redis_machine.machine(tmp_path / "redis", "appendonly no") as made:
        yield made


def test_a_server_that_keeps_nothing_is_warned_of(place: Place, forgetful: RedisMachine) -> None:
    place.settle("acme/*", queue=forgetful.url)
    with place.bot() as bot:
        assert [record["text"] for record in bot.said("queue")] == [MORTAL]
        ready = bot.line.get("/readyz")
        assert (ready.status, ready.text) == (200, f"Ready. {MORTAL}\n")
        assert "portico_queue_safe 0.0" in bot.line.get("/metrics").text
        assert bot.said("listening")[0]["queue"] == forgetful.url
