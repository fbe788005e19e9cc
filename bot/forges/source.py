"""What a repository on a forge says about one revision: its refs as fetched, and its change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.forges.ledger import MayWrite, entries
from bot.lifecycle.change import Change
from bot.lifecycle.ledger import Did, Entry
from bot.lifecycle.person import PORTICO, Person
from bot.packages.layout import HEADS, Layout
from bot.packages.naming import RevisionName
from bot.packages.package import Files
from bot.packages.revision import Lifecycle
from bot.ports import Branches, Renderings, Source, Standing

# A record that is not empty: the ledger is read from the change, whatever stands here.
CHANGE = "change"


@dataclass(frozen=True, slots=True)
class ChangeSource:
    """Reads `git` for everything that refs tell, and `change` for the rest.

    `beside` is the path of another package in the same change, whose source this is then.
    """

    git: Source
    branches: Branches
    layout: Layout
    renderings: Renderings
    change: Change
    me: str
    may_write: MayWrite
    beside: str = ""

    def standing(self, name: RevisionName) -> Standing:
        change, found = self.change, self._found(name)
        if change.merged:
            return self._merged(name, found)
        if found.lifecycle not in (Lifecycle.DRAFT, Lifecycle.PROPOSED):
            return found
        proposed = change.open and not change.draft and change.head == found.head
        lifecycle = Lifecycle.PROPOSED if proposed else Lifecycle.DRAFT
        return found._replace(lifecycle=lifecycle, record=CHANGE, unfinished=None)

    def _found(self, name: RevisionName) -> Standing:
        """What Git says; of another package in the change, with that package's tree."""
        if not self.beside:
            return self.git.standing(name)
        place = self.layout.read(HEADS + self.change.branch)
        found = self.git.standing(RevisionName(place.path, place.suffix) if place else name)
        return found._replace(tree=self.branches.tree(found.head, self._path()) if found.head else "")

    def _merged(self, name: RevisionName, found: Standing) -> Standing:
        """A merge is a publication once it is tagged; until then, whoever merged, it is a proposal still.

        Its tag may have been deleted since, with its revision.
        """
        merge = self.change.merged
        tree = self.branches.tree(merge, self.layout.full_path(name.path))
        if revision := self.branches.revision_at(name.path, merge):
            return Standing(Lifecycle.PUBLISHED, merge, tree, found.base, revision)
        if self.branches.is_deleted(name.path, merge, found.base):
            return Standing(Lifecycle.ABSENT, base=found.base)
        base = self.branches.before(merge, self.change.head)
        return Standing(Lifecycle.PROPOSED, merge, tree, base, record=CHANGE)

    def ledger(self, record: str) -> Sequence[Entry]:
        if record != CHANGE:
            return self.git.ledger(record)
        path = self._path()
        head = self.change.merged or self.change.head
        found = entries(self.change, lambda commit: self.branches.tree(commit, path), self.me, self.may_write)
        tree = self.branches.tree(head, path)
        problems = self.renderings.recall(tree) if tree else None
        if problems is None:
            return found
        return [*found, Entry(Did.RENDERED, PORTICO, head, tree, problems=problems)]

    def authors(self, head: str, base: str) -> Sequence[Person]:
        # Who presses the button that merges it has written nothing of it by that.
        return self.git.authors(self.change.head if head == self.change.merged else head, base)

    def _path(self) -> str:
        if self.beside:
            return self.layout.full_path(self.beside)
        place = self.layout.read(HEADS + self.change.branch)
        return self.layout.full_path(place.path) if place else ""

    def policy(self, commit: str) -> bytes | None:
        return self.git.policy(commit)

    def owners(self, commit: str, path: str) -> Sequence[str]:
        return self.git.owners(commit, path)

    def files(self, tree: str) -> Files:
        return self.git.files(tree)

    def kptfile(self, tree: str) -> bytes:
        return self.git.kptfile(tree)

    def newer(self, name: RevisionName, head: str, base: str) -> str:
        return self.git.newer(name, head, base)

    def companions(self, name: RevisionName, head: str, base: str) -> Sequence[tuple[str, Source]]:
        if self.beside:
            return ()
        head = self.change.head if head == self.change.merged else head
        if not self.branches.tree(head, self._path()):
            return ()  # it is not there any more
        paths = self.branches.packages_beside(name, head, base)
        return [(path, replace(self, beside=path)) for path in paths]

    def strays(
        self, name: RevisionName, head: str, base: str, companions: Sequence[str] = ()
    ) -> Sequence[str]:
        return () if self.beside else self.git.strays(name, head, base, companions)

    def nested_in(self, path: str, base: str) -> str:
        return self.git.nested_in(path, base)

    def next_revision(self, path: str) -> int:
        merge = self.change.merged
        return (self.branches.announced(path, merge) if merge else 0) or self.git.next_revision(path)

    def downstream(self, name: RevisionName, revision: int, base: str) -> Sequence[str]:
        return self.git.downstream(name, revision, base)
