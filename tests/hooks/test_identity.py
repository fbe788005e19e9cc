"""Who pushed: by each way that the server's settings may trust, and by no other."""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.hooks import signer
from bot.hooks.pusher import pusher
from bot.hooks.server import Server
from bot.lifecycle.person import Person
from tests.hooks.gate import close, empty_house, kept, refused, refused_request
from tests.hooks.world import PEOPLE, Human, World, run

ADA = Person("ada", "Ada Lovelace", "ada@example.com")
KNOWN = {"ada": ADA}
SIGNED = {"GIT_PUSH_CERT_STATUS": "G", "GIT_PUSH_CERT_NONCE_STATUS": "OK", "GIT_PUSH_CERT_SIGNER": ""}


def world_of(home: Path, identity: str, **variables: str) -> World:
    """Make a server with one way to know people, and ada with `variables` in her environment."""
    world = empty_house(home, people=PEOPLE.replace("[gitolite]", f"[{identity}]"))
    ada = world["ada"]
    ada.env.update({"GL_USER": "", **variables})
    ada.git("checkout", "-q", "-b", "main")
    ada.write("net/dns/Kptfile", "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: dns}\n")
    ada.commit("Add DNS")
    return world


def pushes_as(world: World, login: str) -> None:
    ada = world["ada"]
    ada.draft("net/dns", "ws")
    entry = world.server.git(
        "log", "-1", "--skip=1", "--format=%s %ae", "refs/portico/ledger/drafts/net/dns/ws"
    )
    assert entry == f"pushed by @{login} {world_email(login)}"


def world_email(login: str) -> str:
    return f"{login}@example.com" if f"  {login}:" in PEOPLE else f"{login}@localhost"


@pytest.mark.parametrize(
    ("identity", "variables", "login"),
    [
        ("gitolite", {"GL_USER": "ada"}, "ada"),
        ("http", {"REMOTE_USER": "grace"}, "grace"),
        ("http", {"REMOTE_USER": "grace@example.com"}, "grace"),
        ("variable:FORGE_USER", {"FORGE_USER": "linus"}, "linus"),
        ("gitolite, http", {"REMOTE_USER": "stranger"}, "stranger"),
        ("system", {"GL_USER": "grace", "REMOTE_USER": "grace"}, pwd.getpwuid(os.getuid()).pw_name),
    ],
)
def test_a_trusted_way_tells_who_pushed(
    tmp_path: Path, identity: str, variables: dict[str, str], login: str
) -> None:
    world = world_of(tmp_path, identity, **variables)
    pushes_as(world, login)
    close(world)


def test_nobody_known_is_refused_with_who_can_help(tmp_path: Path) -> None:
    world = world_of(tmp_path, "certificate, gitolite, http", FORGE_USER="linus")
    says = (
        "The server cannot tell who you are (it asks: certificate, gitolite, http)",
        "`identity` in portico/server.yaml",
    )
    refused(world["ada"], "HEAD:refs/heads/drafts/net/dns/ws", says=says)
    assert not kept(world, world["ada"].head())
    close(world)


@pytest.fixture
def signing(tmp_path: Path) -> Iterator[World]:
    """A server that knows ada's and grace's keys and trusts nothing but signatures."""
    world = world_of(tmp_path, "certificate")
    allowed = []
    for login in ("ada", "grace", "eve"):
        human, key = world[login], tmp_path / f"{login}.key"
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key, cwd=tmp_path)
        public = " ".join((tmp_path / f"{login}.key.pub").read_text().split()[:2])
        if login != "eve":
            allowed.append(f"{login}@example.com {public}\n")
        human.git("config", "gpg.format", "ssh")
        human.git("config", "user.signingkey", str(key))
    (tmp_path / "allowed").write_text("".join(allowed))
    for name, value in (
        ("receive.certNonceSeed", "seed"),
        ("gpg.format", "ssh"),
        ("gpg.ssh.allowedSignersFile", str(tmp_path / "allowed")),
    ):
        world.server.git("config", name, value)
    yield world
    close(world)


def test_a_signed_push_is_by_its_signer(signing: World) -> None:
    ada, grace = signing["ada"], signing["grace"]
    says = "The server cannot tell who you are"
    refused(ada, "HEAD:refs/heads/drafts/net/dns/ws", says=says)
    refused(_with(signing["eve"], ada), "--signed", "HEAD:refs/heads/drafts/net/dns/ws", says=says)
    ada.push("--signed", "HEAD:refs/heads/drafts/net/dns/ws")
    ada.ask("propose", "net/dns/ws", "", "--signed")
    refused_request(grace, "approve", "net/dns/ws", says=says)
    refused_request(ada, "approve", "net/dns/ws", "--signed", says="@ada wrote or pushed part of this")
    assert "approved by @grace" in grace.ask("approve", "net/dns/ws", "", "--signed").text
    assert not list((signing.server.path / "portico").glob("signer-*"))


def _with(human: Human, other: Human) -> Human:
    """`human` has the commits of `other`."""
    human.git("fetch", "-q", str(other.clone), "HEAD")
    human.git("checkout", "-q", "FETCH_HEAD")
    return human


@pytest.mark.parametrize(
    "change",
    [{"GIT_PUSH_CERT_STATUS": "U"}, {"GIT_PUSH_CERT_STATUS": "B"}, {"GIT_PUSH_CERT_NONCE_STATUS": "SLOP"}],
)
def test_a_certificate_counts_only_when_all_of_it_is_good(change: dict[str, str]) -> None:
    server = Server(identity=("certificate",), people=KNOWN)
    good = {**SIGNED, "GIT_PUSH_CERT_SIGNER": "Ada L <ADA@example.com>"}
    assert pusher(server, good) == ADA
    with pytest.raises(Refused, match="cannot tell who you are"):
        pusher(server, {**good, **change})


def test_a_name_that_would_break_a_record_is_refused() -> None:
    server = Server(identity=("gitolite", "system"), people=KNOWN)
    with pytest.raises(Refused, match="What `gitolite` tells of who you are is not a name"):
        pusher(server, {"GL_USER": "ada\nportico:{}"})
    assert pusher(server, {"GL_USER": " "}).login == pwd.getpwuid(os.getuid()).pw_name


def test_a_signer_who_is_not_on_the_list_keeps_name_and_address() -> None:
    server = Server(identity=("certificate",), people=KNOWN)
    signed = {**SIGNED, "GIT_PUSH_CERT_SIGNER": "Eve <eve@example.org>"}
    assert pusher(server, signed) == Person("eve@example.org", "Eve", "eve@example.org")


def test_the_first_way_that_knows_somebody_is_the_answer() -> None:
    server = Server(identity=("gitolite", "http"), people=KNOWN)
    assert pusher(server, {"GL_USER": "", "REMOTE_USER": "ada"}) == ADA
    assert pusher(server, {"GL_USER": "bob", "REMOTE_USER": "ada"}).login == "bob"


def test_a_signature_is_handed_on_to_its_own_push_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "portico").mkdir()
    signed = {**SIGNED, signer.PUSH: "100"}
    signer.leave(signed)
    assert signer.told({signer.PUSH: "101"}) == {signer.PUSH: "101"}
    assert signer.told({signer.PUSH: "100"}) == signed
    assert signer.told({signer.PUSH: "100"}) == {signer.PUSH: "100"}
    signer.leave(signed)
    signer.leave({signer.PUSH: "100"})  # another push, later, unsigned, by a process of the same number
    assert signer.told(signed) == {signer.PUSH: "100"}
    signer.leave({**SIGNED, signer.PUSH: "../../x"})
    assert not list((tmp_path / "portico").iterdir())
