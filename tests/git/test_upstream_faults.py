"""What is told when a package cannot be fetched, and that nothing is left half done."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pygit2
import pytest
from pygit2.enums import ObjectType

from bot.errors import AccessDenied, InvalidName, NotFound, TransportFailed, UserError
from bot.git.entries import Entry
from bot.git.trees import write_files
from bot.git.upstream import Upstreams, is_repository
from bot.packages.kptfile import Upstream
from bot.packages.package import File
from tests.git.conftest import MAIN, Server, package, text_of
from tests.git.web import Web


@pytest.mark.parametrize("cut", [0, 300])
def test_a_line_that_breaks_leaves_nothing_half(
    server: Server, web: Web, upstreams: Upstreams, cut: int
) -> None:
    repo = f"{web.address}/blue.git"
    files = {f"a/b/c/{index}": File(os.urandom(500)) for index in range(50)}
    second = server.commit({**package("second"), **files}, "refs/heads/second")
    assert text_of(upstreams, repo) == "first"
    web.cut = cut
    for ref in ("second", second):
        with pytest.raises(TransportFailed, match="cannot be reached"):
            upstreams.fetch(Upstream(repo, "a/b/c", ref))
    assert text_of(upstreams, repo) == "first"
    web.cut = -1
    assert len(upstreams.fetch(Upstream(repo, "a/b/c", "second")).files) == 52


def test_wrong_credentials_are_told_once_and_without_the_secret(
    web: Web, upstreams: Upstreams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")
    web.password = "right"  # noqa: S105 of nobody
    host = web.address.removeprefix("http://")
    with pytest.raises(AccessDenied) as caught:
        upstreams.fetch(Upstream(f"http://ada:wr0ng@{host}/blue.git", "a/b/c"))
    assert "wr0ng" not in str(caught.value)
    assert str(caught.value).count("denies access") == 1
    assert sum("GET" in line for line in web.log) <= 2  # once without them, as Git does, and once with them
    with pytest.raises(AccessDenied, match="credential helper"):
        upstreams.fetch(Upstream(f"{web.address}/blue", "a/b/c"))
    found = upstreams.fetch(Upstream(f"http://ada:right@{host}/blue.git", "a/b/c"))
    assert found.lock.repo == found.upstream.repo == f"{web.address}/blue.git"
    kept = [path.read_bytes() for path in upstreams.place.rglob("*") if path.is_file()]
    assert not any(b"right" in content for content in kept)


@pytest.mark.parametrize(
    ("directory", "ref", "said"),
    [
        ("/a/b/c", "nope", 'Unknown ref "nope"'),
        ("/a/b/c", "0" * 40, "Unknown ref"),
        ("/a/b/c", "abcdef0", "Unknown ref"),
        ("/a/b/c", "HEAD", "Unknown ref"),
        ("/a/nope", "main", 'path "/a/nope" does not exist in repo'),
        ("/a/b/c/x.yaml", "v1", "does not exist in repo"),
    ],
)
def test_refs_and_directories_that_are_gone(
    server: Server, upstreams: Upstreams, directory: str, ref: str, said: str
) -> None:
    with pytest.raises(NotFound, match=said):
        upstreams.fetch(Upstream(str(server.place), directory, ref))


def test_a_tag_that_is_no_commit(server: Server, upstreams: Upstreams) -> None:
    blob = server.repository.create_blob(b"x")
    server.repository.references.create("refs/tags/blob", blob)
    with pytest.raises(NotFound, match="Unknown ref"):
        upstreams.fetch(Upstream(str(server.place), "/", "blob"))
    with pytest.raises(NotFound, match="Unknown ref"):
        upstreams.fetch(Upstream(str(server.place), "/", str(blob)))


def test_an_empty_repository_has_no_default_branch(tmp_path: Path, upstreams: Upstreams) -> None:
    pygit2.init_repository(str(tmp_path / "empty"))
    with pytest.raises(NotFound, match="no default branch, or is empty"):
        upstreams.fetch(Upstream(str(tmp_path / "empty"), "/"))


@pytest.mark.parametrize("protocol", ["v2", "v0"])
def test_a_history_that_was_rewritten(server: Server, web: Web, upstreams: Upstreams, protocol: str) -> None:
    web.is_old = protocol == "v0"
    repo = f"{web.address}/blue.git"
    lock = upstreams.fetch(Upstream(repo, "a/b/c")).lock
    shutil.rmtree(server.place)
    Server(server.place).commit(package("another"), MAIN)
    assert text_of(upstreams, repo) == "another"
    # What was got before is still on the shelf …
    assert upstreams.fetch_origin(lock).files["x.yaml"].content == b"text: first\n"
    shutil.rmtree(upstreams.place)
    # … and without it, what is lost is told.
    with pytest.raises(NotFound, match=f"{lock.commit[:10]} .* history was rewritten.*is lost"):
        upstreams.fetch_origin(lock)
    assert text_of(upstreams, repo) == "another"


def test_a_repository_that_is_gone_or_none(server: Server, upstreams: Upstreams, tmp_path: Path) -> None:
    lock = upstreams.fetch(Upstream(str(server.place), "a/b/c")).lock
    server.place.rename(tmp_path / "elsewhere")
    with pytest.raises(TransportFailed, match="cannot be reached"):
        upstreams.fetch(Upstream(str(server.place), "a/b/c"))
    assert upstreams.fetch_origin(lock).files
    assert not is_repository(str(server.place))
    assert is_repository(str(tmp_path / "elsewhere"))


@pytest.mark.parametrize("damage", ["pack", "refs", "config", "lock", "everything", "shallow"])
def test_a_damaged_shelf_is_made_anew(server: Server, web: Web, upstreams: Upstreams, damage: str) -> None:
    repo = f"{web.address}/blue.git"
    lock = upstreams.fetch(Upstream(repo, "a/b/c")).lock
    (shelf,) = upstreams.place.glob("*/shelf.git")
    match damage:
        case "pack":
            for file in [path for path in (shelf / "objects").rglob("*") if path.is_file()]:
                file.chmod(0o644)
                file.write_bytes(b"rubbish")
        case "refs":
            for file in [path for path in (shelf / "refs").rglob("*") if path.is_file()]:
                file.write_bytes(b"rubbish")
        case "config":
            (shelf / "config").write_bytes(b"[\0rubbish")
        case "lock":  # of a Git that was killed
            (shelf / "shallow.lock").touch()
        case "shallow":
            (shelf / "shallow").write_bytes(b"rubbish")
        case _:
            shutil.rmtree(shelf)
            shelf.write_bytes(b"a file")
    assert upstreams.fetch_origin(lock).files["x.yaml"].content == b"text: first\n"
    server.commit(package("second"), MAIN)
    assert text_of(upstreams, repo) == "second"
    assert text_of(upstreams, repo, "v1") == "first"


def test_processes_fetch_one_repository_at_once(server: Server, web: Web, tmp_path: Path) -> None:
    for index in range(4):
        server.commit(package(str(index)), f"refs/tags/t{index}")
    program = """
