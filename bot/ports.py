"""The doors between the house and the world: one small Protocol each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from bot.lifecycle.change import Answered, Arrival, Change, ChangeAt, Home, Remark, Rights, Verdict
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
from bot.lifecycle.issue import Conversation, Issue, IssueAt
from bot.lifecycle.ledger import Entry
from bot.lifecycle.person import Person
from bot.lifecycle.policy import RenderPolicy
from bot.lifecycle.state import Facts, Unfinished
from bot.packages.acquisition import Fetched
from bot.packages.kptfile import Upstream
from bot.packages.merge.conflict import OnConflict
from bot.packages.naming import RevisionName
from bot.packages.objects import Details
from bot.packages.operations.content import Content, Story
from bot.packages.package import Files
from bot.packages.problem import Problem
from bot.packages.rendering import Rendering
from bot.packages.revision import Lifecycle, PackageRevision, Removal, Tagged


class GitCredentials(NamedTuple):
    """What Git is to answer when it is asked for a user and a password; never part of a URL.

    Without a user, it is the token of whoever bears it.
    """

    user: str
    password: str

    def __repr__(self) -> str:
        return f"GitCredentials({self.user!r}, …)"


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

    def owners(self, commit: str, path: str) -> Sequence[str]:
        """Owners of the package at `path` by the file CODEOWNERS at `commit`; none without one."""

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

    def companions(self, name: RevisionName, head: str, base: str) -> Sequence[tuple[str, "Source"]]:
        """Paths of the other packages that `head` changed since it left the branch, each with its source.

        None where a draft can be of one package only.
        """

    def strays(
        self, name: RevisionName, head: str, base: str, companions: Sequence[str] = ()
    ) -> Sequence[str]:
        """Some of the files outside these packages that `head` changed since it left the branch."""

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


class Branches(Protocol):
    """The Git half of a repository on a forge: what was fetched, and pushes that expect what they saw."""

    def refresh(self) -> None:
        """Fetch all branches and tags; raises TransportFailed."""

    def head(self, ref: str) -> str:
        """The commit of a ref as last fetched, '' where there is none."""

    def refs(self) -> Mapping[str, str]:
        """Every branch and tag, and what it names."""

    def drafts(self) -> Sequence[str]:
        """The branches of all drafts, without `refs/heads/`."""

    def deletions(self) -> Sequence[str]:
        """The branches of all deletions that are proposed, without `refs/heads/`."""

    def revisions(self) -> Sequence[PackageRevision]:
        """Every package revision, as the refs tell."""

    def tree(self, commit: str, path: str) -> str:
        """The id of a directory's tree at a commit, '' where either is not there, not even to be fetched."""

    def before(self, merge: str, head: str) -> str:
        """Where the branch stood before `merge` brought the draft's `head` into it, '' for nowhere.

        The merge may have written the draft's commits anew, as one or each by itself.
        """

    def conflicts(self, head: str) -> Sequence[str]:
        """Some of the paths that keep `head` from being merged into the branch, none where nothing does."""

    def author(self, commit: str) -> Person:
        """Who wrote a commit, as it says; nobody where it is not there any more."""

    def revision_at(self, path: str, commit: str) -> int:
        """The number of the package's tag at a commit, 0 where there is none."""

    def announced(self, path: str, commit: str) -> int:
        """The number that a merge's message says it publishes, if no tag has used it up; else 0."""

    def tagged(self, name: RevisionName) -> Tagged | None:
        """The published revision whose tag ends in `name.workspace`."""

    def is_deleted(self, path: str, commit: str, head: str) -> bool:
        """Whether the registered branch at `head` says that what was published at `commit` was deleted."""

    def removal(self, path: str, commit: str) -> Removal | None:
        """What a commit on a deletion's branch deletes; None for one that is something else, or more."""

    def is_fit(self, name: RevisionName, removal: Removal) -> bool:
        """Whether a removal is what the revision's deletion comes to as things stand."""

    def excess(self, name: RevisionName, commit: str) -> Sequence[str]:
        """Some of the files that a deletion's branch changes beside what a deletion does."""

    def proposer(self, path: str, commit: str) -> Person | None:
        """Who asked for a deletion, by the first of its commits on its branch; None where there is none."""

    def write_removal(self, name: RevisionName, expect: str, author: Person) -> str:
        """Have a deletion's branch, at `expect` now ('' for none), hold one commit that deletes it; its id.

        What the branch held is dropped: it must be nothing (`excess`). Raises NotFound and Moved.
        """

    def read(self, name: RevisionName, head: str) -> Files:
        """The package's files at a commit."""

    def commit_rendering(
        self, name: RevisionName, head: str, rendering: Rendering, author: Person, ref: str
    ) -> str:
        """Commit what functions changed on top of `head` and push it to `ref`; raises Moved."""

    def packages_beside(self, name: RevisionName, head: str, base: str) -> Sequence[str]:
        """Paths of the other packages that `head` changed since it left `base`, and has; sorted."""

    def rebase(self, name: RevisionName, head: str, on_conflict: OnConflict, author: Person) -> bool:
        """Merge what was published since into the draft at `head`, and push it; False when nothing was.

        Raises Refused with the conflicts where it is to stop at them, and Moved.
        """

    def upgrade(
        self, name: RevisionName, head: str, ref: str, allowed: Sequence[Sequence[str]], author: Person
    ) -> Content | None:
        """Merge the upstream's `ref` ('' for the latest) into the draft at `head`, and push it.

        None when the draft has that already. Raises Refused for an upstream that is not in every list of
        `allowed`, NotFound, TransportFailed and Moved.
        """

    def rollback(self, name: RevisionName, head: str, revision: int, author: Person) -> bool:
        """Give the draft at `head` what a revision holds, and push it; False when it holds that already.

        Raises NotFound for a revision that is not there, and Moved.
        """

    def clone(self, path: str, source: str, allowed: Sequence[Sequence[str]], *, deployment: bool) -> Content:
        """What a new package at `path` begins with that follows `source`; writes nothing.

        `source` is `<path>[@v<N>]` of the repository itself, or what kpt takes for a package of another one,
        which must be in every list of `allowed`; with `deployment` it gets the context of one that is to be
        deployed. Raises InvalidName, NotFound, Refused, InvalidDocument and TransportFailed.
        """

    def begin(self, name: RevisionName, files: Files, story: Story, author: Person) -> None:
        """Push the first commit of a draft, on the registered branch; raises Moved where there is one."""

    def tells(self, name: RevisionName, line: str) -> bool:
        """Whether one of a draft's own commits has this line in its message."""

    def delete(self, ref: str, expect: str) -> None:
        """Delete a ref that stands at `expect`; one that is gone already is no error. Raises Moved."""


