"""A repository to fetch from, and a web server of it."""

from collections.abc import Iterator
from pathlib import Path

import pygit2
import pytest

from bot.git.trees import write_files
from bot.git.upstream import Upstreams
from bot.packages.kptfile import Upstream
from bot.packages.package import EXECUTABLE, File, Files
from tests.git.web import Web, served

WHO = pygit2.Signature("Ada", "ada@example.com", 1_700_000_000, 0)
MAIN = "refs/heads/main"


class Server:
    """A bare repository in which packages are published."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.repository = pygit2.init_repository(str(place), bare=True, initial_head="main")
        self.commits: list[str] = []

    def commit(self, files: Files, *refs: str) -> str:
        return self.commit_tree(write_files(self.repository, files), *refs)

    def commit_tree(self, tree: str, *refs: str) -> str:
        parents = [pygit2.Oid(hex=self.commits[-1])] if self.commits else []
        made = self.repository.create_commit(None, WHO, WHO, "m", pygit2.Oid(hex=tree), parents)
        self.commits.append(str(made))
        for ref in refs:
            self.repository.references.create(ref, made, force=True)
        return str(made)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    server = Server(tmp_path / "served" / "blue.git")
    server.commit(package("first"), MAIN, "refs/tags/v1")
    return server


@pytest.fixture
def web(server: Server) -> Iterator[Web]:
    with served(server.place.parent) as web:
        yield web


@pytest.fixture
def upstreams(tmp_path: Path) -> Upstreams:
    return Upstreams(tmp_path / "cache")


def package(text: str) -> Files:
    return {
        "a/b/c/x.yaml": File(f"text: {text}\n".encode()),
        "a/b/c/run": File(b"#!", EXECUTABLE),
        "other/big": File(text.encode() * 100),
    }


def text_of(upstreams: Upstreams, repo: str, ref: str = "") -> str:
    return upstreams.fetch(Upstream(repo, "/a/b/c", ref)).files["x.yaml"].content.decode()[6:-1]
