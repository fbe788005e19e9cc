"""A change as a forge shows it: what GitHub calls a pull request and GitLab a merge request; values only.

Times are the forge's own, RFC 3339 in UTC, compared with one another and never with a clock of ours.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.lifecycle.person import Person
from bot.packages.problem import Problem

NOBODY = Person("")


class Opinion(StrEnum):
    """What a review says of the commit that it is about."""

    APPROVED = "approved"
    REJECTED = "rejected"
    DISMISSED = "dismissed"


class Review(NamedTuple):
    """One review; comments without an opinion are none. `commit` is what was reviewed, '' if nobody knows."""

    id: str
    by: Person
    opinion: Opinion
    commit: str
    at: str
    text: str = ""


class Answered(StrEnum):
    """How far a remark has been attended to, by the mark that only we set on it."""

    NOT_YET = ""
    SEEN = "seen"
    DONE = "done"
    REFUSED = "refused"


class Remark(NamedTuple):
    """A comment that somebody wrote on the change; `edited` when its text is not its first one."""

    id: str
    by: Person
    text: str
    at: str
    answered: Answered = Answered.NOT_YET
    edited: bool = False


class Arrival(NamedTuple):
    """A push to the change's branch, as the forge saw it: who, when, and the heads before and after."""

    by: Person
    at: str
    before: str
    after: str


class Ejection(NamedTuple):
    """A merge queue took the change out without merging it, for a reason in the forge's words."""

    at: str
    reason: str = ""


class Living(NamedTuple):
    """The one comment of ours that is kept up to date."""

    id: str
    text: str


class Signal(StrEnum):
    """What a verdict amounts to, for whoever only looks at its colour."""

    WAITING = "waiting"
    GOOD = "good"
    BAD = "bad"


class Verdict(NamedTuple):
    """What portico thinks of one commit: a line, and the problems by file and line of the repository."""

    signal: Signal
    title: str
    summary: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change; `number` is the forge's, `merged` the commit that the merge made, '' before.

    `proposed_at` is when it last became ready for review, '' while it is a draft; `retargeted_at` when it was
    last aimed at another branch. `queued` while it stands in the forge's merge queue, `ejected` says when
    and why that last took it out again. `foreign` when its branch lies in another repository; `target` is
    the branch that it is to be merged into, `base` the commit at which that stands now, '' where the forge
    does not tell. Reviews, remarks and arrivals are oldest first. `signal` is what our verdict on `head` was,
    None where there is none yet.
    """

    number: int
    title: str
    branch: str
    head: str
    target: str
    author: Person
    base: str = ""
    draft: bool = True
    open: bool = True
    foreign: bool = False
    merged: str = ""
    merged_by: Person = NOBODY
    proposed_at: str = ""
    retargeted_at: str = ""
    queued: bool = False
    ejected: Ejection | None = None
    url: str = ""
    labels: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    remarks: tuple[Remark, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    living: Living | None = None
    signal: Signal | None = None


class ChangeAt(NamedTuple):
    """As much of a change as a list tells; `updated` tells whether to look at it again."""

    number: int
    branch: str
    head: str
    updated: str
    draft: bool = True
    open: bool = True
    foreign: bool = False


class Rights(StrEnum):
    """What somebody may do in a repository, from nothing to everything."""

    NONE = "none"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Rule(NamedTuple):
    """Something that the forge's own protection of the registered branch or of tags demands.

    `text` is a sentence: what it demands, and who may satisfy or lift it.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Home:
    """The repository as the forge describes it.

    `url` is where Git fetches and pushes, without credentials. `has_drafts` is False where changes cannot be
    drafts. `me` is the bot's own login, `queued` says that merges go through a merge queue or train.
    `taken` are words of ours that the forge itself carries out, and hides from us.
    """

    full_name: str
    url: str
    default_branch: str
    me: str
    archived: bool = False
    has_drafts: bool = True
    queued: bool = False
    rules: tuple[Rule, ...] = ()
    taken: tuple[str, ...] = ()
