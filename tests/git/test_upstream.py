"""Packages fetched from real repositories: what a ref means, and how little is fetched."""

import shutil
import subprocess
from pathlib import Path

import pygit2
import pytest
from pygit2.enums import ObjectType

from bot.errors import TransportFailed
from bot.git.upstream import Upstreams
from bot.packages.kptfile import Upstream
from bot.packages.package import EXECUTABLE, LINK, SUBMODULE, File
from tests.git.conftest import MAIN, WHO, Server, package, text_of
from tests.git.web import Web


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
    server.commit(package("second"), *(f"refs/{ref}" for ref in refs))
    found = upstreams.fetch(Upstream(str(server.place), "a/b/c", asked))
    assert (found.upstream.ref, found.lock.ref, found.lock.commit) == (asked, expected, server.commits[1])


def test_of_several_refs_the_nearest_tag_wins_and_then_the_branch(
    server: Server, upstreams: Upstreams
) -> None:
    order = ["tags/a/b/c/v2", "tags/a/b/v2", "tags/a/v2", "heads/v2", "tags/v2"]
    for ref in order:
        server.commit(package(ref.replace("/", "-")), f"refs/{ref}")
    for ref in order:
        assert text_of(upstreams, str(server.place), "v2") == ref.replace("/", "-")
        server.repository.references.delete(f"refs/{ref}")


@pytest.mark.parametrize("protocol", ["v2", "v0"])
def test_a_commit_by_its_id(server: Server, web: Web, upstreams: Upstreams, protocol: str) -> None:
    """Every server has it, but the old ones only give it together with all the others."""
    web.is_old = protocol == "v0"
    second = server.commit(package("second"), MAIN)
    server.commit(package("third"), MAIN)
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
    server.commit(package("second"), MAIN)
    assert text_of(upstreams, repo) == "second"
    assert web.packs == 2 * once
    web.log.clear()
    assert upstreams.fetch_origin(first.lock) == first
    assert web.log == []


def test_no_more_history_than_is_needed(
    server: Server, web: Web, upstreams: Upstreams, tmp_path: Path
) -> None:
    server.commit(package("second"), MAIN)
    assert text_of(upstreams, f"{web.address}/blue.git") == "second"
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
    second = server.commit(package("second"), MAIN)
    subprocess.run(["git", "-C", server.place, "update-server-info"], check=True)
    web.is_dumb = True
    repo = f"{web.address}/blue.git"
    assert text_of(upstreams, repo, "main") == "second"
    assert text_of(upstreams, repo, second) == "second"
    assert text_of(upstreams, repo, server.commits[0]) == "first"


def test_the_branch_of_head_is_the_default(server: Server, upstreams: Upstreams) -> None:
    server.commit(package("second"), "refs/heads/trunk")
    server.repository.set_head("refs/heads/trunk")
    found = upstreams.fetch(Upstream(str(server.place), "a/b/c"))
    assert (found.upstream.ref, found.lock.commit) == ("trunk", server.commits[1])


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
