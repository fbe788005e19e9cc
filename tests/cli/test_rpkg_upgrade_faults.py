"""Upgrades while others publish, and where there is no room left."""

import resource
from pathlib import Path

import pytest

from bot.cli.desk import open_desk
from bot.cli.plan import carry_out, plan
from bot.cli.sources import Sources
from bot.cli.stock import Stock
from bot.cli.upgrading import Upgrading
from bot.errors import UserError
from bot.git.upstream import Upstreams
from bot.lifecycle.person import Person as Author
from bot.packages.merge.conflict import OnConflict
from bot.packages.package import File
from tests.cli.following import config
from tests.cli.neighbours import World
from tests.cli.person import Person, git
from tests.cli.test_rpkg_upgrade import NEW


@pytest.fixture
def world(portico: Person, tmp_path: Path) -> World:
    return World(portico, tmp_path)


def test_what_is_published_between_plan_and_push_is_not_undone(world: World) -> None:
    stock = Stock(open_desk())
    sources = Sources(stock, Upstreams(open_desk().settings.cache / "upstreams"))
    upgrading = Upgrading(stock, sources, "follow", "", None, OnConflict.UPSTREAM)
    steps = plan(["edge.dns"], "Upgrading", upgrading.step)
    before = git(world.down.bare, "rev-parse", "main")
    world.replace({"dns/a.yaml": config(ttl="60", zone="theirs")})
    (step,) = carry_out(steps, "Upgrading", Author("ada", "Ada", "ada@example.com"))
    assert step.error is None
    # As it was planned, so that the server tells that the draft is out of date, and a rebase is due.
    assert git(world.down.bare, "merge-base", "main", "drafts/dns/follow") == before
    world.portico.did("rpkg", "rebase", NEW, "--on-conflict", "upstream")
    assert "zone: theirs" in world.show("a.yaml")
    assert "ttl: 180" in world.show("a.yaml")


def test_a_full_disk_is_said_and_stops_nothing_else(world: World) -> None:
    client = Stock(open_desk()).shelf("blueprints").client
    client.write({})
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        said = world.refused("edge.dns.v1")
        with pytest.raises(UserError, match="cannot be written"):
            client.write({"a": File(b"never seen before")})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "cannot be written" in said
    assert "make room there" in said
    world.upgrade("edge.dns.v1")