import sys
from pathlib import Path
from bot.git.upstream import Upstreams
from bot.packages.kptfile import Upstream
for ref in sys.argv[3:]:
    found = Upstreams(Path(sys.argv[1])).fetch(Upstream(sys.argv[2], "a/b/c", ref))
    assert found.files["x.yaml"].content == b"text: %s\\n" % ref[1:].encode()
"""
    words = [sys.executable, "-c", program, str(tmp_path / "cache"), f"{web.address}/blue.git"]
    refs = ["t0", "t1", "t2", "t3"]
    running = [subprocess.Popen([*words, *refs[index:], *refs[:index]]) for index in range(4)]
    assert [process.wait() for process in running] == [0, 0, 0, 0]


@pytest.mark.parametrize("name", [b"..", b".git", b".GIT", b"."])
def test_names_that_lead_out_are_refused(server: Server, upstreams: Upstreams, name: bytes) -> None:
    below = write_files(server.repository, {"x.yaml": File(b"a: b\n")})
    entry = Entry(0o40000, below)
    raw = b"%o %s\0%s" % (entry.mode, name, bytes.fromhex(entry.oid))
    server.commit_tree(str(server.repository.write(ObjectType.TREE, raw)), MAIN)
    with pytest.raises((InvalidName, TransportFailed), match=r"must not be written|cannot be reached"):
        upstreams.fetch(Upstream(str(server.place), "/"))


@pytest.mark.parametrize(
    "upstream",
    [
        Upstream("{}", "/", "-o"),
        Upstream("{}", "/", "--upload-pack=touch pwned"),
        Upstream("{}", "/", "a b"),
        Upstream("{}", "/", "*"),
        Upstream("{}", "../x", "main"),
        Upstream("{}", "x" * 2000, "main"),
        Upstream("--upload-pack=touch pwned", "/", "main"),
        Upstream("ext::sh -c touch% pwned", "/", "main"),
        Upstream("git://127.0.0.1:1/x", "/", "main"),
        Upstream("", "/", "main"),
        Upstream("http://u:s3cret/t@h/x", "/", "main"),
    ],
)
def test_hostile_kptfiles_run_nothing(
    server: Server, upstreams: Upstreams, upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    named = upstream._replace(repo=upstream.repo.format(server.place))
    with pytest.raises(InvalidName) as caught:
        upstreams.fetch(named)
    assert "s3cret" not in str(caught.value)
    with pytest.raises(InvalidName):
        upstreams.fetch_origin(named._replace(commit="--upload-pack=touch pwned"))
    assert list((tmp_path / "work").iterdir()) == []


def test_a_deep_directory_is_asked_for_in_bounds(server: Server, upstreams: Upstreams) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        upstreams.fetch(Upstream(str(server.place), "a/" * 500, "main"))
    with pytest.raises(NotFound, match="Unknown ref"):
        upstreams.fetch(Upstream(str(server.place), "a/" * 500, "x" * 1000))


def test_a_cache_that_cannot_be_written_is_told(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Exception, match="cannot be written") as caught:
        Upstreams(tmp_path / "file").fetch(Upstream(str(server.place), "/"))
    assert "PORTICO_HOME" in str(caught.value)


def test_one_that_is_killed_bars_no_other(server: Server, web: Web, upstreams: Upstreams) -> None:
    files = {f"a/b/c/{index}": File(os.urandom(2000)) for index in range(300)}
    program = """
