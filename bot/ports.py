"""The doors between the house and the world: one small Protocol each."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from bot.lifecycle.effects import (
    DeleteBranch,
    Finish,
    MarkDeletion,
    MarkDraft,
    MarkProposed,
    Publish,
    RecordApproval,
    RemovePublished,
    UnmarkDeletion,
    WriteDraft,
)
from bot.lifecycle.ledger import Entry
from bot.lifecycle.person import Person
from bot.lifecycle.policy import RenderPolicy
from bot.lifecycle.state import Facts, Unfinished
from bot.packages.naming import RevisionName
from bot.packages.package import Files
from bot.packages.rendering import Rendering
from bot.packages.revision import Lifecycle


class Standing(NamedTuple):
    """Where a revision stands by the refs alone; ids are hex, '' where there is none.

    `record` is the newest entry of its ledger: that of a draft or proposal, or that of its deletion.
    """

    lifecycle: Lifecycle
    head: str = ""
    tree: str = ""
    base: str = ""
    revision: int = 0
    latest: bool = False
    unfinished: Unfinished | None = None
    record: str = ""


class Source(Protocol):
    """What a repository says about one revision; reads only."""

    def standing(self, name: RevisionName) -> Standing:
        """Lifecycle and ids, read from the refs at this moment."""

    def policy(self, commit: str) -> bytes | None:
        """The policy file on the registered branch at `commit`; None where there is none."""

    def files(self, tree: str) -> Files:
        """All files of a package tree."""

    def kptfile(self, tree: str) -> bytes:
        """The Kptfile of a package tree, b'' when there is none."""

    def ledger(self, record: str) -> Sequence[Entry]:
        """Every entry of a ledger up to `record`, oldest first; none for ''."""

    def authors(self, head: str, base: str) -> Sequence[Person]:
        """Authors, committers and co-authors of the commits of `head` that `base` lacks."""

    def newer(self, name: RevisionName, head: str, base: str) -> str:
        """What changed the package on the branch since `head` left it, for people; '' when nothing did."""

    def strays(self, name: RevisionName, head: str, base: str) -> Sequence[str]:
        """Some of the files outside the package that `head` changed since it left the branch."""

    def nested_in(self, path: str, base: str) -> str:
        """The path of a package on the branch that `path` lies in, or that lies in it; '' for none."""

    def next_revision(self, path: str) -> int:
        """One more than the highest number ever used for the package."""

    def downstream(self, name: RevisionName, revision: int, base: str) -> Sequence[str]:
        """Packages on the branch, drafts and proposals that have this revision as their upstream."""


class Store(Protocol):
    """Where packages are kept. Every method may raise Moved, and has then changed nothing."""

    def write_draft(self, effect: WriteDraft) -> None: ...
    def mark_proposed(self, effect: MarkProposed) -> None: ...
    def mark_draft(self, effect: MarkDraft) -> None: ...
    def record_approval(self, effect: RecordApproval) -> None: ...
    def publish(self, effect: Publish) -> None: ...
    def finish(self, effect: Finish) -> None: ...
    def mark_deletion(self, effect: MarkDeletion) -> None: ...
    def unmark_deletion(self, effect: UnmarkDeletion) -> None: ...
    def remove_published(self, effect: RemovePublished) -> None: ...
    def delete_branch(self, effect: DeleteBranch) -> None: ...

    def read(self, name: RevisionName, head: str) -> Files:
        """The package's files at a commit."""

    def commit_rendering(self, name: RevisionName, head: str, rendering: Rendering) -> str:
        """Commit what the pipeline changed on top of `head` and record the outcome; the new head."""


class Renderer(Protocol):
    """Where functions run."""

    def render(self, files: Files, functions: Sequence[Sequence[str]], policy: RenderPolicy) -> Rendering:
        """Run the package's pipeline; failures are in the result, never raised.

        `functions` are lists of images: one that is in each may run in a container, beside what is built in.
        """


class Voice(Protocol):
    """How a person hears what came of it."""

    def say(self, name: RevisionName, text: str) -> None: ...
    def refuse(self, name: RevisionName, text: str) -> None: ...


class Reader(Protocol):
    """Reads the facts that a decision needs."""

    def facts(self, name: RevisionName) -> Facts: ...
