"""The list in a SQLite file: what it bounds, forgets, and says when it cannot be used."""

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
from bot.web.todo import Depth, Full, NotKept, Taken

ONE, TWO, OTHER = Look("test", "a/b", 1), Look("test", "a/b", 2), Look("test", "a/c", 1)
DAY = 86_400.0
LEASE = 60.0


@pytest.fixture
def todo(tmp_path: Path) -> Iterator[SqliteTodo]:
    with closing(SqliteTodo(tmp_path / "queue", most=3, lease=LEASE)) as todo:
        yield todo


def take(todo: SqliteTodo, now: float = 0) -> Taken:
    taken = todo.take(now)
    assert taken is not None
    return taken


def test_the_list_is_bounded_but_never_for_what_it_holds(todo: SqliteTodo) -> None:
    for number in range(3):
        assert todo.ask(Look("test", "a/b", number), f"{number}", 0)
    with pytest.raises(Full):
        todo.ask(OTHER, "x", 0)
    assert todo.ask(Look("test", "a/b", 2), "y", 0)
    assert todo.depth(0) == Depth(3, 0, 0, 0)
    todo.done(take(todo), 0)
    assert todo.ask(OTHER, "x", 0)


def test_what_was_refused_for_want_of_room_is_no_delivery(todo: SqliteTodo) -> None:
    for number in range(3):
        todo.ask(Look("test", "a/b", number), f"{number}", 0)
    with pytest.raises(Full):
        todo.ask(OTHER, "x", 0)
    todo.done(take(todo), 0)
    assert todo.ask(OTHER, "x", 0)


def test_an_issue_and_a_change_of_one_number_are_two_looks(todo: SqliteTodo) -> None:
    for look in (Look("test", "a/b", 7), Look("test", "a/b", issue=7)):
        todo.ask(look, "", 0)
        todo.ask(look, "", 0)
    first = take(todo)
    todo.done(first, 0)
    second = take(todo)
    todo.give_up(second, "It is broken.", 1)
    assert (first.look, second.look) == (Look("test", "a/b", 7), Look("test", "a/b", issue=7))
    assert [one.look for one in todo.given_up()] == [second.look]
    assert str(first.look) != str(second.look)


def test_deliveries_are_forgotten_after_three_days(todo: SqliteTodo) -> None:
    todo.ask(ONE, "x", 0)
    todo.done(take(todo), 0)
    todo.sweep(3 * DAY)
    assert not todo.ask(ONE, "x", 3 * DAY)
    todo.sweep(3 * DAY + 1)
    assert todo.ask(ONE, "x", 3 * DAY)


def test_a_delivery_without_id_is_always_new(todo: SqliteTodo) -> None:
    for _ in range(2):
        assert todo.ask(ONE, "", 0)
        todo.done(take(todo), 0)


def test_what_was_given_up_is_kept_with_its_reason(todo: SqliteTodo) -> None:
    todo.ask(ONE, "x", 0)
    todo.give_up(take(todo), "It is broken.", 5)
    assert [(one.look, one.tries, one.at, one.reason) for one in todo.given_up()] == [
        (ONE, 1, 5, "It is broken.")
    ]
    assert todo.depth(5) == Depth(0, 0, 1, 0)
    assert todo.take(9 * DAY) is None
    todo.sweep(14 * DAY + 6)
    assert todo.given_up() == []


def test_a_webhook_and_a_reminder_try_again_what_was_given_up(todo: SqliteTodo) -> None:
    todo.ask(ONE, "x", 0)
    todo.again(take(todo), 0, tries=9, rest=False)
    todo.give_up(take(todo), "It is broken.", 0)
    todo.remind([ONE], 1)
    again = take(todo, 1)
    assert again.tries == 10
    todo.give_up(again, "It is still broken.", 1)
    assert todo.ask(ONE, "x", 2)
    assert take(todo, 2).tries == 0
    assert todo.given_up() == []


def test_a_webhook_does_not_wait_for_what_failed_before(todo: SqliteTodo) -> None:
    todo.ask(ONE, "x", 0)
    todo.again(take(todo), 500, tries=3, rest=False)
    todo.remind([ONE], 10)
    assert todo.take(10) is None
    todo.ask(ONE, "y", 10)
    assert take(todo, 10).tries == 0


def test_a_repository_that_rests_is_left_alone_whoever_asks(todo: SqliteTodo) -> None:
    todo.ask(ONE, "x", 0)
    todo.again(take(todo), 500, tries=0, rest=True)
    todo.ask(ONE, "y", 10)
    todo.ask(TWO, "z", 10)
    todo.ask(OTHER, "w", 10)
    assert take(todo, 10).look == OTHER
    assert todo.take(499) is None
    assert take(todo, 500).look == ONE


def test_one_that_is_asked_for_again_and_again_lets_others_go_first(todo: SqliteTodo) -> None:
    todo.ask(ONE, "x", 0)
    todo.ask(TWO, "y", 0)
    first = take(todo)
    todo.ask(ONE, "z", 0)
    todo.done(first, 0)
    assert take(todo).look == TWO


def test_what_another_process_does_not_renew_is_handed_out(todo: SqliteTodo) -> None:
    with closing(SqliteTodo(todo.path)) as other:
        todo.ask(ONE, "x", 0)
        late = take(todo)
        todo.renew(50)
        assert other.take(50 + LEASE - 1) is None
        assert todo.take(50 + LEASE) is None  # a process never takes its own twice
        taken = take(other, 50 + LEASE)
        assert taken.look == ONE
        # The late one ends first: what it did is done, and the repository stays with the other.
        todo.done(late, 200)
        todo.ask(TWO, "y", 50 + LEASE)
        assert todo.take(50 + LEASE) is None
        other.done(taken, 200)
        assert take(todo, 200).look == TWO


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


def test_what_is_let_go_is_free_at_once(todo: SqliteTodo) -> None:
    with closing(SqliteTodo(todo.path)) as other:
        todo.ask(ONE, "x", 0)
        take(todo)
        assert other.take(1) is None
        todo.let_go()
        assert take(other, 1).look == ONE


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
        later.execute("PRAGMA user_version = 1")
    with pytest.raises(NotKept, match="another version of Portico"):
        SqliteTodo(path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotKept, match="unable to open"):
        SqliteTodo(tmp_path / "gone" / "queue")


def test_it_leaves_no_file_of_its_own_behind(tmp_path: Path) -> None:
    SqliteTodo(tmp_path / "queue").close()
    assert os.listdir(tmp_path) == ["queue"]  # noqa: PTH208 names are what is asked for