import sys
from pathlib import Path
from bot.git.upstream import Upstreams
from bot.packages.kptfile import Upstream
print("on its way", flush=True)
Upstreams(Path(sys.argv[1])).fetch(Upstream(sys.argv[2], "a/b/c", sys.argv[3]))
"""
    repo = f"{web.address}/blue.git"
    for seconds in (0, 0.03, 0.06, 0.1):
        second = server.commit({**package("second"), **files, "a/n": File(str(seconds).encode())}, MAIN)
        words = [sys.executable, "-c", program, str(upstreams.place), repo, second]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            assert running.stdout.readline() == b"on its way\n"
            time.sleep(seconds)
            running.kill()
        assert len(upstreams.fetch(Upstream(repo, "a/b/c", second)).files) == 302


def test_a_cache_that_cannot_be_used_is_told(server: Server, upstreams: Upstreams, tmp_path: Path) -> None:
    upstreams.fetch(Upstream(str(server.place), "/"))
    (place,) = upstreams.place.iterdir()
    shutil.rmtree(place / "shelf.git")
    (tmp_path / "precious").mkdir()
    (place / "shelf.git").symlink_to(tmp_path / "precious")
    with pytest.raises(UserError, match=r"cannot be used.*PORTICO_HOME"):
        upstreams.fetch(Upstream(str(server.place), "/"))
    assert (tmp_path / "precious").exists()
