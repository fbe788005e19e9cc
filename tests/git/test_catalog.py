"""Package revisions found in repositories that people, Porch and accidents made."""

import random
from collections.abc import Mapping
from pathlib import Path

import pygit2
import pytest
from pygit2.enums import ObjectType

from bot.git.cache import Cache
from bot.git.catalog import Catalog, discover, discover_package
from bot.git.entries import TREE, Entry, format_tree
from bot.git.repository import open_repository
from bot.git.trees import write_files, write_tree_at
from bot.packages.layout import Layout
from bot.packages.package import LINK, File, Files
from bot.packages.revision import Lifecycle

LAYOUT = Layout()
WHO = pygit2.Signature("Ada", "ada@example.com", 1_700_000_000, 0)
KPTFILE = {"Kptfile": File(b"kind: Kptfile\n")}


class Estate:
    """A bare repository, filled by hand."""

    def __init__(self, path: Path) -> None:
        self.git = pygit2.init_repository(str(path), bare=True)
        self.path = path

    def commit(self, packages: Mapping[str, Files], message: str = "x") -> str:
        root = None
        for path, files in packages.items():
            root = write_tree_at(self.git, root, path, write_files(self.git, files))
        tree = root or str(self.git.write(ObjectType.TREE, b""))
        return str(self.git.create_commit(None, WHO, WHO, message, pygit2.Oid(hex=tree), []))

    def ref(self, name: str, target: str) -> None:
        self.git.create_reference(name, pygit2.Oid(hex=target), force=True)

    def loose(self, name: bytes, content: bytes) -> None:
        file = Path(self.path, name.decode("utf-8", "surrogateescape"))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def discover(self, layout: Layout = LAYOUT, cache: Cache | None = None) -> Catalog:
        return discover(open_repository(self.path), layout, cache)


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    return Estate(tmp_path / "bare")


def shown(catalog: Catalog) -> list[str]:
    return [f"{r.path} {r.workspace} {r.revision} {r.lifecycle}{' *' * r.latest}" for r in catalog.revisions]


def test_an_empty_repository_is_empty(estate: Estate) -> None:
    assert estate.discover() == Catalog()
    assert discover_package(estate.git, LAYOUT, "a/b") == Catalog()


def test_a_missing_branch_is_said(estate: Estate) -> None:
    estate.ref("refs/heads/trunk", estate.commit({"a": KPTFILE}))
    (problem,) = estate.discover().problems
    assert problem.where == "refs/heads/main"
    assert "'main' does not exist" in problem.message
    assert shown(estate.discover(Layout("trunk"))) == ["a trunk -1 Published"]


def test_annotated_nested_and_handmade_tags_are_read(estate: Estate) -> None:
    commit = estate.commit({"a/b": KPTFILE}, 'x\n\nkpt:{"package":"a/b","workspaceName":"ws"}\nkpt:{bad\n')
    tag = estate.git.create_tag("a/b/v1", pygit2.Oid(hex=commit), ObjectType.COMMIT, WHO, "annotated")
    estate.git.create_tag("a/b/v2", tag, ObjectType.TAG, WHO, "a tag of a tag")
    estate.ref(
        "refs/tags/a/b/v10", estate.commit({"a/b": KPTFILE}, 'kpt:{"package":"a","workspaceName":"n"}')
    )
    estate.ref("refs/tags/a/b/3", commit)
    estate.ref("refs/tags/a/b/v2.0.0", commit)
    estate.ref("refs/tags/release", commit)
    catalog = estate.discover()
    assert shown(catalog) == [
        "a/b v10 10 Published *",
        "a/b v2.0.0 -1 Published",
        "a/b ws 1 Published",
        "a/b ws 2 Published",
        "a/b ws 3 Published",
    ]
    assert {row.commit for row in catalog.revisions if row.workspace == "ws"} == {commit}
    assert [p.where for p in catalog.problems] == ["refs/tags/a/b/3", "refs/tags/a/b/v2"]
    assert "'ws' of the package is that of 'refs/tags/a/b/v1' too" in catalog.problems[0].message


def test_deletions_are_proposed_for_tags_and_placeholders(estate: Estate) -> None:
    commit = estate.commit({"a": KPTFILE, "b": KPTFILE})
    estate.ref("refs/heads/nested/release", commit)
    estate.ref("refs/tags/a/v1", commit)
    estate.ref("refs/heads/deletionProposed/a/v1", commit)
    estate.ref("refs/heads/deletionProposed/b/nested/release", commit)
    layout = Layout("nested/release")
    assert shown(estate.discover(layout)) == [
        "a nested/release -1 Published",
        "a v1 1 DeletionProposed *",
        "b nested/release -1 DeletionProposed",
    ]
    alone = discover_package(estate.git, layout, "b").revisions
    assert [row.lifecycle for row in alone] == [Lifecycle.DELETION_PROPOSED]


def test_a_kptfile_must_be_a_file_and_hides_those_below(estate: Estate) -> None:
    link = {"Kptfile": File(b"other", LINK), "sub/Kptfile": File(b"")}
    packages = {"link": link, "dir": {"Kptfile/x": File(b"")}, "out": {**KPTFILE, "in/Kptfile": File(b"")}}
    commit = estate.commit(packages)
    estate.ref("refs/heads/main", commit)
    estate.ref("refs/tags/link/v1", commit)
    estate.ref("refs/tags/out/in/v1", commit)
    catalog = estate.discover()
    assert shown(catalog) == [
        "link/sub main -1 Published",
        "out main -1 Published",
        "out/in v1 1 Published *",
    ]
    assert {p.where for p in catalog.problems} == {
        "main:dir/Kptfile",
        "main:link/Kptfile",
        "refs/tags/link/v1",
    }