class Collection(Protocol):
    """A registered repository as others are shown it, as when last refreshed; reads only."""

    def refresh(self) -> None:
        """Bring it up to date; raises TransportFailed."""

    def head(self) -> str:
        """The hex id of the registered branch's commit; raises NotFound where there is no branch."""

    def revisions(self) -> Sequence[PackageRevision]: ...

    def details(self, revisions: Sequence[PackageRevision]) -> Iterable[tuple[PackageRevision, Details]]:
        """What only the whole objects of `revisions` tell, in their order."""

    def files(self, revision: PackageRevision) -> Files:
        """The files of a revision's package."""


class Drafts(Protocol):
    """The drafts of a registered repository, for people who are not at Git themselves."""

    def fetch(self, upstream: Upstream) -> Fetched:
        """A package of any repository, at its commit where it names one.

        Raises Refused where the policy does not let it be fetched, NotFound and TransportFailed.
        """

    def tells(self, name: RevisionName, line: str) -> bool:
        """Whether one of a draft's own commits has this line in its message."""

    def begin(self, name: RevisionName, files: Files, story: Story, author: Person) -> None:
        """Push the first commit of a draft, on the registered branch; raises Moved where there is one."""

    def save(self, name: RevisionName, head: str, files: Files, story: Story, author: Person) -> None:
        """Push a commit that makes `files` the content of the draft at `head`; raises Moved, and Refused."""


class Renderings(Protocol):
    """What renderings came to, by the package's tree; what is forgotten is rendered again."""

    def recall(self, tree: str) -> tuple[Problem, ...] | None:
        """The problems of the last rendering, () when it went well; None when it is not known."""

    def remember(self, tree: str, problems: Sequence[Problem]) -> None: ...


class Forge(Protocol):
    """A repository's forge: where its changes are. Reads are anew each time; writes say what they expect.

    Every method may raise UserError: Moved when something was not as expected, Refused when the forge or a
    rule of the repository does not allow it (the text says which), NotFound, and Later when the forge asks to
    wait. No write is sent twice unless it is harmless.
    """

    def home(self) -> Home:
        """Describe the repository; a forge may answer from what it learnt a little while ago."""

    def change(self, number: int) -> Change:
        """Everything about one change; raises NotFound."""

    def changes(self) -> Sequence[ChangeAt]:
        """The open changes, and those closed lately, in the order of their numbers."""

    def change_of(self, branch: str) -> int:
        """The number of the newest change whose head is this branch of this repository, 0 for none."""

    def pushes(self, branch: str) -> Sequence[Arrival]:
        """The pushes to a branch of this repository, oldest first, as far as the forge tells of them."""

    def open_change(self, branch: str, title: str, text: str) -> int:
        """Open a draft change from `branch` to the registered branch, or find the one that there is."""

    def mark(self, change: Change, *, draft: bool) -> None:
        """Make it a draft, or ready for review."""

    def merge(self, change: Change, head: str, title: str, text: str) -> str:
        """Merge at exactly `head`, by a method that the repository allows; the commit that it made."""

    def create_tag(self, tag: str, commit: str) -> None:
        """Create a tag; that it stands at `commit` already is no error, at another one Moved."""

    def delete_tag(self, tag: str, commit: str) -> None:
        """Delete a tag that stands at `commit`, at another one Moved; one that is gone is no error.

        It is asked where Git was not let do it: between looking and deleting, somebody could move the tag.
        """

    def close(self, change: Change) -> None:
        """Close it without merging."""

    def issue(self, number: int) -> Issue:
        """What people said on an issue; raises NotFound, for the number of a change, too."""

    def recent_issues(self) -> Sequence[IssueAt]:
        """The issues that changed lately and on which somebody may ask for something, by their numbers.

        None where they are not shown to us.
        """

    def keep_living(self, on: Conversation, text: str) -> None:
        """Write the living comment, or write it anew where somebody deleted or changed it."""

    def react(self, on: Conversation, remark: Remark, answered: Answered) -> None:
        """Show on the remark how far it has been attended to."""

    def judge(self, change: Change, head: str, verdict: Verdict) -> None:
        """Show what portico thinks of `head`, as check or status."""

    def rights(self, person: Person) -> Rights:
        """What a person may do in the repository; what cannot be found out is NONE."""

    def members(self, team: str) -> Sequence[str]:
        """Logins of a team written `<organization>/<team>`; raises NotFound when it cannot be read."""
