"""What shall be done: frozen values, each safe to perform twice, each carrying what it expects to find."""

from dataclasses import dataclass

from bot.lifecycle.commands import Command
from bot.lifecycle.person import Person
from bot.lifecycle.policy import AS_IT_IS, RenderPolicy
from bot.lifecycle.state import Unfinished
from bot.packages.naming import RevisionName
from bot.packages.problem import Problem


@dataclass(frozen=True, slots=True)
class WriteDraft:
    """Move the draft's branch from `expect` ('' when it must not exist) to `head`."""

    name: RevisionName
    head: str
    expect: str
    by: Person


@dataclass(frozen=True, slots=True)
class RunPipeline:
    """Render the package at `head` and commit what changed, if the draft is still there.

    `functions` are the lists of images of which each must let an image run in a container; `known` is how it
    failed before, which is not recorded again.
    """

    name: RevisionName
    head: str
    functions: tuple[tuple[str, ...], ...] = ((),)
    rendering: RenderPolicy = AS_IT_IS
    known: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordFailure:
    """Remember that the package at `head` cannot be rendered, and why."""

    name: RevisionName
    head: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class MarkProposed:
    """Move the branch from drafts/ to proposed/."""

    name: RevisionName
    expect: str
    by: Person


@dataclass(frozen=True, slots=True)
class MarkDraft:
    """Move the branch from proposed/ back to drafts/, keeping the reason."""

    name: RevisionName
    expect: str
    by: Person
    reason: str


@dataclass(frozen=True, slots=True)
class RecordApproval:
    """Remember that `by` approved the package tree at `head`; `record` is what was known before."""

    name: RevisionName
    head: str
    tree: str
    by: Person
    record: str


@dataclass(frozen=True, slots=True)
class Companion:
    """Another package of a set, what its revision is to be, and who approved it."""

    name: RevisionName
    revision: int
    approvers: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Publish:
    """Merge `head` into the registered branch, which stands at `base`, and tag it as `revision`.

    `record` holds the approvals that were counted. With it go its `companions`, together or not at all.
    """

    name: RevisionName
    head: str
    base: str
    revision: int
    approvers: tuple[Person, ...]
    record: str
    companions: tuple[Companion, ...] = ()


@dataclass(frozen=True, slots=True)
class Finish:
    """Complete a step of which only a part reached the refs; `head` is where the revision stands."""

    name: RevisionName
    head: str
    unfinished: Unfinished


@dataclass(frozen=True, slots=True)
class MarkDeletion:
    """Mark the published revision at `commit` as proposed for deletion."""

    name: RevisionName
    revision: int
    commit: str
    by: Person


@dataclass(frozen=True, slots=True)
class UnmarkDeletion:
    """Take the mark away again: the revision stays published."""

    name: RevisionName
    revision: int
    commit: str


@dataclass(frozen=True, slots=True)
class RemovePublished:
    """Remove the tag at `commit`, and the directory from the branch at `base` when it was the latest.

    `record` holds the approvals that were counted.
    """

    name: RevisionName
    revision: int
    commit: str
    base: str
    latest: bool
    approvers: tuple[Person, ...]
    record: str


@dataclass(frozen=True, slots=True)
class DeleteBranch:
    """Delete the branch of a draft or proposal, which stands at `expect`."""

    name: RevisionName
    expect: str


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the asker, and everybody who watches this revision."""

    name: RevisionName
    text: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Tell the asker that it was not done, why, and what can be."""

    name: RevisionName
    text: str


@dataclass(frozen=True, slots=True)
class Again:
    """Ask the command once more, after something that had to come first."""

    command: Command


Effect = (
    WriteDraft
    | RunPipeline
    | RecordFailure
    | MarkProposed
    | MarkDraft
    | RecordApproval
    | Publish
    | Finish
    | MarkDeletion
    | UnmarkDeletion
    | RemovePublished
    | DeleteBranch
    | Say
    | Refuse
    | Again
)
