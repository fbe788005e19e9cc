"""What tests of the command line start from."""

from pathlib import Path

import pytest

from bot.hooks.install import install
from tests.cli.person import PEOPLE, Person, make_repository, publish_file, settle


@pytest.fixture
def portico(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Person:
    """A person with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    settle(monkeypatch, home)
    monkeypatch.chdir(tmp_path)
    return Person(capsys, monkeypatch)


@pytest.fixture
def bare(tmp_path: Path, portico: Person) -> Path:  # noqa: ARG001 the home must be there first
    """A bare repository with two published packages and no hooks."""
    return make_repository(tmp_path / "srv" / "blueprints.git")


@pytest.fixture
def registered(portico: Person, bare: Path) -> Person:
    """A person who has registered that repository as `blueprints`."""
    portico.did("repo", "register", str(bare))
    return portico


@pytest.fixture
def served(registered: Person, bare: Path) -> Person:
    """A person whose registered repository understands packages; `grace` may approve there."""
    publish_file(bare, ".portico.yaml", "approvals: 1\napprovers: [grace, linus]\n")
    install(bare, identity=("gitolite",), resident=False)
    (bare / "portico" / "server.yaml").write_text(PEOPLE)
    registered.become("ada")
    return registered
