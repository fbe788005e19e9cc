"""The list in a SQLite file: who else is at it, and what it says when it cannot be used."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.web.look import Look
from bot.web.sqlite_todo import SqliteTodo
from bot.web.todo import Depth, NotKept, Taken

ONE = Look("test", "a/b", 1)


@pytest.fixture
def todo(tmp_path: Path) -> Iterator[SqliteTodo]:
    with closing(SqliteTodo(tmp_path / "queue", most=3)) as todo:
        yield todo


def take(todo: SqliteTodo, now: float = 0) -> Taken:
    taken = todo.take(now)
    assert taken is not None
    return taken


def test_what_a_killed_process_held_is_free_at_once(todo: SqliteTodo) -> None:
    todo.ask(ONE, "x", 0)
    code = (
        "import os, signal, sys; from pathlib import Path; from bot.web.sqlite_todo import SqliteTodo\n"
        "assert SqliteTodo(Path(sys.argv[1])).take(0)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(todo.path)], check=False, cwd=Path(__file__).parents[2])
    assert todo.take(1) is None
    todo.renew(1)
    assert take(todo, 1).look == ONE
    assert len([*todo.path.parent.glob("queue.*")]) == 1  # its file is gone, ours is there


def test_what_the_dead_left_is_removed_and_what_lives_is_not(todo: SqliteTodo) -> None:
    dead, stranger = todo.path.with_name(f"queue.{'0' * 32}"), todo.path.with_name("queue.backup")
    dead.touch()
    stranger.touch()
    with closing(SqliteTodo(todo.path)) as other:
        assert not dead.exists()
        assert stranger.exists()
        assert {path.suffix[1:] for path in todo.path.parent.glob("queue.*")} == {todo.me, other.me, "backup"}


def test_a_queue_that_another_program_locks_is_said_and_nothing_is_changed(todo: SqliteTodo) -> None:
    with closing(sqlite3.connect(todo.path, isolation_level=None)) as greedy:
        greedy.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotKept, match="cannot be used: database is locked"):
            todo.ask(ONE, "x", 0)
        greedy.execute("ROLLBACK")
    assert todo.depth(0) == Depth(0, 0, 0, 0)
    assert todo.ask(ONE, "x", 0)


def test_a_full_disk_is_said_and_nothing_is_changed(todo: SqliteTodo) -> None:
    todo.ask(ONE, "x", 0)
    (pages,) = todo._connection.execute("PRAGMA page_count").fetchone()
    todo._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(NotKept, match="full"):
        todo.ask(Look("test", "a/b", 9, "x" * 20_000), "y", 0)
    assert todo.depth(0) == Depth(1, 0, 0, 0)
    assert take(todo).look == ONE


@pytest.mark.parametrize("data", [b"this is no database", b"SQLite format 3\0" + b"x" * 100])
def test_a_file_that_is_no_queue_is_left_as_it_is(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "queue"
    path.write_bytes(data)
    with pytest.raises(NotKept, match="cannot be used"):
        SqliteTodo(path)
    assert path.read_bytes() == data


def test_a_queue_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "queue"
    with closing(sqlite3.connect(path)) as later:
        later.execute("PRAGMA user_version = 2")
    with pytest.raises(NotKept, match="another version of Portico"):
        SqliteTodo(path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotKept, match="unable to open"):
        SqliteTodo(tmp_path / "gone" / "queue")


def test_it_leaves_no_file_of_its_own_behind(tmp_path: Path) -> None:
    SqliteTodo(tmp_path / "queue").close()
    assert os.listdir(tmp_path) == ["queue"]  # noqa: PTH208 names are what is asked for
