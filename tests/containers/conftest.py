"""A real engine, images made from scratch, and a runtime whose containers are counted."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docker.api.client import APIClient

from bot.render.containers.engine import Engine
from bot.render.containers.runtime import Runtime
from tests.containers import daemon, images

# Makes an image out of a shell script, and of lines of a Dockerfile; its reference is returned.
Make = Callable[..., str]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of a Docker Engine."""
    own = tmp_path_factory.getbasetemp()
    # The processes of pytest-xdist have folders side by side.
    with daemon.shared(own if worker_id == "master" else own.parent) as address:
        yield address


@pytest.fixture
def make(engine: str) -> Make:
    def make_it(script: str, *changes: str) -> str:
        return images.make(engine, script, *changes)

    return make_it


@pytest.fixture
def client(engine: str) -> Iterator[APIClient]:
    client = APIClient(engine, version="auto")
    yield client
    client.close()


@pytest.fixture
def runtime(engine: str) -> Iterator[Runtime]:
    with Runtime(lambda: Engine(engine)) as running:
        yield running


@pytest.fixture
def docker_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for ~/.docker."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return tmp_path
