"""Reads the facts: everything that a decision about one revision may look at, at one moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.errors import InvalidDocument, UserError
from bot.lifecycle import ledger
from bot.lifecycle.ledger import Entry
from bot.lifecycle.person import Person
from bot.lifecycle.policy import NARROWS_NOTHING, Policy, read_policy
from bot.lifecycle.state import Facts, Outcome
from bot.packages.kptfile import read_kptfile
from bot.packages.naming import RevisionName
from bot.packages.problem import Problem
from bot.packages.revision import Lifecycle
from bot.packages.validate import problems
from bot.ports import Source, Standing

UNPUBLISHED = (Lifecycle.DRAFT, Lifecycle.PROPOSED)
DELETABLE = (Lifecycle.PUBLISHED, Lifecycle.DELETION_PROPOSED)


# Logins of a forge's team, named without '@'.
Members = Callable[[str], Sequence[str]]


def no_teams(_team: str) -> Sequence[str]:
    """A plain Git server has no teams."""
    return ()


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Reads from one repository; `server` is the server's own policy, which can only narrow."""

    source: Source
    server: Policy = NARROWS_NOTHING
    members: Members = no_teams

    def policy(self, base: str) -> Policy:
        """What the repository demands at this commit of its registered branch."""
        return read_policy(self.source.policy(base) if base else None).narrowed_by(self.server)

    def _policy_of(self, path: str, base: str) -> Policy:
        policy = self.policy(base)
        if policy.asks_owners:
            policy = policy.with_owners(self.source.owners(base, path))
        return policy.with_teams(path, self.members)

    def facts(self, name: RevisionName) -> Facts:
        """Read everything anew; nothing is remembered from before."""
        standing = self.source.standing(name)
        lifecycle, base = standing.lifecycle, standing.base
        entries = self.source.ledger(standing.record)
        outcome, render_problems = ledger.rendered(entries, standing.tree)
        unpublished = lifecycle in UNPUBLISHED
        return Facts(
            name=name,
            lifecycle=lifecycle,
            head=standing.head,
            tree=standing.tree,
            base=base,
            revision=standing.revision,
            latest=standing.latest,
            record=standing.record,
            unfinished=standing.unfinished,
            next_revision=self.source.next_revision(name.path) if lifecycle is Lifecycle.PROPOSED else 0,
            problems=self._problems(standing, outcome, entries) if unpublished else (),
            outcome=outcome,
            render_problems=render_problems,
            unmet_gates=self._unmet_gates(standing.tree) if unpublished else (),
            policy=self._policy_of(name.path, base),
            approvals=ledger.approvals(entries),
            rejections=ledger.rejections(entries),
            holds=ledger.holds(entries),
            contributors=self._contributors(standing, entries),
            newer=self.source.newer(name, standing.head, base) if unpublished else "",
            strays=tuple(self.source.strays(name, standing.head, base)) if unpublished else (),
            nested_in="" if lifecycle in DELETABLE else self.source.nested_in(name.path, base),
            downstream=self._downstream(name, standing),
        )

    def _problems(
        self, standing: Standing, outcome: Outcome, entries: Sequence[Entry]
    ) -> tuple[Problem, ...]:
        # What came through the gate or rendered well was checked then; the ledger is the server's own.
        if outcome is Outcome.WELL or ledger.admitted(entries, standing.tree):
            return ()
        try:
            files = self.source.files(standing.tree)
        except UserError as error:
            return (Problem("", str(error)),)
        return tuple(problems(files))

    def _unmet_gates(self, tree: str) -> tuple[str, ...]:
        try:
            kptfile = read_kptfile(self.source.kptfile(tree))
        except InvalidDocument:
            return ()  # `problems` says so already
        met = {condition.type for condition in kptfile.conditions if condition.status == "True"}
        return tuple(gate for gate in kptfile.readiness_gates if gate not in met)

    def _contributors(self, standing: Standing, entries: Sequence[Entry]) -> tuple[Person, ...]:
        pushers = ledger.pushers(entries)
        if standing.lifecycle not in UNPUBLISHED:
            return pushers
        return (*pushers, *self.source.authors(standing.head, standing.base))

    def _downstream(self, name: RevisionName, standing: Standing) -> tuple[str, ...]:
        if standing.lifecycle not in DELETABLE:
            return ()
        return tuple(self.source.downstream(name, standing.revision, standing.base))
