"""The kinds of to-do lists that are held to one contract, and how a process at each is opened, and dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.web.redis_todo import RedisTodo
from bot.web.sqlite_todo import SqliteTodo
from bot.web.todo import LEASE_SECONDS, MOST_LOOKS, Todo
from tests.web.redis_machine import RedisMachine


class Keeping(Protocol):
    """One list; every Todo that is opened stands for a process. Times are the test's own."""

    def open(self, *, most: int = MOST_LOOKS, lease: float = LEASE_SECONDS) -> Todo: ...

    def die(self, todo: Todo) -> float:
        """Let the process end without a word; seconds after which another has what it held."""

    def close(self) -> None: ...


@dataclass
class OnSqlite:
    path: Path
    opened: list[SqliteTodo] = field(default_factory=list)

    def open(self, *, most: int = MOST_LOOKS, lease: float = LEASE_SECONDS) -> Todo:
        self.opened.append(SqliteTodo(self.path, most=most, lease=lease))
        return self.opened[-1]

    def die(self, todo: Todo) -> float:
        assert isinstance(todo, SqliteTodo)
        todo._presence._file.close()  # what the kernel does for a process that is killed
        todo._connection.close()
        self.opened.remove(todo)
        return 0

    def close(self) -> None:
        for todo in self.opened:
            todo.close()


@dataclass
class OnRedis:
    machine: RedisMachine
    opened: list[RedisTodo] = field(default_factory=list)

    def open(self, *, most: int = MOST_LOOKS, lease: float = LEASE_SECONDS) -> Todo:
        self.opened.append(RedisTodo(self.machine.server, most=most, lease=lease, clock=None))
        return self.opened[-1]

    def die(self, todo: Todo) -> float:
        assert isinstance(todo, RedisTodo)
        todo._client.close()
        return todo.lease

    def close(self) -> None:
        for todo in self.opened:
            todo.close()


@contextmanager
def kept(keeping: Keeping) -> Iterator[Keeping]:
    try:
        yield keeping
    finally:
        keeping.close()
