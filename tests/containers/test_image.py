"""Portico's own image: what it is built of, as whom it runs, and that it needs to write nowhere else."""

import io
import re
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker.api.client import APIClient

from bot import __version__
from tests.containers import python_image
from tests.forges.published import Unreachable

ROOT = Path(__file__).parents[2]
BUILDING = 1800  # seconds, on a busy machine


def context() -> bytes:
    """What `docker build .` sends: the file says what, and a test below that it says so."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name in ("Dockerfile", "bot", "pyproject.toml", "README.md", "LICENSE"):
            tar.add(ROOT / name, name, filter=lambda one: None if "__pycache__" in one.name else one)
    return packed.getvalue()


@pytest.fixture(scope="session")
def image(engine: str) -> Iterator[str]:
    """The reference of the image, built by a real engine from the Dockerfile as it is."""
    client = APIClient(engine, version="auto", timeout=BUILDING)
    try:
        changes = ["ENV PATH=/usr/local/bin:/usr/bin:/bin"]
        client.import_image_from_data(
            python_image.root(), repository=python_image.REFERENCE, tag="v1", changes=changes
        )
        told = list(
            client.build(
                fileobj=io.BytesIO(context()),
                custom_context=True,
                tag="portico.test/portico:v1",
                buildargs={
                    "BASE": f"{python_image.REFERENCE}:v1",
                    "PIP_NO_INDEX": "1",
                    "PIP_FIND_LINKS": "/wheels",
                    "EXTRAS": "serve",  # with all of them it takes minutes more, and shows no more
                },
                network_mode="none",
                rm=True,
                decode=True,
            )
        )
        assert not [line for line in told if "error" in line], "".join(
            line.get("stream", "") for line in told[-8:]
        )
        yield "portico.test/portico:v1"
    except Unreachable as why:
        pytest.skip(str(why))
    finally:
        client.close()


def said(client: APIClient, image: str, *words: str, program: str = "") -> tuple[int, str]:
    """Run it as the manifests of `deploy/` do: nothing can be written but in two folders."""
    host = client.create_host_config(
        network_mode="none",
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
        tmpfs={"/tmp": "", "/var/lib/portico": "uid=65532,gid=65532"},  # noqa: S108 of the container
    )
    made = client.create_container(image, list(words), host_config=host, entrypoint=program or None)["Id"]
    try:
        client.start(made)
        code = client.wait(made, timeout=BUILDING)["StatusCode"]
        return code, client.logs(made).decode()
    finally:
        client.remove_container(made, force=True)


def test_it_runs_as_nobody_in_particular(client: APIClient, image: str) -> None:
    assert said(client, image, "--version") == (0, f"portico {__version__}\n")
    assert said(client, image, "-u", program="id") == (0, "65532\n")
    assert said(client, image, "-un", program="id") == (0, "portico\n")


def test_what_was_chosen_is_in_it(client: APIClient, image: str) -> None:
    assert said(client, image, "-c", "import flask, waitress", program="python3") == (0, "")
    assert said(client, image, "--version", program="git")[0] == 0
    code, text = said(client, image, "fn", "list", "--help")
    assert (code, "Usage: portico fn list" in text) == (0, True)


def test_all_that_there_is_is_chosen_where_nothing_is_said() -> None:
    [chosen] = re.findall(r"^ARG EXTRAS=(.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    # Functions in containers need an engine beside, and tests are not run there.
    assert chosen.split(",") == sorted(extras.keys() - {"containers", "dev"})


def test_it_keeps_what_it_learns_where_it_may(client: APIClient, image: str) -> None:
    code, text = said(client, image, "repo", "get")
    assert (code, text) == (0, "No resources found\n")
    script = "touch /var/lib/portico/a /tmp/a && ! touch /opt/portico/a /a 2>/dev/null"
    assert said(client, image, "-c", script, program="sh") == (0, "")


def test_nothing_in_it_installs_more(client: APIClient, image: str) -> None:
    code, text = said(client, image, "-c", "import pip", program="python3")
    assert (code, "No module named 'pip'" in text) == (1, True)
    told = client.inspect_image(image)["Config"]
    assert (told["User"], told["Entrypoint"]) == ("65532:65532", ["portico"])
    _, text = said(client, image, "-c", "ls -A /src /var/lib/portico", program="sh")
    assert "pyproject.toml" not in text


def test_the_user_is_the_one_of_the_manifests() -> None:
    [user] = re.findall(r"^USER (\d+):\1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    deployment = (ROOT / "deploy" / "deployment.yaml").read_text()
    assert re.findall(r"(?:runAsUser|runAsGroup|fsGroup): (\d+)", deployment) == [user] * 3


def test_every_stage_has_the_base_that_is_chosen() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line.split()[1] for line in lines if line.startswith("FROM ")] == ["${BASE}"] * 2
    [chosen] = [line.partition("=")[2] for line in lines if line.startswith("ARG BASE=")]
    assert re.fullmatch(r"python:3\.\d+-slim", chosen)


def test_what_is_copied_is_what_is_sent() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert {name for names in copied for name in names} == sent
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
