"""Two processes at one list, in any order, dying now and then: nothing is lost or doubled."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.web.look import Look
from bot.web.todo import Taken
from tests.web.keeping import Keeping, OnRedis, OnSqlite
from tests.web.redis_machine import RedisMachine

LOOKS = [Look("test", repository, number) for repository in ("a/b", "a/c") for number in (0, 1)]
looks = st.sampled_from(LOOKS)
processes = st.integers(0, 1)
FOREVER = 10**9
SETTINGS = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


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
    def __init__(self, keeping: Keeping) -> None:
        super().__init__()
        self.keeping = keeping
        self.todos = [keeping.open(), keeping.open()]
        self.model = Model()
        self.now = 1.0

    def teardown(self) -> None:
        try:
            self._come_to_rest()
        finally:
            self.keeping.close()

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
        seconds = self.keeping.die(self.todos[process])
        self.todos[process] = self.keeping.open()
        if seconds:
            self.wait(seconds)  # the other one lives, and renews what it holds
        for repository, held in [*self.model.held.items()]:
            if held.process == process:
                del self.model.held[repository]
                self.model.put_back(held, 0)

    @rule(seconds=st.integers(1, 100))
    def wait(self, seconds: float) -> None:
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


def test_in_a_file() -> None:
    class InFile(Queue):
        def __init__(self) -> None:
            self.folder = tempfile.TemporaryDirectory()
            super().__init__(OnSqlite(Path(self.folder.name, "queue")))

        def teardown(self) -> None:
            super().teardown()
            self.folder.cleanup()

    run_state_machine_as_test(InFile, settings=SETTINGS)


def test_on_redis(redis_server: RedisMachine) -> None:
    class OnServer(Queue):
        def __init__(self) -> None:
            with redis_server.client() as client:
                client.flushall()
            super().__init__(OnRedis(redis_server))

    run_state_machine_as_test(OnServer, settings=SETTINGS)
