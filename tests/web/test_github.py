"""`portico serve` on GitHub, from end to end: webhooks over HTTP, doubled, forged, and a process killed."""

import re
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.attendant.github.conftest import street  # noqa: F401 a fixture is used by its name
from tests.attendant.github.street import BRANCH, Street
from tests.forges.github.cast import SECRET
from tests.forges.github.conftest import cast, hub  # noqa: F401 the world's own fixtures
from tests.forges.github.faults import failure
from tests.forges.github.webhooks import Delivery, Hook
from tests.web.bot import Bot, Place, until
from tests.web.house import House


@pytest.fixture
def house(street: Street, tmp_path: Path) -> House:  # noqa: F811 a fixture has its own name
    folder = tmp_path / "bot"
    folder.mkdir()
    made = House(street, Place(folder))
    made.settle_in()
    return made


def test_from_a_push_to_a_published_revision(house: House) -> None:
    road = house.street
    with house.bot() as bot:
        road.write("ada", "60")
        house.deliver(bot)
        assert road.pull.draft
        road.ready()
        house.deliver(bot)
        assert "Waiting for approvals" in road.living()
        road.cast.comment("ada", road.pull, "/approve")
        house.deliver(bot)
        assert road.tag == ""
        road.cast.review("grace", road.pull, "APPROVE", "Good.")
        house.deliver(bot)
        assert bot.line.get("/readyz").status == 200
        assert bot.said("look")
    assert road.tag == road.cast.repo.bare.ref("refs/heads/main")
    assert road.cast.repo.bare.ref(f"refs/heads/{BRANCH}") == ""
    assert "✅ Published as v1" in road.living()
    log = bot.log.read_text()
    assert not re.search(r"ghs_|PRIVATE KEY", log)
    assert SECRET not in log


def test_a_webhook_that_comes_twice_makes_no_second_write(house: House) -> None:
    road = house.street
    board = road.cast.world.switchboard
    with house.bot() as bot:
        road.write("ada", "60")
        house.deliver(bot)
        road.ready()
        house.deliver(bot)
        before = house.writes()
        heard: list[Delivery] = [each for each in board.tried if each.event in {"push", "pull_request"}]
        for each in heard:
            board.again(each)
        assert {each.code for each in board.deliver()} == {200}
        # By a second hook the same event has another id: it is looked at, and nothing is left to do.
        twin = Hook(1, SECRET, house.hook.url)
        for each in heard:
            board.put(twin, each.event, each.payload, each.repository)
        house.deliver(bot)
        assert house.writes() == before


def test_what_is_not_signed_is_not_heard(house: House) -> None:
    board = house.street.cast.world.switchboard
    with house.bot() as bot:
        house.street.write("ada", "60")
        house.hook.secret = "another secret"  # noqa: S105 a secret of a test
        assert {each.code for each in board.deliver()} == {401}
        until(bot.idle, "nothing is done")
    assert house.street.cast.repo.pulls == {}


def deliver_until_it_is_dead(house: House, bot: Bot) -> bool:
    """Deliver every webhook; whether the bot died meanwhile."""
    board = house.street.cast.world.switchboard
    while bot.process.poll() is None:
        try:
            if bot.idle() and not board.waiting:
                return False
        except (OSError, HTTPException):
            bot.process.wait()
        board.deliver()
    return True


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/pulls$"), ("PUT", "/merge$"), ("POST", "/git/refs$"), ("POST", "/comments$")],
    ids=["opening", "merging", "tagging", "telling"],
)
def test_killed_in_the_middle_it_finishes_when_it_is_started_again(
    house: House, method: str, path: str, *, done: bool
) -> None:
    road, faults = house.street, house.street.cast.world.faults
    acts = iter(
        (
            lambda: road.write("ada", "60"),
            road.ready,
            lambda: road.cast.review("grace", road.pull, "APPROVE"),
        )
    )
    with house.bot() as bot:
        if not done:
            faults.order(method, path, failure(502))
        faults.race(method, path, lambda _request: bot.kill())
        dead = False
        while not dead:
            next(acts)()
            dead = deliver_until_it_is_dead(house, bot)
    # What was on its way when it died never comes.
    road.cast.world.switchboard.lose(lambda _delivery: True)
    with house.bot() as bot:
        house.deliver(bot)
        for act in acts:
            act()
            house.deliver(bot)
    assert len(road.cast.repo.pulls) == 1
    assert road.tag == road.cast.repo.bare.ref("refs/heads/main")
    assert "✅ Published as v1" in road.living()
