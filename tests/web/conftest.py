"""A folder for a bot, a Redis, and a to-do list of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web import redis_machine
from tests.web.bot import Place
from tests.web.keeping import Keeping, OnRedis, OnSqlite, kept
from tests.web.redis_machine import RedisMachine


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="session")
def one_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisMachine]:
    """One server for all tests of this process that leave it as it is."""
    if not redis_machine.PROGRAM:
        pytest.skip(redis_machine.WHY_NOT)
    with redis_machine.machine(tmp_path_factory.mktemp("redis")) as made:
        yield made


@pytest.fixture
def redis_server(one_redis: RedisMachine) -> RedisMachine:
    """A Redis with nothing in it."""
    with one_redis.client() as client:
        client.flushall()
    return one_redis


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisMachine]:
    """A Redis that the test may stop and kill."""
    if not redis_machine.PROGRAM:
        pytest.skip(redis_machine.WHY_NOT)
    with redis_machine.machine(tmp_path / "redis", password="a password of the queue") as made:  # noqa: S106 a secret of a test
        yield made


@pytest.fixture(params=["sqlite", "redis"])
def keeping(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeping]:
    made: Keeping = (
        OnSqlite(tmp_path / "queue")
        if request.param == "sqlite"
        else OnRedis(request.getfixturevalue("redis_server"))
    )
    with kept(made):
        yield made
