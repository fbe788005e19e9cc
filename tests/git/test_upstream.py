"""Packages fetched from real repositories: what a ref means, and what is told when nothing can be fetched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pygit2
import pytest
from pygit2.enums import ObjectType

from bot.errors import AccessDenied, InvalidName, NotFound, TransportFailed
from bot.git.entries import Entry
from bot.git.trees import write_files
from bot.git.upstream import Upstreams, is_repository
from bot.packages.kptfile import Upstream
from bot.packages.package import EXECUTABLE, LINK, SUBMODULE, File, Files
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
    server.commit(_package("first"), MAIN, "refs/tags/v1")
    return server


@pytest.fixture
def web(server: Server) -> Iterator[Web]:
    with served(server.place.parent) as web:
        yield web


@pytest.fixture
def upstreams(tmp_path: Path) -> Upstreams:
    return Upstreams(tmp_path / "cache")


def _package(text: str) -> Files:
    return {
        "a/b/c/x.yaml": File(f"text: {text}\n".encode()),
        "a/b/c/run": File(b"#!", EXECUTABLE),
        "other/big": File(text.encode() * 100),
    }


def _text(upstreams: Upstreams, repo: str, ref: str = "") -> str:
    return upstreams.fetch(Upstream(repo, "/a/b/c", ref)).files["x.yaml"].content.decode()[6:-1]


@pytest.mark.parametrize("form", ["{}", "file://{}", "file://localhost{}"])
def test_a_package_with_its_ref_and_its_commit(server: Server, upstreams: Upstreams, form: str) -> None:
    repo = form.format(str(server.place).removesuffix(".git"))
    found = upstreams.fetch(Upstream(repo, "/a/b/c"))
    assert dict(found.files) == {"x.yaml": File(b"text: first\n"), "run": File(b"#!", EXECUTABLE)}
    assert found.upstream == Upstream(repo, "/a/b/c", "main")
    assert found.lock == Upstream(repo, "/a/b/c", "main", server.commits[0])
    assert upstreams.fetch_origin(found.lock) == found
    assert not found.warnings


@pytest.mark.parametrize(
    ("refs", "asked", "expected"),
    [
        (["heads/v2"], "v2", "v2"),
        (["tags/v2"], "v2", "v2"),
        (["tags/a/v2"], "v2", "a/v2"),
        (["tags/a/v2", "tags/v2", "heads/v2"], "v2", "a/v2"),
        (["tags/a/b/v2"], "v2", "a/b/v2"),
        (["tags/a/b/c/v2"], "v2", "a/b/c/v2"),
        (["tags/a/b/c/v2"], "a/b/c/v2", "a/b/c/v2"),
        (["heads/a/v2"], "a/v2", "a/v2"),
        (["pull/7/head"], "refs/pull/7/head", "refs/pull/7/head"),
        (["heads/v2"], "refs/heads/v2", "refs/heads/v2"),
    ],
)
def test_what_a_ref_means(
    server: Server, upstreams: Upstreams, refs: list[str], asked: str, expected: str
) -> None:
    server.commit(_package("second"), *(f"refs/{ref}" for ref in refs))
    found = upstreams.fetch(Upstream(str(server.place), "a/b/c", asked))
    assert (found.upstream.ref, found.lock.ref, found.lock.commit) == (asked, expected, server.commits[1])


def test_of_several_refs_the_nearest_tag_wins_and_then_the_branch(
    server: Server, upstreams: Upstreams
) -> None:
    order = ["tags/a/b/c/v2", "tags/a/b/v2", "tags/a/v2", "heads/v2", "tags/v2"]
    for ref in order:
        server.commit(_package(ref.replace("/", "-")), f"refs/{ref}")
    for ref in order:
        assert _text(upstreams, str(server.place), "v2") == ref.replace("/", "-")
        server.repository.references.delete(f"refs/{ref}")


@pytest.mark.parametrize("protocol", ["v2", "v0"])
def test_a_commit_by_its_id(server: Server, web: Web, upstreams: Upstreams, protocol: str) -> None:
    """Every server has it, but the old ones only give it together with all the others."""
    web.is_old = protocol == "v0"
    second = server.commit(_package("second"), MAIN)
    server.commit(_package("third"), MAIN)
    for asked in (second, second[:8], second[:8].upper()):
        found = upstreams.fetch(Upstream(f"{web.address}/blue.git", "a/b/c", asked))
        assert (found.lock.ref, found.lock.commit) == (asked, second)
        assert found.files["x.yaml"].content == b"text: second\n"


@pytest.mark.parametrize("protocol", ["v2", "v0"])
def test_tags_with_words_of_their_own(server: Server, web: Web, upstreams: Upstreams, protocol: str) -> None:
    web.is_old = protocol == "v0"
    inner = server.repository.create_tag(
        "inner", pygit2.Oid(hex=server.commits[0]), ObjectType.COMMIT, WHO, "m"
    )
    server.repository.create_tag("a/v9", inner, ObjectType.TAG, WHO, "m")
    repo = f"{web.address}/blue.git"
    found = upstreams.fetch(Upstream(repo, "a/b/c", "v9"))
    assert (found.lock.ref, found.lock.commit) == ("a/v9", server.commits[0])
    # kpt notes the id of the tag itself.
    assert upstreams.fetch_origin(found.lock._replace(commit=str(inner))).lock == found.lock


def test_what_is_on_the_shelf_is_not_fetched_again(server: Server, web: Web, upstreams: Upstreams) -> None:
    web.is_old = True  # which posts only for packs
    repo = f"{web.address}/blue.git"
    first = upstreams.fetch(Upstream(repo, "a/b/c"))
    once = web.packs
    assert once
    assert upstreams.fetch(Upstream(repo, "other", "v1")).files
    assert web.packs == once
    server.commit(_package("second"), MAIN)
    assert _text(upstreams, repo) == "second"
    assert web.packs == 2 * once
    web.log.clear()
    assert upstreams.fetch_origin(first.lock) == first
    assert web.log == []


def test_no_more_history_than_is_needed(
    server: Server, web: Web, upstreams: Upstreams, tmp_path: Path
) -> None:
    server.commit(_package("second"), MAIN)
    assert _text(upstreams, f"{web.address}/blue.git") == "second"
    (shelf,) = (tmp_path / "cache").glob("*/shelf.git")
    assert pygit2.Oid(hex=server.commits[0]) not in pygit2.Repository(str(shelf)).odb


def test_a_server_that_wants_the_suffix(server: Server, web: Web, upstreams: Upstreams) -> None:
    """The repository is written down without `.git`, and kpt then cannot fetch from such a server."""
    assert not server.repository.is_empty
    found = upstreams.fetch(Upstream(f"{web.address}/blue", "a/b/c"))
    assert found.lock.repo == f"{web.address}/blue"
    assert upstreams.fetch_origin(found.lock) == found
    shutil.rmtree(upstreams.place)
    assert upstreams.fetch_origin(found.lock) == found
    assert upstreams.branches(f"{web.address}/blue") == ["main"]
    with pytest.raises(TransportFailed, match="/green' cannot be reached"):
        upstreams.fetch(Upstream(f"{web.address}/green", "a"))


def test_a_server_of_files_alone(server: Server, web: Web, upstreams: Upstreams) -> None:
    second = server.commit(_package("second"), MAIN)
    subprocess.run(["git", "-C", server.place, "update-server-info"], check=True)
    web.is_dumb = True
    repo = f"{web.address}/blue.git"
    assert _text(upstreams, repo, "main") == "second"
    assert _text(upstreams, repo, second) == "second"
    assert _text(upstreams, repo, server.commits[0]) == "first"


@pytest.mark.parametrize("cut", [0, 3, 40, 300])
def test_a_line_that_breaks_leaves_nothing_half(
    server: Server, web: Web, upstreams: Upstreams, cut: int
) -> None:
    repo = f"{web.address}/blue.git"
    files = {f"a/b/c/{index}": File(os.urandom(500)) for index in range(50)}
    second = server.commit({**_package("second"), **files}, "refs/heads/second")
    assert _text(upstreams, repo) == "first"
    web.cut = cut
    for ref in ("second", second):
        with pytest.raises(TransportFailed, match="cannot be reached"):
            upstreams.fetch(Upstream(repo, "a/b/c", ref))
    assert _text(upstreams, repo) == "first"
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


def test_the_branch_of_head_is_the_default(server: Server, upstreams: Upstreams) -> None:
    server.commit(_package("second"), "refs/heads/trunk")
    server.repository.set_head("refs/heads/trunk")
    found = upstreams.fetch(Upstream(str(server.place), "a/b/c"))
    assert (found.upstream.ref, found.lock.commit) == ("trunk", server.commits[1])


@pytest.mark.parametrize("protocol", ["v2", "v0"])
def test_a_history_that_was_rewritten(server: Server, web: Web, upstreams: Upstreams, protocol: str) -> None:
    web.is_old = protocol == "v0"
    repo = f"{web.address}/blue.git"
    lock = upstreams.fetch(Upstream(repo, "a/b/c")).lock
    shutil.rmtree(server.place)
    Server(server.place).commit(_package("another"), MAIN)
    assert _text(upstreams, repo) == "another"
    # What was got before is still on the shelf …
    assert upstreams.fetch_origin(lock).files["x.yaml"].content == b"text: first\n"
    shutil.rmtree(upstreams.place)
    # … and without it, what is lost is told.
    with pytest.raises(NotFound, match=f"{lock.commit[:10]} .* history was rewritten.*is lost"):
        upstreams.fetch_origin(lock)
    assert _text(upstreams, repo) == "another"


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
    server.commit(_package("second"), MAIN)
    assert _text(upstreams, repo) == "second"
    assert _text(upstreams, repo, "v1") == "first"


def test_processes_fetch_one_repository_at_once(server: Server, web: Web, tmp_path: Path) -> None:
    for index in range(4):
        server.commit(_package(str(index)), f"refs/tags/t{index}")
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


def test_links_and_submodules_are_left_out_with_a_word(server: Server, upstreams: Upstreams) -> None:
    odd = {
        "p/x.yaml": File(b"a: b\n"),
        "p/link.yaml": File(b"x.yaml", LINK),
        "p/sub/etc": File(b"/etc", LINK),
        "p/module": File(b"1" * 40, SUBMODULE),
        "p/y.git/x.yaml": File(b"a: b\n"),
    }
    server.commit(odd, MAIN)
    found = upstreams.fetch(Upstream(str(server.place), "p"))
    assert list(found.files) == ["x.yaml"]
    assert found.warnings == (
        '[Warn] Ignoring symlink "link.yaml" ',
        '[Warn] Ignoring submodule "module" ',
        '[Warn] Ignoring symlink "sub/etc" ',
        "[Warn] Ignoring \"y.git/x.yaml\", because of the name that ends with '.git'",
    )


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
