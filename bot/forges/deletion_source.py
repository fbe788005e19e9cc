"""What a repository on a forge says about a published revision that is proposed for deletion by a change."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.forges.ledger import entries
from bot.forges.source import CHANGE, ChangeSource
from bot.lifecycle.ledger import Did, Entry
from bot.packages.layout import HEADS
from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle, Removal
from bot.ports import Standing


@dataclass(frozen=True, slots=True)
class DeletionSource(ChangeSource):
    """Names are by the tag: `<path>/v<N>`. A change with the number 0 is one that is not there yet."""

    def standing(self, name: RevisionName) -> Standing:
        """A revision is deleted once its tag is gone; until then, whoever merged, that is a proposal still.

        `head` is the change's, or its merge, and `tree` what it deletes, '' where it is not fit to be merged.
        """
        change, revision = self.change, self.branches.tagged(name)
        base = self.branches.head(self.layout.branch_ref)
        if revision is None:
            return Standing(Lifecycle.ABSENT, base=base, record=CHANGE)
        is_over = bool(change.number) and not change.open and not change.merged
        is_marked = bool(self.branches.head(self.layout.deletion_ref(*name)))
        number, latest = revision.revision, revision.latest
        if is_over or not (change.number or is_marked):
            tree = self.branches.tree(revision.commit, self.layout.full_path(name.path))
            return Standing(Lifecycle.PUBLISHED, revision.commit, tree, base, number, latest, record=CHANGE)
        removal = self.branches.removal(name.path, change.head) if change.number else None
        if change.merged and removal and removal.commit != revision.commit:
            return Standing(Lifecycle.ABSENT, base=base, record=CHANGE)  # another one has the tag now
        is_fit = bool(removal and (change.merged or self.branches.is_fit(name, removal)))
        tree = removal.meaning if removal and is_fit else ""
        head, doomed = change.merged or change.head, Lifecycle.DELETION_PROPOSED
        return Standing(doomed, head, tree, base, number, latest, record=CHANGE)

    def ledger(self, record: str) -> Sequence[Entry]:  # noqa: ARG002 the change is the record
        change = self.change
        if not change.number:
            return ()
        told = entries(change, self._meaning, self.me, self.may_write)
        if not change.open and not change.merged:
            return [entry for entry in told if entry.did is Did.REJECTED]
        asker = self.branches.proposer(self._path_of_change(), change.head)
        if asker is None and change.merged:
            # The branch itself holds the commit now; who asked for it must not be who agrees.
            if not self._removal(change.head):
                return [entry for entry in told if entry.did is Did.REJECTED]
            asker = self.branches.author(change.head)
        return [Entry(Did.DELETION_PROPOSED, asker, change.head), *told] if asker else told

    def _meaning(self, commit: str) -> str:
        """What an approval is of: what the commit deletes, not where it stands."""
        removal = self._removal(commit)
        return removal.meaning if removal else ""

    def _removal(self, commit: str) -> Removal | None:
        return self.branches.removal(self._path_of_change(), commit)

    def _path_of_change(self) -> str:
        place = self.layout.read(HEADS + self.change.branch)
        return place.path if place else ""
