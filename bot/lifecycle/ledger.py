"""What happened to an unpublished revision, in order: the server's own record, which nobody can push.

Commits say who wrote them, but anybody can claim to be anybody there. The ledger holds what the server
itself saw: who pushed, what the pipeline came to, who approved which tree, who rejected and why.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.lifecycle.person import Person
from bot.lifecycle.state import Approval, Hold, Outcome, Rejection
from bot.packages.problem import Problem

PREFIX = "portico:"
LONGEST = 1000  # characters of a problem's place, and of its message
MOST_PROBLEMS = 20  # of one rendering


class Did(StrEnum):
    """What an entry records."""

    PUSHED = "pushed"
    RENDERED = "rendered"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    APPROVED = "approved"
    DELETION_PROPOSED = "deletion-proposed"
    HELD = "held"
    LET_GO = "let go"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger; `tree` is the package's tree that it speaks of, `problems` a rendering's."""

    did: Did
    by: Person
    head: str
    tree: str = ""
    reason: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def message(self) -> str:
        """The entry as a commit message, which `read_entry` reads again."""
        value = {
            "did": self.did,
            "by": self.by,
            "head": self.head,
            "tree": self.tree,
            "reason": self.reason,
            # Without kpt's words, which are for those who render at hand, and no longer than anybody reads:
            # functions choose what they say, and it is kept for ever.
            "problems": [_kept(problem) for problem in self.problems],
        }
        line = json.dumps({k: v for k, v in value.items() if v}, ensure_ascii=False, separators=(",", ":"))
        return f"{self.did} by {self.by}\n\n{PREFIX}{line}\n"


def read_entry(message: str) -> Entry | None:
    """The entry in a commit message; None when there is none that can be read."""
    # Line feeds alone: JSON leaves other separators of Unicode in a reason as they are.
    line = next((line for line in message.split("\n") if line.startswith(PREFIX)), None)
    if line is None:
        return None
    try:
        value = json.loads(line[len(PREFIX) :])
        return Entry(
            Did(value["did"]),
            Person(*value["by"]),
            value["head"],
            value.get("tree", ""),
            value.get("reason", ""),
            tuple(Problem(*problem) for problem in value.get("problems", ())),
        )
    except (ValueError, KeyError, TypeError):
        return None


def pushers(entries: Iterable[Entry]) -> tuple[Person, ...]:
    """Everybody who pushed, or who asked for the deletion."""
    return tuple({e.by: None for e in entries if e.did in (Did.PUSHED, Did.DELETION_PROPOSED)})


def admitted(entries: Iterable[Entry], tree: str) -> bool:
    """Say whether this package tree came through the gate, where its content was checked."""
    return any(entry.did is Did.PUSHED and entry.tree == tree for entry in entries)


def approvals(entries: Sequence[Entry]) -> tuple[Approval, ...]:
    """The approvals since the last rejection: a rejection takes back what was agreed to before it."""
    given: list[Approval] = []
    for entry in entries:
        if entry.did is Did.REJECTED:
            given.clear()
        if entry.did is Did.APPROVED:
            given.append(Approval(entry.by, entry.tree, entry.head))
    return tuple(given)


def rejections(entries: Iterable[Entry]) -> tuple[Rejection, ...]:
    """Every time it was sent back, oldest first."""
    return tuple(Rejection(e.by, e.reason) for e in entries if e.did is Did.REJECTED)


def holds(entries: Iterable[Entry]) -> tuple[Hold, ...]:
    """Everybody who holds it now, oldest first: whoever lets go does it for all who held it before."""
    standing: list[Hold] = []
    for entry in entries:
        if entry.did is Did.LET_GO:
            standing.clear()
        if entry.did is Did.HELD:
            standing.append(Hold(entry.by, entry.reason))
    return tuple(standing)


def same_failure(known: Sequence[Problem], found: Sequence[Problem]) -> bool:
    """Whether a rendering failed as an entry says that it failed before, as far as entries hold it."""
    said = [_kept(problem) for problem in found[:MOST_PROBLEMS]]
    return bool(known) and said == [_kept(problem) for problem in known]


def _kept(problem: Problem) -> tuple[str, str, int]:
    """As much of a problem as an entry holds."""
    return problem.where[:LONGEST], problem.message[:LONGEST], problem.line


def rendered(entries: Sequence[Entry], tree: str) -> tuple[Outcome, tuple[Problem, ...]]:
    """What the pipeline came to for this package tree, by the newest entry about it."""
    for entry in reversed(entries):
        if entry.did is Did.RENDERED and entry.tree == tree:
            return (Outcome.FAILED if entry.problems else Outcome.WELL), entry.problems
    return Outcome.NOT_YET, ()
