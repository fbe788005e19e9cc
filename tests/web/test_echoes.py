"""What the bot's own writes come back as is not looked at again; what others do on the branch is, at once."""

from pathlib import Path

import pytest

from tests.attendant.conftest import ZONE
from tests.attendant.github.conftest import Street, street  # noqa: F401 a fixture is used by its name
from tests.forges.github.conftest import cast, hub  # noqa: F401 the world's own fixtures
from tests.web.bot import Bot, Place
from tests.web.house import House
from tests.web.redis_machine import RedisMachine


@pytest.fixture
def house(street: Street, tmp_path: Path) -> House:  # noqa: F811 a fixture has its own name
    folder = tmp_path / "bot"
    folder.mkdir()
    made = House(street, Place(folder))
    made.settle_in()
    return made


def looks(bot: Bot) -> list[tuple[int, str]]:
    return [(record.get("number", 0), record.get("branch", "")) for record in bot.said("look")]


def proposed(house: House, bot: Bot) -> None:
    house.street.write("ada", "60")
    house.deliver(bot)
    house.street.ready()
    house.deliver(bot)


def test_publishing_is_followed_by_one_look_at_what_else_there_is(house: House) -> None:
    """The tag, the deleted branch and our comments come back as webhooks that nobody needs to look at."""
    with house.bot() as bot:
        proposed(house, bot)
        house.street.cast.review("grace", house.street.pull, "APPROVE")
        before = looks(bot)
        house.deliver(bot)
        after = looks(bot)[len(before) :]
        ours = [record for record in bot.said("webhook") if record.get("text") == "our own doing"]
    assert house.street.tag
    number = house.street.pull.number
    assert {each for each in after if each != (0, "main")} == {(number, "")}
    assert after.count((0, "main")) == 1
    assert (0, "") not in after
    assert {record["news_to_others_than"] for record in ours} == {"portico[bot]"}
    assert "Published as v1" in house.street.living()


def test_a_tag_that_a_person_makes_is_heard(house: House) -> None:
    with house.bot() as bot:
        proposed(house, bot)
        before = looks(bot)
        sha = house.street.cast.repo.bare.ref("refs/heads/main")
        body = {"ref": "refs/tags/net/dns/v7", "sha": sha}
        assert house.street.cast.ask("POST", "/repos/acme/blueprints/git/refs", body, "root").status == 201
        house.deliver(bot)
        assert (0, "") in looks(bot)[len(before) :]


@pytest.mark.parametrize("what", ["policy", "revision"])
def test_what_a_person_pushes_to_the_branch_is_told_on_open_changes(house: House, what: str) -> None:
    road = house.street
    with house.bot() as bot:
        proposed(house, bot)
        road.cast.commit("ada", "drafts/blue/first", {"blue/more.yaml": ZONE.encode()})
        house.deliver(bot)
        before = looks(bot)
        if what == "policy":
            road.cast.commit("root", "main", {".portico.yaml": b"approvals: 2\napprovers: [ada, grace]\n"})
        else:
            road.cast.commit("root", "main", {"net/dns/zone.yaml": ZONE.replace("300", "1").encode()})
        house.deliver(bot)
        assert looks(bot)[len(before)] == (0, "main")
        assert (2, "") not in looks(bot)[len(before) :]
    living = next(
        comment.body
        for comment in road.cast.repo.comments_on(min(road.cast.repo.pulls))
        if "portico:living" in comment.body
    )
    assert ("0 of 2" if what == "policy" else "/rebase") in living


def test_the_whole_story_with_a_queue_on_redis(house: House, own_redis: RedisMachine) -> None:
    road = house.street
    house.queue_on(own_redis)
    with house.bot() as bot:
        proposed(house, bot)
        own_redis.kill()
        own_redis.start()
        road.cast.review("grace", road.pull, "APPROVE")
        house.deliver(bot)
        assert bot.line.get("/readyz").text == "Ready.\n"
        assert own_redis.password not in bot.log.read_text()
    assert road.tag == road.cast.repo.bare.ref("refs/heads/main")
    assert "✅ Published as v1" in road.living()
