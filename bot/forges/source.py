"""What a repository on a forge says about one revision: its refs as fetched, and its change."""

from collections.abc import Sequence
from dataclasses import dataclass

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
_CHANGE = "change"


@dataclass(frozen=True, slots=True)
class ChangeSource:
    """Reads `git` for everything that refs tell, and `change` for the rest."""

    git: Source
    branches: Branches
    layout: Layout
    renderings: Renderings
    change: Change
    me: str
    may_write: MayWrite

    def standing(self, name: RevisionName) -> Standing:
        change, found = self.change, self.git.standing(name)
        if change.merged:
            return self._merged(name, found)
        if found.lifecycle not in (Lifecycle.DRAFT, Lifecycle.PROPOSED):
            return found
        proposed = change.open and not change.draft and change.head == found.head
        lifecycle = Lifecycle.PROPOSED if proposed else Lifecycle.DRAFT
        return found._replace(lifecycle=lifecycle, record=_CHANGE, unfinished=None)

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
        return Standing(Lifecycle.PROPOSED, merge, tree, base, record=_CHANGE)

    def ledger(self, record: str) -> Sequence[Entry]:
        if record != _CHANGE:
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

    def strays(self, name: RevisionName, head: str, base: str) -> Sequence[str]:
        return self.git.strays(name, head, base)

    def nested_in(self, path: str, base: str) -> str:
        return self.git.nested_in(path, base)

    def next_revision(self, path: str) -> int:
        merge = self.change.merged
        return (self.branches.announced(path, merge) if merge else 0) or self.git.next_revision(path)

    def downstream(self, name: RevisionName, revision: int, base: str) -> Sequence[str]:
        return self.git.downstream(name, revision, base)
