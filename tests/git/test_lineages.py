"""Kptfiles are read once, and then only those of new commits; to lose what was remembered costs only time."""

import shutil
from pathlib import Path

import pygit2
import pytest

from bot.git.cache import Cache
from bot.git.catalog import discover
from bot.git.lineages import read_lineages
from bot.packages.kptfile import Upstream
from bot.packages.layout import Layout
from bot.packages.package import EXECUTABLE, File
from bot.packages.relations.lineage import NONE, Lineage
from tests.git.conftest import MAIN, Server

LAYOUT = Layout(directory="edge")
PLAIN = b"apiVersion: kpt.dev/v1\nkind: Kptfile\n"
CLONED = (
    PLAIN + b"upstreamLock:\n  git:\n    repo: /srv/b\n    directory: /dns\n    ref: dns/v%d\n    commit: c\n"
)


def lineage(number: int) -> Lineage:
    return Lineage(lock=Upstream("/srv/b", "/dns", f"dns/v{number}", "c"))


@pytest.fixture
def clones(tmp_path: Path) -> Server:
    """A package without an upstream, one cloned from v1, and a revision of it that was upgraded to v2."""
    clones = Server(tmp_path / "clones.git")
    clones.commit({"edge/own/Kptfile": File(PLAIN), "edge/a/web/Kptfile": File(CLONED % 1)}, MAIN)
    clones.commit(
        {"edge/own/Kptfile": File(PLAIN), "edge/a/web/Kptfile": File(CLONED % 1)}, "refs/tags/edge/a/web/v1"
    )
    upgraded = {"edge/own/Kptfile": File(PLAIN), "edge/a/web/Kptfile": File(CLONED % 2, EXECUTABLE)}
    clones.commit(upgraded, "refs/tags/edge/a/web/v2", "refs/heads/drafts/edge/a/web/next")
    return clones


def read(repository: pygit2.Repository, like: pygit2.Repository, cache: Cache) -> dict[str, Lineage]:
    """What `repository` has, asked about the revisions of `like`."""
    revisions = discover(like, LAYOUT).revisions
    found = read_lineages(repository, LAYOUT, revisions, cache)
    return {str(row.name): one for row, one in zip(revisions, found, strict=True)}


EXPECTED = {
    "a/web/main": lineage(1),
    "a/web/v1": lineage(1),
    "a/web/v2": lineage(2),
    "a/web/next": lineage(2),
    "own/main": NONE,
}


def test_what_is_remembered_is_not_read_again(clones: Server, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert read(clones.repository, clones.repository, cache) == EXPECTED
    empty = pygit2.init_repository(str(tmp_path / "empty.git"), bare=True)
    assert read(empty, clones.repository, cache) == EXPECTED
    clones.commit({"edge/a/web/Kptfile": File(CLONED % 3)}, "refs/tags/edge/a/web/v3")
    only_new = read(empty, clones.repository, cache)
    assert only_new.pop("a/web/v3").problem.startswith("The Kptfile cannot be found: ")
    assert only_new == EXPECTED
    assert read(clones.repository, clones.repository, cache) == {**EXPECTED, "a/web/v3": lineage(3)}


def test_what_is_gone_is_forgotten(clones: Server, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    read(clones.repository, clones.repository, Cache(place))
    before = [file.read_bytes() for file in place.iterdir()]
    for ref in ("refs/tags/edge/a/web/v2", "refs/heads/drafts/edge/a/web/next"):
        clones.repository.references.delete(ref)
    few = read(clones.repository, clones.repository, Cache(place))
    assert set(few) == {"a/web/main", "a/web/v1", "own/main"}
    assert all(b"dns/v2" in text for text in before)
    assert not any(b"dns/v2" in file.read_bytes() for file in place.iterdir())
    empty = pygit2.init_repository(str(tmp_path / "empty.git"), bare=True)
    assert read(empty, clones.repository, Cache(place)) == few


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        7,
        [{}, {}, []],
        ["", [7], [[None, None, "", ""]]],
        [{"x": -1}, {}, [[None, None, "", ""]]],
        [{"x": "y"}, {}, [[None, None, "", ""]]],
        [{}, {}, [[1]]],
    ],
)
def test_a_damaged_memory_costs_only_time(clones: Server, tmp_path: Path, value: object) -> None:
    cache = Cache(tmp_path / "cache")
    read(clones.repository, clones.repository, cache)
    answer, memory = sorted(file.stem for file in (tmp_path / "cache").iterdir())
    for damaged in ([answer], [memory], [answer, memory]):
        for name in damaged:
            cache.write(name, value)
        assert read(clones.repository, clones.repository, cache) == EXPECTED
    shutil.rmtree(tmp_path / "cache")
    assert read(clones.repository, clones.repository, cache) == EXPECTED


def test_a_kptfile_that_cannot_be_read_hides_no_other(clones: Server, tmp_path: Path) -> None:
    clones.commit({"edge/a/web/Kptfile": File(b"upstream: [")}, "refs/tags/edge/a/web/v3")
    for _ in range(2):
        found = read(clones.repository, clones.repository, Cache(tmp_path / "cache"))
        assert found.pop("a/web/v3").problem.startswith("Kptfile:")
        assert found == EXPECTED
