"""Images: where they come from, what is recorded of them, and what is said when they cannot run."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker.api.client import APIClient

from bot.errors import NotRun
from bot.render.containers.container import Container, Pull
from bot.render.containers.engine import Engine, address
from bot.render.containers.runtime import Runtime
from tests.containers.conftest import Make
from tests.containers.registry import Registry, serving

LOGIN = "ada:secret"


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving() as registry:
        yield registry


def manifests(registry: Registry) -> list[str]:
    """What was asked for by tag or digest of a manifest, each once."""
    return sorted({path.rpartition("/")[2] for path in registry.pulled if "/manifests/" in path})


def test_a_missing_image_is_pulled_once(runtime: Runtime, registry: Registry) -> None:
    container = Container(f"{registry.image}:v1")
    first = runtime.run(container, b"hello")
    asked = len(registry.pulled)
    assert (first.stdout, first.digest) == (b"hello", registry.digest)
    assert runtime.run(container, b"hello") == first
    assert asked == len(registry.pulled) > 0


def test_a_tag_that_moved_is_noticed_where_always_is_pulled(runtime: Runtime, registry: Registry) -> None:
    always = Container(f"{registry.image}:v1", pull=Pull.ALWAYS)
    assert runtime.run(always, b"hello").stdout == b"hello"
    registry.serve_image("echo moved")
    moved = runtime.run(always, b"hello")
    assert (moved.stdout, moved.digest) == (b"moved\n", registry.digest)


@pytest.mark.parametrize("tag", ["", ":v1", ":v9"])
def test_a_digest_is_what_runs_whatever_the_tag(runtime: Runtime, registry: Registry, tag: str) -> None:
    digest = registry.digest
    registry.serve_image("echo moved")
    answer = runtime.run(Container(f"{registry.image}{tag}@{digest}"), b"hello")
    assert (answer.stdout, answer.digest) == (b"hello", digest)
    assert manifests(registry) == [digest]


def test_an_image_from_no_registry_is_recorded_by_its_id(
    runtime: Runtime, make: Make, client: APIClient
) -> None:
    image = make("cat")
    assert runtime.run(Container(image), b"").digest == client.inspect_image(image)["Id"]


def test_the_tags_that_are_here_are_listed(runtime: Runtime, make: Make) -> None:
    repository, _, tag = make("cat").rpartition(":")
    assert runtime.tags(repository) == [tag]
    assert runtime.tags(repository[:-1]) == runtime.tags("function.test/nothing") == []


def test_never_is_never(runtime: Runtime, registry: Registry) -> None:
    with pytest.raises(NotRun, match=r"(?s)No such image: .*pull it, or let it be fetched"):
        runtime.run(Container(f"{registry.image}:v1", pull=Pull.NEVER), b"")
    assert registry.pulled == []


def test_what_the_registry_denies_is_said(runtime: Runtime, registry: Registry) -> None:
    with pytest.raises(NotRun, match=r"docker: Error response from daemon: .*denied") as caught:
        runtime.run(Container(f"{registry.host}/functions/dne:v1"), b"")
    assert caught.value.exit_code == 125


def test_what_the_registry_does_not_have_is_said(runtime: Runtime, registry: Registry) -> None:
    with pytest.raises(NotRun, match="docker: Error response from daemon: manifest unknown"):
        runtime.run(Container(f"{registry.image}:v2"), b"")


@pytest.mark.parametrize("known", [True, False])
def test_the_login_is_that_of_the_docker_configuration(
    engine: str, docker_configuration: Path, *, known: bool
) -> None:
    with serving(LOGIN) as registry:
        logins = {registry.host: {"auth": base64.b64encode(LOGIN.encode()).decode()}} if known else {}
        (docker_configuration / "config.json").write_text(json.dumps({"auths": logins}))
        container = Container(f"{registry.image}:v1")
        with Runtime(lambda: Engine(engine)) as runtime:
            if known:
                assert runtime.run(container, b"hello").stdout == b"hello"
            else:
                with pytest.raises(NotRun, match=r"Error response from daemon: .*no basic auth credentials"):
                    runtime.run(container, b"hello")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('ENTRYPOINT ["/nothing"]', "no such file or directory"),
        ('ENTRYPOINT ["/text"]', "permission denied"),
        ("ENTRYPOINT []", "No command specified"),
    ],
)
def test_an_image_without_a_program_is_said(
    runtime: Runtime, make: Make, client: APIClient, change: str, said: str
) -> None:
    image = make("cat", change)
    with pytest.raises(NotRun, match=said):
        runtime.run(Container(image), b"")
    runtime.close()
    assert client.containers(all=True, filters={"ancestor": image}) == []


# The SDK forgets to close the socket that it could not connect.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("scheme", ["unix://{}/no.sock", "tcp://127.0.0.1:1"])
def test_an_engine_that_is_not_there_is_said(tmp_path: Path, scheme: str) -> None:
    with (
        Runtime(lambda: Engine(scheme.format(tmp_path))) as runtime,
        pytest.raises(NotRun, match="does not answer; start it, or set `DOCKER_HOST`"),
    ):
        runtime.run(Container("function.test/cat:v1"), b"")


@pytest.mark.parametrize("named", ["ssh://ada@example.com", "https://127.0.0.1:1", "npipe:////./pipe/docker"])
def test_an_engine_that_cannot_be_spoken_to_is_said(named: str) -> None:
    with pytest.raises(NotRun, match="`DOCKER_HOST` must be a Unix socket"):
        Engine(named)


def test_the_engine_is_looked_for_where_docker_does(docker_configuration: Path) -> None:
    metadata = docker_configuration / "contexts" / "meta"
    for name in ("mine", "other"):
        made = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": f"unix:///{name}.sock"}}}
        place = metadata / hashlib.sha256(name.encode()).hexdigest()
        place.mkdir(parents=True)
        (place / "meta.json").write_text(json.dumps(made))
    (docker_configuration / "config.json").write_text('{"currentContext": "mine"}')
    assert address({"DOCKER_HOST": "unix:///a.sock", "DOCKER_CONTEXT": "other"}) == "unix:///a.sock"
    assert address({"DOCKER_CONTEXT": "other"}) == "unix:///other.sock"
    assert address({}) == "unix:///mine.sock"
    with pytest.raises(NotRun, match="There is no Docker context 'gone'"):
        address({"DOCKER_CONTEXT": "gone"})
    (metadata / hashlib.sha256(b"mine").hexdigest() / "meta.json").write_text("{")
    with pytest.raises(NotRun, match="cannot be read: Detected corrupted meta file"):
        address({})


def test_an_engine_behind_tls_is_not_spoken_to_in_plain() -> None:
    named = {"DOCKER_HOST": "tcp://127.0.0.1:1", "DOCKER_TLS_VERIFY": "1"}
    with pytest.raises(NotRun, match="forward one over SSH or TLS to a local socket"):
        Engine(address(named))


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({"CONTAINER_HOST": "unix:///b.sock"}, "unix:///b.sock"),
        ({"XDG_RUNTIME_DIR": "/run/user/1000"}, "unix:///run/user/1000/podman/podman.sock"),
        ({}, "unix:///run/podman/podman.sock"),
    ],
)
def test_podman_is_found_where_it_listens(environ: dict[str, str], found: str) -> None:
    assert address({"KRM_FN_RUNTIME": "podman", **environ}) == found
