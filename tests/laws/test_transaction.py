"""Moves of refs, all or none, by the real Git; and that our simulated one does as Git does."""

import os
import random
import subprocess
from pathlib import Path

import pygit2
import pytest

from bot.errors import Moved, Refused, UserError
from bot.git.locks import STALE_SECONDS
from bot.git.transaction import Transaction
from tests.laws.death import Death, MortalTransaction

REFS = [f"refs/heads/{name}" for name in ("main", "drafts/a/x", "drafts/a/y", "drafts/b/x")]
# A name that excludes another; no step of ours moves both at once.
DEEPER = {"refs/heads/drafts/a/x": "refs/heads/drafts/a/x/deeper"}
ROUNDS = 60


def commits(repository: pygit2.Repository, count: int = 3) -> list[str]:
    tree = repository.TreeBuilder().write()
    who = pygit2.Signature("Ada", "ada@example.com")
    return [str(repository.create_commit(None, who, who, f"{n}", tree, [])) for n in range(count)]


def bare(path: Path) -> pygit2.Repository:
    return pygit2.init_repository(str(path), bare=True)


def test_the_simulated_git_does_as_git_does(tmp_path: Path) -> None:
    """Random transactions, on the same refs, by both."""
    chance = random.Random(7)  # noqa: S311 # no secret
    real, ours = bare(tmp_path / "real.git"), bare(tmp_path / "ours.git")
    ids = commits(real)
    names = dict(zip(ids, commits(ours), strict=True))  # the clock may tick between the two
    for _ in range(ROUNDS):
        first = Transaction(real.path)
        second = MortalTransaction(ours.path, repository=ours, death=Death())
        for ref in chance.sample(REFS, chance.randint(1, 3)):
            now = str(real.references[ref].target) if ref in real.references else ""
            expect = chance.choice([now, now, now, "", ids[0]])
            word = chance.choice(["move", "move", "delete", "keep"])
            new = chance.choice(ids)
            if word == "move":
                first.move(ref, new, expect)
                second.move(ref, names[new], names.get(expect, ""))
            elif word == "delete":
                first.delete(ref, expect)
                second.delete(ref, names.get(expect, ""))
            else:
                first.keep(ref, expect)
                second.keep(ref, names.get(expect, ""))
        assert outcome(first) is outcome(second), first.lines
        assert {name: names[str(real.references[name].target)] for name in real.references} == {
            name: str(ours.references[name].target) for name in ours.references
        }


def outcome(transaction: Transaction) -> type[UserError] | None:
    try:
        transaction.commit("a try")
    except UserError as error:
        return type(error)
    return None


@pytest.fixture
def killed(tmp_path: Path) -> tuple[pygit2.Repository, str]:
    """Prepare a repository in which Git was killed while it held the locks of two refs."""
    repository = bare(tmp_path / "r.git")
    (commit,) = commits(repository, 1)
    hook = tmp_path / "r.git" / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\n[ "$1" = prepared ] && kill -9 $PPID\nexit 0\n')
    hook.chmod(0o755)
    transaction = Transaction(repository.path)
    transaction.move("refs/heads/main", commit, "")
    transaction.move("refs/tags/a/v1", commit, "")
    with pytest.raises(UserError):
        transaction.commit("killed")
    hook.unlink()
    assert locks(repository)
    assert not list(repository.references)
    return repository, commit


def locks(repository: pygit2.Repository) -> list[Path]:
    return list(Path(repository.path).rglob("*.lock"))


def moved_main(repository: pygit2.Repository, commit: str) -> Transaction:
    transaction = Transaction(repository.path)
    transaction.move("refs/heads/main", commit, "")
    return transaction


def test_a_fresh_lock_is_respected(killed: tuple[pygit2.Repository, str]) -> None:
    repository, commit = killed
    with pytest.raises(Moved, match=r"Another process is changing .* taken away after 10 minutes"):
        moved_main(repository, commit).commit("again")
    assert len(locks(repository)) == 2


def test_the_lock_of_a_killed_git_is_taken_away(killed: tuple[pygit2.Repository, str]) -> None:
    repository, commit = killed
    for lock in locks(repository):
        then = lock.stat().st_mtime - STALE_SECONDS - 5
        os.utime(lock, (then, then))
    moved_main(repository, commit).commit("again")
    assert str(repository.references["refs/heads/main"].target) == commit
    assert [lock.name for lock in locks(repository)] == ["v1.lock"], "others stay until they are in the way"


def test_git_is_understood_in_every_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Git that speaks German unless it is asked not to."""
    repository = bare(tmp_path / "r.git")
    (commit,) = commits(repository, 1)
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(
        f'#!/bin/sh\n[ "$LC_ALL" = C ] && exec {real} "$@"\n{real} "$@" 2>/dev/null && exit 0\n'
        "echo 'Schwerwiegend: Referenz existiert bereits' >&2\nexit 128\n"
    )
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{git.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    moved_main(repository, commit).commit("first")
    with pytest.raises(Moved):
        moved_main(repository, commit).commit("second")


def test_names_that_exclude_each_other_are_refused(tmp_path: Path) -> None:
    repository = bare(tmp_path / "r.git")
    (commit,) = commits(repository, 1)
    repository.references.create("refs/heads/drafts/a/x", commit)
    transaction = Transaction(repository.path)
    transaction.move("refs/heads/drafts/a/x/deeper", commit, "")
    with pytest.raises(Refused, match="one is a part of the other"):
        transaction.commit("deeper")
