"""Registered repositories read and prepared: on this machine in place, elsewhere in a mirror that heals."""

import subprocess
import sys
from pathlib import Path

import pygit2
import pytest

from bot.errors import Moved, NotFound, Refused, TransportFailed
from bot.git.mirror import Mirror
from bot.git.remote import list_refs, push
from bot.git.trees import write_files
from bot.packages.package import File

WHO = pygit2.Signature("Ada", "ada@example.com", 1_700_000_000, 0)
MAIN = "refs/heads/main"


@pytest.fixture
def server(tmp_path: Path) -> pygit2.Repository:
    repository = pygit2.init_repository(str(tmp_path / "server.git"), bare=True)
    _commit(repository, "first", ref=MAIN)
    return repository


@pytest.fixture
def address(server: pygit2.Repository, tmp_path: Path) -> str:
    """A URL that is no path: what is there is fetched, as from another machine."""
    assert not server.is_empty
    return f"file://localhost{tmp_path}/server.git"


def _commit(repository: pygit2.Repository, text: str, *parents: str, ref: str | None = None) -> str:
    tree = pygit2.Oid(hex=write_files(repository, {"file": File(text.encode())}))
    ids = [pygit2.Oid(hex=parent) for parent in parents]
    return str(repository.create_commit(ref, WHO, WHO, text, tree, ids))


def _head(repository: pygit2.Repository) -> str:
    return str(repository.references[MAIN].target)


def test_a_repository_here_is_read_where_it_lies(server: pygit2.Repository, tmp_path: Path) -> None:
    before = sorted(path for path in Path(server.path).rglob("*"))
    for url in (str(tmp_path / "server.git"), f"file://{tmp_path}/server.git"):
        mirror = Mirror(url, tmp_path / "place")
        mirror.refresh()
        assert _head(mirror.reading) == _head(server)
        assert not (tmp_path / "place").exists()
    new = _commit(mirror.writing, "second", _head(server))
    assert sorted(path for path in Path(server.path).rglob("*")) == before
    push(mirror.git_dir, mirror.url, {MAIN: new}, expect={MAIN: _head(server)})
    assert _head(server) == new


def test_a_repository_elsewhere_is_mirrored_and_pruned(
    server: pygit2.Repository, address: str, tmp_path: Path
) -> None:
    mirror = Mirror(address, tmp_path / "place")
    server.create_reference("refs/heads/drafts/a/w", _head(server))
    mirror.refresh()
    assert set(mirror.reading.references) == {MAIN, "refs/heads/drafts/a/w"}
    server.references.delete("refs/heads/drafts/a/w")
    second = _commit(server, "second", _head(server), ref=MAIN)
    mirror.refresh()
    assert set(mirror.reading.references) == {MAIN}
    assert _head(mirror.reading) == second


@pytest.mark.parametrize("damage", ["config", "HEAD", "objects", "pack", "refs", "everything"])
def test_a_broken_mirror_is_made_anew(address: str, tmp_path: Path, damage: str) -> None:
    Mirror(address, tmp_path / "place").refresh()
    bare = tmp_path / "place" / "mirror.git"
    match damage:
        case "config" | "HEAD":
            (bare / damage).write_bytes(b"[\0rubbish")
        case "objects":
            for file in [path for path in (bare / "objects").rglob("*") if path.is_file()]:
                file.unlink()
        case "pack":
            for file in [path for path in (bare / "objects").rglob("*") if path.is_file()]:
                file.chmod(0o644)
                file.write_bytes(b"rubbish")
        case "refs":
            (bare / "refs" / "heads" / "main").write_bytes(b"rubbish")
        case _:
            bare.rename(tmp_path / "gone")
            bare.write_bytes(b"a file")
            bare.unlink()
    mirror = Mirror(address, tmp_path / "place")
    mirror.refresh()
    assert mirror.reading[_head(mirror.reading)].peel(pygit2.Tree)["file"]


def test_what_cannot_be_reached_is_said_and_the_mirror_stays(address: str, tmp_path: Path) -> None:
    mirror = Mirror(address, tmp_path / "place")
    mirror.refresh()
    head = _head(mirror.reading)
    (tmp_path / "server.git").rename(tmp_path / "elsewhere")
    with pytest.raises(TransportFailed, match="cannot be reached"):
        mirror.refresh()
    assert _head(Mirror(address, tmp_path / "place").reading) == head
    with pytest.raises(NotFound):
        Mirror(str(tmp_path / "server.git"), tmp_path / "other").refresh()


def test_a_mirror_at_a_relative_place_tells_the_same(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mirror = Mirror(address, Path("place"))
    mirror.refresh()
    (tmp_path / "server.git").rename(tmp_path / "gone.git")
    with pytest.raises(TransportFailed, match="not appear to be a git repository"):
        mirror.refresh()


def test_a_push_expects_and_never_forces(server: pygit2.Repository, address: str, tmp_path: Path) -> None:
    mirror = Mirror(address, tmp_path / "place")
    mirror.refresh()
    first = _head(server)
    second = _commit(mirror.writing, "second", first)
    other = _commit(mirror.writing, "other")
    with pytest.raises(Moved):
        push(mirror.git_dir, address, {MAIN: second}, expect={MAIN: ""})
    with pytest.raises(Refused, match="would drop commits"):
        push(mirror.git_dir, address, {MAIN: other}, expect={MAIN: first})
    with pytest.raises(Moved):
        push(mirror.git_dir, address, {MAIN: other})
    with pytest.raises(Moved):
        push(mirror.git_dir, address, {MAIN: second, "refs/tags/a/v1": second}, expect={MAIN: second})
    assert list_refs(address) == {"HEAD": first, MAIN: first} or list_refs(address) == {MAIN: first}
    push(mirror.git_dir, address, {MAIN: second, "refs/tags/a/v1": second}, expect={MAIN: first})
    assert list_refs(address, "refs/tags/*") == {"refs/tags/a/v1": second}


def test_the_environment_of_a_hook_does_not_lead_astray(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH", "GIT_NAMESPACE", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, str(tmp_path / "astray"))
    mirror = Mirror(address, tmp_path / "place")
    mirror.refresh()
    assert MAIN in mirror.reading.references
    assert not (tmp_path / "astray").exists()


@pytest.mark.parametrize(
    "url", ["ext::sh -c touch% pwned", "--upload-pack=touch pwned", "git://h/x", "fd::3"]
)
def test_hostile_addresses_run_nothing(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TransportFailed):
        list_refs(url)
    assert list(tmp_path.iterdir()) == []


def test_a_password_in_a_url_is_not_repeated() -> None:
    with pytest.raises(TransportFailed) as caught:
        list_refs("http://ada:secret@127.0.0.1:1/x.git")
    assert "secret" not in str(caught.value)


def test_two_processes_refresh_one_mirror(address: str, tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from bot.git.mirror import Mirror\n"
    program += "for _ in range(3): Mirror(sys.argv[1], Path(sys.argv[2])).refresh()"
    words = [sys.executable, "-c", program, address, str(tmp_path / "place")]
    running = [subprocess.Popen(words) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
