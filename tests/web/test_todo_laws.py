"""Two processes at one list, in any order, dying now and then: nothing is lost or doubled."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.web.look import Look
from bot.web.sqlite_todo import SqliteTodo
from bot.web.todo import Taken

LOOKS = [Look("test", repository, number) for repository in ("a/b", "a/c") for number in (0, 1)]
looks = st.sampled_from(LOOKS)
processes = st.integers(0, 1)
FOREVER = 10**9


@dataclass
class Held:
    """A repository in the hands of a process, and the deliveries that this look answers."""

    process: int
    taken: Taken
    answers: set[str]


@dataclass
class Model:
    """What must be so: looks that are owed, from when on, and for which deliveries."""

    owed: dict[Look, float] = field(default_factory=dict)
    unanswered: dict[Look, set[str]] = field(default_factory=lambda: {look: set() for look in LOOKS})
    done: set[str] = field(default_factory=set)
    held: dict[str, Held] = field(default_factory=dict)
    rest: dict[str, float] = field(default_factory=dict)
    given_up: set[Look] = field(default_factory=set)

    def may_take(self, now: float) -> set[Look]:
        return {
            look
            for look, due in self.owed.items()
            if due <= now and look.repository not in self.held and self.rest.get(look.repository, 0) <= now
        }

    def put_back(self, held: Held, due: float) -> None:
        look = held.taken.look
        self.unanswered[look] |= held.answers
        self.owed.setdefault(look, due)  # one that was asked for meanwhile keeps its time


class Queue(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name, "queue")
        self.todos = [SqliteTodo(self.path), SqliteTodo(self.path)]
        self.model = Model()
        self.now = 1.0

    def teardown(self) -> None:
        try:
            self._come_to_rest()
        finally:
            for todo in self.todos:
                todo.close()
            self.folder.cleanup()

    def _come_to_rest(self) -> None:
        """When nobody asks any more, all that is owed is done, and then nothing is left."""
        for repository in [*self.model.held]:
            self._end(repository)
        self.now += FOREVER
        for todo in self.todos:
            todo.renew(self.now)
        while self.model.owed:
            self.take(0)
            for repository in [*self.model.held]:
                self._end(repository)
        assert self.todos[1].take(self.now) is None

    @rule(process=processes, look=looks, number=st.integers(0, 2))
    def ask(self, process: int, look: Look, number: int) -> None:
        delivery = f"{look}-{number}"
        new = self.todos[process].ask(look, delivery, self.now)
        assert new == (delivery not in self.model.done)
        if not new:
            return
        for held in self.model.held.values():
            held.answers.discard(delivery)
        self.model.unanswered[look].add(delivery)
        self.model.owed[look] = self.now
        self.model.given_up.discard(look)

    @rule(process=processes, some=st.lists(looks, max_size=3, unique=True))
    def remind(self, process: int, some: list[Look]) -> None:
        self.todos[process].remind(some, self.now)
        running = {held.taken.look for held in self.model.held.values()}
        for look in some:
            if look not in running:
                self.model.owed.setdefault(look, self.now)
                self.model.given_up.discard(look)

    @rule(process=processes)
    def take(self, process: int) -> None:
        may = self.model.may_take(self.now)
        taken = self.todos[process].take(self.now)
        if taken is None:
            assert not may
            return
        assert taken.look in may
        del self.model.owed[taken.look]
        answers, self.model.unanswered[taken.look] = self.model.unanswered[taken.look], set()
        self.model.held[taken.look.repository] = Held(process, taken, answers)

    @rule(repository=st.sampled_from(("a/b", "a/c")))
    def done(self, repository: str) -> None:
        if repository in self.model.held:
            self._end(repository)

    @rule(repository=st.sampled_from(("a/b", "a/c")), seconds=st.integers(1, 50), rest=st.booleans())
    def again(self, repository: str, seconds: int, *, rest: bool) -> None:
        if held := self.model.held.pop(repository, None):
            due = self.now + seconds
            self.todos[held.process].again(held.taken, due, tries=1, rest=rest)
            self.model.put_back(held, due)
            if rest:
                self.model.rest[repository] = max(due, self.model.rest.get(repository, 0))

    @rule(repository=st.sampled_from(("a/b", "a/c")))
    def give_up(self, repository: str) -> None:
        if held := self.model.held.pop(repository, None):
            look = held.taken.look
            self.todos[held.process].give_up(held.taken, "It is broken.", self.now)
            self.model.unanswered[look] |= held.answers
            if look not in self.model.owed:
                self.model.given_up.add(look)

    @rule(process=processes)
    def die(self, process: int) -> None:
        todo = self.todos[process]
        todo._presence._file.close()  # what the kernel does for a process that is killed
        todo._connection.close()
        self.todos[process] = SqliteTodo(self.path)
        for repository, held in [*self.model.held.items()]:
            if held.process == process:
                del self.model.held[repository]
                self.model.put_back(held, 0)

    @rule(seconds=st.integers(1, 100))
    def wait(self, seconds: int) -> None:
        self.now += seconds
        for todo in self.todos:
            todo.renew(self.now)

    @invariant()
    def both_see_what_there_is(self) -> None:
        for todo in self.todos:
            depth = todo.depth(self.now)
            assert depth.running == len(self.model.held)
            assert depth.given_up == len(self.model.given_up)
        assert {one.look for one in self.todos[0].given_up()} == self.model.given_up

    def _end(self, repository: str) -> None:
        held = self.model.held.pop(repository)
        self.todos[held.process].done(held.taken, self.now)
        self.model.done |= held.answers


Queue.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestQueue = Queue.TestCase
