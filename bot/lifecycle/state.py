"""Everything that a decision may look at, read once, before deciding."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.lifecycle.person import Person
from bot.lifecycle.policy import DEFAULT, Policy
from bot.packages.naming import RevisionName
from bot.packages.problem import Problem
from bot.packages.revision import Lifecycle


class Outcome(StrEnum):
    """What the pipeline came to at the head."""

    NOT_YET = "not yet"
    WELL = "well"
    FAILED = "failed"


class Approval(NamedTuple):
    """Who approved, and the package tree that they approved; `head` is the commit that they saw."""

    by: Person
    tree: str
    head: str = ""


class Rejection(NamedTuple):
    """Who sent it back, and why."""

    by: Person
    reason: str


class Hold(NamedTuple):
    """Who said that nothing is to be merged for now, and why; '' for no word of it."""

    by: Person
    reason: str = ""


class Cut(StrEnum):
    """What can be cut short when a server dies between two refs of one transaction."""

    PUBLICATION = "publication"
    DELETION = "deletion"
    PROPOSAL = "proposal"
    REJECTION = "rejection"
    TIDYING = "tidying up"


class Unfinished(NamedTuple):
    """A step of which only a part reached the refs; `commit` is the branch's merge or deletion, or ''."""

    what: Cut
    commit: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One package revision as it stands.

    Ids are hex, '' where there is none. `head` is the draft's or proposal's commit, or the commit of
    a published revision's tag; `tree` the package's tree there; `base` the registered branch's head.
    `revision` is the published number (0 for drafts, -1 for a placeholder), `next_revision` the number
    that a publication would get. `record` is the newest entry of its ledger, which says what was approved.
    `newer` names what reached the branch since the draft began,
    `strays` the files outside its package that the draft changes.
    """

    name: RevisionName
    lifecycle: Lifecycle = Lifecycle.ABSENT
    head: str = ""
    tree: str = ""
    base: str = ""
    revision: int = 0
    next_revision: int = 1
    latest: bool = False
    record: str = ""
    problems: tuple[Problem, ...] = ()
    outcome: Outcome = Outcome.NOT_YET
    render_problems: tuple[Problem, ...] = ()
    unmet_gates: tuple[str, ...] = ()
    policy: Policy = DEFAULT
    approvals: tuple[Approval, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    holds: tuple[Hold, ...] = ()
    contributors: tuple[Person, ...] = ()
    newer: str = ""
    nested_in: str = ""
    strays: tuple[str, ...] = ()
    downstream: tuple[str, ...] = ()
    unfinished: Unfinished | None = None
