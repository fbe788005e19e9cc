"""Revision numbers never come back: tags and what the branch remembers are both counted."""

from pathlib import Path

import pygit2
import pytest
from pygit2.enums import FileMode

from bot.git.cache import Cache
from bot.git.history import highest_before, highest_revision, next_revision
from bot.packages.layout import Layout

LAYOUT = Layout()
WHO = pygit2.Signature("Ada", "ada@example.com", 1_700_000_000, 0)


@pytest.fixture
def repository(tmp_path: Path) -> pygit2.Repository:
    return pygit2.init_repository(str(tmp_path / "bare"), bare=True)


def _commit(repository: pygit2.Repository, message: str, *parents: pygit2.Oid) -> pygit2.Oid:
    return repository.create_commit(None, WHO, WHO, message, repository.TreeBuilder().write(), list(parents))


def _holding(repository: pygit2.Repository, *path: str) -> pygit2.Oid:
    """A commit whose only file is the Kptfile of the package at `path`."""
    oid, mode = repository.create_blob(b"kind: Kptfile\n"), FileMode.BLOB
    for name in ("Kptfile", *reversed(path)):
        builder = repository.TreeBuilder()
        builder.insert(name, oid, mode)
        oid, mode = builder.write(), FileMode.TREE
    return repository.create_commit(None, WHO, WHO, "held", oid, [])


def _main(repository: pygit2.Repository, target: pygit2.Oid) -> None:
    repository.create_reference("refs/heads/main", target, force=True)


def _approval(path: str, number: str) -> str:
    return f'Approving\n\nkpt:{{"package":"{path}","workspaceName":"w","revision":"{number}"}}\n'


@pytest.mark.parametrize("cached", [False, True])
def test_a_number_that_was_used_is_found(
    repository: pygit2.Repository, tmp_path: Path, *, cached: bool
) -> None:
    cache = Cache(tmp_path / "cache") if cached else None
    assert highest_revision(repository, LAYOUT, "a/b", cache) == 0
    first = _commit(repository, _approval("a/b", "3"))
    _main(repository, first)
    assert highest_revision(repository, LAYOUT, "a/b", cache) == 3
    assert highest_revision(repository, LAYOUT, "a", cache) == 0
    held = _holding(repository, "a", "b")
    repository.create_reference("refs/tags/a/b/v7", held)
    repository.create_reference("refs/tags/a/b/c/v9", held)
    repository.create_reference("refs/tags/a/b/not-a-number", held)
    assert highest_revision(repository, LAYOUT, "a/b", cache) == 7
    repository.create_reference("refs/tags/a/b/v999999999", first)  # does not hold the package
    repository.create_reference("refs/tags/a/b/8", first)
    assert highest_revision(repository, LAYOUT, "a/b", cache) == 7
    assert next_revision(repository, LAYOUT, "a/b", cache) == 9
    _main(repository, _commit(repository, _approval("a/b", "v11"), first))
    assert highest_revision(repository, LAYOUT, "a/b", cache) == 11


def test_a_drafts_own_words_do_not_count(repository: pygit2.Repository) -> None:
    base = _commit(repository, "base")
    draft = _commit(repository, _approval("a", "999"), base)
    task = 'kpt:{"package":"a","revision":"v55","task":{"type":"init"}}'
    _main(repository, _commit(repository, _approval("a", "1") + task, base, draft))
    assert highest_revision(repository, LAYOUT, "a") == 1


def _deletion(path: str, number: str) -> str:
    return _approval(path, number).replace("Approving", f"Delete {path}")


@pytest.mark.parametrize("cached", [False, True])
def test_a_deletion_that_was_merged_by_hand_is_believed_as_far_as_it_follows(
    repository: pygit2.Repository, tmp_path: Path, *, cached: bool
) -> None:
    cache = Cache(tmp_path / "cache") if cached else None
    base = _commit(repository, "base")
    for number, highest in (("2", 0), ("999", 0), ("1", 2), ("3", 3)):
        base = _commit(repository, "Merge", base, _commit(repository, _deletion("a", number), base))
        _main(repository, base)
        assert highest_revision(repository, LAYOUT, "a", cache) == highest
    told = _commit(repository, _approval("a", "4"), base, _commit(repository, _deletion("a", "5"), base))
    _main(repository, told)
    assert highest_revision(repository, LAYOUT, "a", cache) == 4
    assert highest_before(repository, LAYOUT, "a", str(told)) == 3


def test_a_rewritten_branch_is_read_again(repository: pygit2.Repository, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    base = _commit(repository, _approval("a", "1"))
    _main(repository, _commit(repository, _approval("a", "5"), base))
    assert highest_revision(repository, LAYOUT, "a", cache) == 5
    _main(repository, _commit(repository, _approval("a", "2"), base))
    assert highest_revision(repository, LAYOUT, "a", cache) == 2 == highest_revision(repository, LAYOUT, "a")


def test_a_damaged_cache_is_no_cache(repository: pygit2.Repository, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    _main(repository, _commit(repository, _approval("a", "4")))
    assert highest_revision(repository, LAYOUT, "a", cache) == 4
    for file in (tmp_path / "cache").iterdir():
        data = file.read_bytes()
        for damaged in (b"", data[:-1], data[:-3] + b"9]\n", b"\0" * 100):
            file.write_bytes(damaged)
            assert highest_revision(repository, LAYOUT, "a", cache) == 4
    shapes: list[object] = [["x"], {}, ["head", {"a": "b"}], None, 1]
    for value in shapes:
        for file in (tmp_path / "cache").iterdir():
            cache.write(file.stem, value)
        assert highest_revision(repository, LAYOUT, "a", cache) == 4
