"""A server knows what of its own was cloned from a revision: on the branch, in drafts and in proposals."""

from pathlib import Path

import pytest

from bot.git.downstream import MOST, downstream_of
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName
from bot.packages.package import LINK, File
from tests.git.conftest import MAIN, Server

HEAD = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: x}\n"
LAYOUT = Layout(directory="pkgs")
DNS = RevisionName("net/dns", "ws")


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path / "blue.git")


def clone(path: str, ref: str, directory: str = "pkgs/net/dns") -> dict[str, File]:
    lock = f"upstreamLock: {{type: git, git: {{repo: x, directory: /{directory}, ref: {ref}, commit: c}}}}\n"
    return {f"{path}/Kptfile": File((HEAD + lock).encode())}


def names(server: Server, revision: int, name: RevisionName = DNS) -> list[str]:
    return downstream_of(server.repository, LAYOUT, name, revision, server.commits[0])


def test_the_branch_drafts_and_proposals_count(server: Server) -> None:
    own = clone("pkgs/net/dns", "pkgs/net/dns/v1")
    others = clone("pkgs/other", "pkgs/net/dns/v11") | clone("pkgs/elsewhere", "v1", "pkgs/dns")
    server.commit(own | others | clone("pkgs/web", "v1") | clone("outside", "pkgs/net/dns/v1"), MAIN)
    server.commit(clone("pkgs/a/shop", "pkgs/net/dns/v1"), "refs/heads/drafts/pkgs/a/shop/begun")
    server.commit(clone("pkgs/web", "pkgs/net/dns/v2"), "refs/heads/proposed/pkgs/web/upgrade")
    server.commit(clone("pkgs/net/dns", "pkgs/net/dns/v1"), "refs/heads/drafts/pkgs/net/dns/next")
    assert names(server, 1) == ["outside", "web", "a/shop/begun"]
    assert names(server, 2) == ["web/upgrade"]
    assert names(server, 3) == []


def test_a_revision_without_a_number_is_known_by_its_name(server: Server) -> None:
    server.commit(clone("pkgs/web", "main") | clone("pkgs/shop", "pkgs/net/dns/v1.2.0"), MAIN)
    assert names(server, -1, DNS._replace(workspace="main")) == ["web"]
    assert names(server, -1, DNS._replace(workspace="v1.2.0")) == ["shop"]


def test_what_cannot_be_read_is_passed_over(server: Server) -> None:
    broken = {"pkgs/b/Kptfile": File(b"upstreamLock: [net/dns/v1 pkgs/net/dns")}
    server.commit(
        broken | clone("pkgs/web", "v1") | {"pkgs/link/Kptfile": File(b"../web/Kptfile", LINK)}, MAIN
    )
    server.commit({"README.md": File(b"")}, "refs/heads/drafts/lonely", "refs/heads/drafts/pkgs/web/empty")
    blob = server.repository.create_blob(b"no commit")
    Path(server.place, "refs/heads/drafts/pkgs/web/blob").write_text(f"{blob}\n")
    assert names(server, 1) == ["web"]


def test_no_more_are_named_than_a_refusal_bears(server: Server) -> None:
    files: dict[str, File] = {}
    for number in range(MOST + 5):
        files |= clone(f"pkgs/web-{number:02}", "v1")
    server.commit(files, MAIN)
    assert len(names(server, 1)) == MOST