def test_nothing_malformed_hides_the_rest(estate: Estate) -> None:
    good = estate.commit({"a": KPTFILE})
    blob = str(estate.git.create_blob(b"x"))
    estate.ref("refs/heads/main", good)
    estate.ref("refs/heads/drafts/a/ws", good)
    estate.ref("refs/heads/drafts/alone", good)
    estate.ref("refs/heads/drafts/nothing/here", good)
    estate.ref("refs/tags/a/v1", blob)
    estate.ref("refs/tags/a/v2", good)
    estate.loose(b"refs/tags/a/v3", b"1" * 40 + b"\n")
    estate.loose(b"refs/tags/a/v4", b"rubbish")
    estate.loose(b"refs/tags/a/v5", b"")
    estate.loose(b"refs/tags/a/v6", b"ref: refs/heads/gone\n")
    estate.loose(b"refs/tags/a/v7", b"ref: refs/heads/main\n")
    estate.loose(b"refs/tags/a/v8.lock", b"")
    estate.loose(b"refs/heads/drafts/a/caf\xe9", good.encode())
    catalog = estate.discover()
    assert shown(catalog) == [
        "a main -1 Published",
        "a v2 2 Published",
        "a v7 7 Published *",
        "a ws 0 Draft",
    ]
    assert {problem.where for problem in catalog.problems} == {
        "refs/heads/drafts/alone",
        "refs/heads/drafts/nothing/here",
        *(f"refs/tags/a/v{n}" for n in (1, 3, 4, 5, 6)),
        "refs/heads/drafts/a/caf\\xe9",
    }


def test_what_was_missing_is_looked_for_again(estate: Estate, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    commit = estate.commit({"a": KPTFILE})
    file = estate.path / "objects" / commit[:2] / commit[2:]
    data = file.read_bytes()
    estate.ref("refs/tags/a/v1", commit)
    file.unlink()
    assert len(estate.discover(cache=cache).problems) == 1
    file.write_bytes(data)
    assert shown(estate.discover(cache=cache)) == ["a v1 1 Published *"]


def test_a_hostile_branch_is_a_problem_and_no_crash(estate: Estate) -> None:
    tree = write_files(estate.git, KPTFILE)
    for _ in range(9):
        entries = {f"{i}": Entry(TREE, tree) for i in range(10)}
        tree = str(estate.git.write(ObjectType.TREE, format_tree(entries)))
    bomb = str(estate.git.create_commit(None, WHO, WHO, "", pygit2.Oid(hex=tree), []))
    estate.ref("refs/tags/a/v1", estate.commit({"a": KPTFILE}))
    estate.ref("refs/heads/main", bomb)
    catalog = estate.discover()
    assert shown(catalog) == ["a v1 1 Published *"]
    assert "more than 100000 packages" in catalog.problems[0].message
    deep = write_tree_at(estate.git, None, "/".join("d" * 500), write_files(estate.git, KPTFILE))
    estate.ref("refs/heads/main", str(estate.git.create_commit(None, WHO, WHO, "", pygit2.Oid(hex=deep), [])))
    assert "deep" in estate.discover().problems[0].message


def test_a_directory_with_an_odd_name_is_a_problem(estate: Estate) -> None:
    estate.ref("refs/heads/main", estate.commit({"caf\udce9": KPTFILE, "new\nline": KPTFILE, "é": KPTFILE}))
    catalog = estate.discover()
    assert shown(catalog) == ["é main -1 Published"]
    assert [p.where for p in catalog.problems] == ["main:caf\\xe9/Kptfile", "main:new\\x0aline/Kptfile"]


def test_after_any_change_the_cache_says_what_a_fresh_look_says(estate: Estate, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    chance = random.Random(7)  # noqa: S311 a game that must repeat itself
    paths = ["a", "a/b", "c", "c/d/e"]
    names = [f"{kind}/{path}" for path in paths for kind in ("drafts", "proposed", "deletionProposed")]
    refs = [f"refs/heads/{name}/{suffix}" for name in names for suffix in ("v1", "w")]
    refs += [f"refs/tags/{path}/{suffix}" for path in paths for suffix in ("v1", "v2", "x")]
    refs += ["refs/heads/deletionProposed/c/main", "refs/heads/drafts/bad"]
    commits = [
        estate.commit(dict.fromkeys(chance.sample(paths, chance.randint(1, 3)), KPTFILE), f"{number}")
        for number in range(12)
    ]
    for step in range(120):
        ref = "refs/heads/main" if step % 7 == 0 else chance.choice(refs)
        if ref in estate.git.references and chance.random() < 0.4:
            estate.git.references.delete(ref)
        elif not any(o.startswith(ref + "/") or ref.startswith(o + "/") for o in estate.git.references):
            estate.ref(ref, chance.choice(commits))
        if step % 20 == 0:
            estate.git.compress_references()
        fresh = estate.discover()
        assert estate.discover(cache=cache) == fresh
        assert estate.discover(cache=cache) == fresh
        for path in paths:
            alone = discover_package(open_repository(estate.path), LAYOUT, path)
            assert alone.revisions == tuple(row for row in fresh.revisions if row.path == path)


def test_a_linked_working_tree_shows_its_repository(estate: Estate, tmp_path: Path) -> None:
    estate.ref("refs/heads/main", estate.commit({"a": KPTFILE}))
    estate.git.set_head("refs/heads/main")
    estate.git.add_worktree("w", str(tmp_path / "w"))
    catalog = discover(open_repository(tmp_path / "w"), LAYOUT)
    assert shown(catalog) == ["a main -1 Published"]
