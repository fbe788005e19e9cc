"""Packages read from trees and written to them: bytes, modes, odd names, hostile shapes."""

from pathlib import Path

import pygit2
import pytest
from pygit2.enums import ObjectType

from bot.errors import InvalidName, NotFound, UserError
from bot.git import trees
from bot.git.entries import TREE, Entry, format_tree, parse_tree
from bot.git.trees import package_tree, read_files, write_files, write_tree_at
from bot.packages.package import EXECUTABLE, LINK, SUBMODULE, File

FILES = {
    "Kptfile": File(b"kind: Kptfile\r\n"),
    "binary": File(bytes(range(256))),
    "run.sh": File(b"#!/bin/sh", EXECUTABLE),
    "sub/link": File(b"../binary", LINK),
    "sub/module": File(b"1" * 40, SUBMODULE),
    "sub/odd\udcff": File(b"name is not UTF-8"),
    "sub.a": File(b"sorts before sub/"),
}


@pytest.fixture
def repository(tmp_path: Path) -> pygit2.Repository:
    return pygit2.init_repository(str(tmp_path), bare=True)


def test_files_survive_writing_and_reading(repository: pygit2.Repository) -> None:
    tree = write_files(repository, FILES)
    assert read_files(repository, tree) == FILES
    root = write_tree_at(repository, None, "a/b/c", tree)
    assert read_files(repository, root, "a/b/c") == FILES
    assert package_tree(repository, root, "a/b/c") == tree
    assert package_tree(repository, root, "a/b/d") == ""
    assert read_files(repository, root, "a/b/c/Kptfile") == {}


def test_git_agrees_with_the_trees_we_write(repository: pygit2.Repository) -> None:
    root = write_tree_at(repository, None, "a/b", write_files(repository, FILES))
    index = pygit2.Index()
    index.read_tree(repository[root].peel(pygit2.Tree))
    assert str(index.write_tree(repository)) == root


def test_writing_onto_a_tree_keeps_the_rest(repository: pygit2.Repository) -> None:
    tree = write_files(repository, FILES)
    changed = {"sub/link": File(b"now a file"), "new/deep/file": File(b"x")}
    assert read_files(repository, write_files(repository, changed, onto=tree)) == {**FILES, **changed}


def test_removing_a_package_leaves_no_empty_directory(repository: pygit2.Repository) -> None:
    tree = write_files(repository, {"Kptfile": File(b"")})
    root = write_tree_at(repository, write_tree_at(repository, None, "a/b/c", tree), "x", tree)
    assert set(read_files(repository, write_tree_at(repository, root, "a/b/c", None))) == {"x/Kptfile"}
    assert package_tree(repository, write_tree_at(repository, root, "a/b/c", None), "a") == ""
    assert write_tree_at(repository, root, "no/such", None) == root
    only = write_tree_at(repository, None, "x", tree)
    assert read_files(repository, write_tree_at(repository, only, "x", None)) == {}


def test_an_empty_tree_left_by_porch_is_borne(repository: pygit2.Repository) -> None:
    empty = str(repository.write(ObjectType.TREE, b""))
    root = str(repository.write(ObjectType.TREE, format_tree({"apps": Entry(TREE, empty)})))
    assert read_files(repository, root) == {}
    assert package_tree(repository, root, "apps") == empty
    tree = write_files(repository, {"Kptfile": File(b"")})
    assert read_files(repository, write_tree_at(repository, root, "apps/web", tree), "apps/web")


@pytest.mark.parametrize("path", ["../x", ".git/config", "a//b", "a/.GIT/x", "", "a/", "."])
def test_a_forbidden_path_is_refused(repository: pygit2.Repository, path: str) -> None:
    with pytest.raises(InvalidName, match="must not be called"):
        write_files(repository, {path: File(b"")})


def test_a_path_is_not_a_file_and_a_directory(repository: pygit2.Repository) -> None:
    with pytest.raises(UserError, match="'a' must be a file or a directory"):
        write_files(repository, {"a": File(b""), "a/b": File(b"")})


def test_a_tree_that_repeats_itself_is_too_large(repository: pygit2.Repository) -> None:
    tree = write_files(repository, {"Kptfile": File(b"")})
    for _ in range(20):
        tree = str(
            repository.write(ObjectType.TREE, format_tree({f"{i}": Entry(TREE, tree) for i in range(10)}))
        )
    with pytest.raises(UserError, match="too large"):
        read_files(repository, tree)


def test_a_very_deep_tree_is_too_large_but_can_be_written(repository: pygit2.Repository) -> None:
    tree = write_files(repository, {"Kptfile": File(b"")})
    root = write_tree_at(repository, None, "/".join("a" * 1500), tree)
    with pytest.raises(UserError, match="too large"):
        read_files(repository, root)


def test_too_many_bytes_are_not_even_read(
    repository: pygit2.Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "MOST_BYTES", 10)
    with pytest.raises(UserError, match="'p' is too large"):
        read_files(repository, write_tree_at(repository, None, "p", write_files(repository, FILES)), "p")


def test_missing_objects_are_named(repository: pygit2.Repository) -> None:
    with pytest.raises(NotFound, match="11111"):
        read_files(repository, "1" * 40)
    root = str(
        repository.write(
            ObjectType.TREE, format_tree({"f": Entry(0o100644, str(repository.create_blob(b"")))})
        )
    )
    assert parse_tree(repository.read(root)[1])
    with pytest.raises(UserError, match="broken"):
        parse_tree(repository.read(root)[1] + b"x")
