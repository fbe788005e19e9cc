"""Many refs are pushed at once, and what becomes of one is told of that one alone."""

import subprocess
from pathlib import Path

import pytest

from bot.errors import Moved, Refused, TransportFailed
from bot.git.remote import Answer, push_each

REFS = ("refs/heads/a", "refs/heads/b", "refs/heads/c", "refs/heads/d", "refs/heads/e")
ONE = "#!/bin/sh\nif grep -q refs/heads/b; then echo 'b is closed' >&2; exit 1; fi\necho welcome >&2\n"
EACH = "#!/bin/sh\n[ $1 != refs/heads/d ] || { echo 'd is closed' >&2; exit 1; }\n"


def _git(place: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(place), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A bare repository with one commit."""
    _git(tmp_path, "init", "-q", "--bare", "here.git")
    place = tmp_path / "here.git"
    tree = _git(place, "hash-object", "-t", "tree", "-w", "/dev/null")
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    commit = _git(place, *who, "commit-tree", "-m", "x", tree)
    _git(place, "update-ref", "refs/heads/main", commit)
    return place


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """The empty bare repository that is pushed to."""
    _git(tmp_path, "init", "-q", "--bare", "there.git")
    return tmp_path / "there.git"


def _pushed(here: Path, there: Path) -> dict[str, object]:
    commit = _git(here, "rev-parse", "main")
    outcomes = push_each(here, str(there), dict.fromkeys(REFS, commit), dict.fromkeys(REFS, ""))
    assert set(outcomes) == set(REFS)
    return dict(outcomes)


def _heads(there: Path) -> list[str]:
    return _git(there, "for-each-ref", "--format=%(refname)").split()


def _hook(there: Path, name: str, script: str) -> None:
    hook = there / "hooks" / name
    hook.write_text(script)
    hook.chmod(0o755)


def test_all_go_where_nothing_is_in_the_way(here: Path, there: Path) -> None:
    assert all(isinstance(each, Answer) for each in _pushed(here, there).values())
    assert _heads(there) == list(REFS)


def test_one_that_is_there_already_stops_no_other(here: Path, there: Path) -> None:
    commit = _git(here, "rev-parse", "main")
    _git(here, "push", "-q", str(there), f"{commit}:refs/heads/c")
    outcomes = _pushed(here, there)
    assert isinstance(outcomes.pop("refs/heads/c"), Answer)  # it is where it was to go
    _git(there, "update-ref", "-d", "refs/heads/a")
    other = _git(here, "-c", "user.name=A", "-c", "user.email=a@x", "commit-tree", "-m", "y", "main^{tree}")
    _git(here, "push", "-q", "-f", str(there), f"{other}:refs/heads/c")
    outcomes = _pushed(here, there)
    assert isinstance(outcomes["refs/heads/c"], Moved)
    assert "refs/heads/a" in _heads(there)
    assert _git(there, "rev-parse", "refs/heads/c") == other


@pytest.mark.parametrize(("hook", "script", "closed"), [("pre-receive", ONE, "b"), ("update", EACH, "d")])
def test_one_that_a_hook_refuses_stops_no_other(
    here: Path, there: Path, hook: str, script: str, closed: str
) -> None:
    _hook(there, hook, script)
    outcomes = _pushed(here, there)
    refused = outcomes.pop(f"refs/heads/{closed}")
    assert isinstance(refused, Refused)
    assert str(refused).startswith(f"{closed} is closed")
    assert all(isinstance(each, Answer) for each in outcomes.values())
    assert _heads(there) == [ref for ref in REFS if not ref.endswith(closed)]


def test_what_a_hook_wrote_is_told_of_what_went(here: Path, there: Path) -> None:
    _hook(there, "pre-receive", ONE)
    assert _pushed(here, there)["refs/heads/a"] == Answer("welcome")


def test_where_nobody_is_there_all_fail_alike(here: Path, tmp_path: Path) -> None:
    outcomes = _pushed(here, tmp_path / "nowhere.git")
    assert all(isinstance(each, TransportFailed) for each in outcomes.values())
