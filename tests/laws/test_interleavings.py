"""Any interleaving of events, doubled, lost, late or cut short by a death, keeps the invariants (design §12).

`pytest --hypothesis-profile=thorough tests/laws` tries for minutes.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.lifecycle.commands import Approve, Command, Delete, Propose, ProposeDeletion, Reject, Save
from bot.lifecycle.events import Asked, Event
from bot.lifecycle.person import Person
from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle
from tests.laws.death import Killed
from tests.laws.realm import PEOPLE, Realm, State, make_realm
from tests.laws.witness import Witness

# Two packages, one in a directory; workspaces that are called like tags among them.
NAMES = [RevisionName("dns", workspace) for workspace in ("a", "v1", "v2")] + [RevisionName("net/lb", "a")]
# What brings a life forward, and who may do it; the same step is also tried by anybody.
FORWARD: dict[Lifecycle, tuple[type[Command], ...]] = {
    Lifecycle.DRAFT: (Propose, Propose, Propose, Delete),
    Lifecycle.PROPOSED: (Approve, Approve, Approve, Approve, Reject, Delete),
    Lifecycle.PUBLISHED: (ProposeDeletion,),
    Lifecycle.DELETION_PROPOSED: (Approve, Approve, Reject),
}
names = st.sampled_from(NAMES)
people = st.sampled_from(list(PEOPLE.values()))
approvers = st.sampled_from([PEOPLE["grace"], PEOPLE["linus"]])
contents = st.integers(0, 4)
commands = st.sampled_from([Propose, Approve, Approve, Reject, ProposeDeletion, Delete])
# A few moves cut into every step there is; NEVER would be no crash.
deaths = st.integers(0, 5)


class Interleavings(RuleBasedStateMachine):
    """People, hooks and ticks at one repository, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="portico-laws-"))
        self.past: list[Event] = []
        self.realm: Realm
        self.witness: Witness

    def teardown(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)

    @initialize(directory=st.sampled_from(["", "packages"]), approvals=st.sampled_from([1, 1, 2]))
    def begin(self, directory: str, approvals: int) -> None:
        self.realm = make_realm(self.home / "r.git", directory=directory, approvals=approvals)
        self.witness = Witness(self.realm)

    @rule(name=names, by=people, content=contents)
    def save(self, name: RevisionName, by: Person, content: int) -> None:
        self.happen(self.push_of(name, by, content))

    @rule(name=names, author=people, content=contents)
    def write_behind_the_hooks(self, name: RevisionName, author: Person, content: int) -> None:
        """A push that no hook saw: its event is lost."""
        facts = self.realm.facts(name)
        if facts.lifecycle not in (Lifecycle.ABSENT, Lifecycle.DRAFT) or facts.unfinished:
            return
        new = self.realm.write(name, author, facts.head or self.realm.main(), content)
        self.realm.repository.references.create(self.realm.layout.draft_ref(name), new, force=True)

    @rule(kind=commands, name=names, by=people)
    def ask_anything(self, kind: type[Command], name: RevisionName, by: Person) -> None:
        self.happen(self.question(kind, name, by))

    @rule(data=st.data(), name=names, steps=st.integers(1, 5))
    def live_on(self, data: st.DataObject, name: RevisionName, steps: int) -> None:
        for _ in range(steps):
            self.happen(self.next_step(data, name))

    @rule(data=st.data(), name=names, other=names)
    def two_at_once(self, data: st.DataObject, name: RevisionName, other: RevisionName) -> None:
        """What one decided on changes before it is done."""
        first, second = self.next_step(data, name), self.next_step(data, other)
        self.happen(first, lambda: self.happen(second))

    @rule(data=st.data(), name=names, by=people, content=contents)
    def a_push_meanwhile(self, data: st.DataObject, name: RevisionName, by: Person, content: int) -> None:
        self.happen(self.next_step(data, name), lambda: self.happen(self.push_of(name, by, content)))

    @rule(number=st.integers(1, 3))
    def push_to_the_branch(self, number: int) -> None:
        self.realm.write_main("README.md", f"# Packages {number}\n", PEOPLE["grace"])
        self.witness.main = self.realm.main()

    @rule(name=names)
    def push_to_a_package_on_the_branch(self, name: RevisionName) -> None:
        if self.realm.tree(self.realm.main(), name.path):
            path = f"{self.realm.layout.full_path(name.path)}/notes.txt"
            self.realm.write_main(path, str(next(self.realm.counter)), PEOPLE["grace"])
            self.witness.main = self.realm.main()

    @rule(approvals=st.sampled_from([1, 2]))
    def change_the_policy(self, approvals: int) -> None:
        self.realm.set_policy(approvals)
        self.witness.main = self.realm.main()

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def repeat_the_past(self, data: st.DataObject) -> None:
        """An event that comes twice, or late."""
        self.happen(data.draw(st.sampled_from(self.past[-10:])))

    @rule()
    def pack(self) -> None:
        self.realm.repository.compress_references()

    @rule()
    def tick(self) -> None:
        self.realm.tick()
        refs = self.realm.refs()
        self.realm.tick()
        assert self.realm.refs() == refs, "a second tick writes nothing"

    @rule(data=st.data(), name=names, moves=deaths)
    def die_in_the_next_step(self, data: st.DataObject, name: RevisionName, moves: int) -> None:
        self.die(self.next_step(data, name), moves)

    @rule(data=st.data(), name=names, moves=deaths)
    def die_and_go_on(self, data: st.DataObject, name: RevisionName, moves: int) -> None:
        """Nobody ticks: whoever comes next finds what is left."""
        self.realm.death.set(moves)
        try:
            self.happen(self.next_step(data, name))
        except Killed:
            pass
        finally:
            self.realm.death.set()

    @invariant()
    def keep_the_invariants(self) -> None:
        if hasattr(self, "witness"):
            self.witness.look()

    def happen(self, event: Event, *meanwhile: Callable[[], None]) -> None:
        self.past.append(event)
        self.witness.hears(event)
        refs = self.realm.refs()
        try:
            self.realm.handle(event, meanwhile)
        finally:
            self.witness.look()
            self.witness.wrote_it(event, refs)

    def die(self, event: Event, moves: int) -> None:
        """Die after some moved refs; a tick then ends where the step began, or where it would have ended."""
        realm, start = self.realm, self.realm.refs()
        before = self.settled()
        realm.restore(start)
        realm.handle(event)
        after = self.settled()
        realm.restore(start)
        self.past.append(event)
        self.witness.hears(event)
        realm.death.set(moves)
        try:
            realm.handle(event)
        except Killed:
            pass
        finally:
            realm.death.set()
        self.witness.look()
        self.witness.wrote_it(event, start)
        assert self.settled() in (before, after), f"{event} was cut short after {moves} moved refs"
        self.tick()

    def settled(self) -> State:
        self.realm.tick()
        return self.realm.state(NAMES)

    def push_of(self, name: RevisionName, by: Person, content: int) -> Event:
        head = self.realm.head(name)
        new = self.realm.write(name, by, head or self.realm.main(), content)
        return Asked(Save(name=name, by=by, at=new, old=head))

    def question(self, kind: type[Command], name: RevisionName, by: Person) -> Event:
        return Asked(kind(name=name, by=by, at=self.realm.head(name)))

    def next_step(self, data: st.DataObject, name: RevisionName) -> Event:
        """Something that the table has a row for, by somebody who may, so that long lives are tried."""
        state = self.realm.facts(name).lifecycle
        if state not in FORWARD:
            return self.push_of(name, PEOPLE["bob"], data.draw(contents))
        kind = data.draw(st.sampled_from(FORWARD[state]))
        by = data.draw(approvers) if kind in (Approve, Reject) else PEOPLE["bob"]
        return self.question(kind, name, by)


Interleavings.TestCase.settings = settings(
    max_examples=max(12, settings.default.max_examples // 4 if settings.default else 12),
    stateful_step_count=20,
)
test_any_interleaving = Interleavings.TestCase
