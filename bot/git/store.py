"""Writes what was decided into one local repository; each step is one transaction of refs.

Within a step the ledger moves before the branch that the step begins or changes, and what the step ends is
deleted last: whatever a crash leaves can then be recognised (standing.py) and completed (`finish`). Only a
rejection begins its draft first: an entry of one, beside a proposal, would already have undone its approvals.
"""

from contextlib import suppress
from dataclasses import dataclass

import pygit2

from bot.errors import Moved
from bot.git.commits import draft_message, write_commit
from bot.git.ledgers import append, ledger_ref, read_ledger
from bot.git.refs import read_ref
from bot.git.standing import left_over, look, tags_of, tip
from bot.git.transaction import Transaction
from bot.git.trees import package_tree, read_files, write_changes, write_tree_at
from bot.lifecycle import effects as do
from bot.lifecycle.commit_message import approval_message, deletion_message
from bot.lifecycle.ledger import MOST_PROBLEMS, Did, Entry, pushers
from bot.lifecycle.person import PORTICO, Person
from bot.lifecycle.state import Cut
from bot.packages.layout import NO_REVISION, Layout, RefKind
from bot.packages.naming import RevisionName, quoted
from bot.packages.operations.content import Story
from bot.packages.package import Files
from bot.packages.rendering import Rendering

RENDERING = Story("Rendering package", {"type": "render"})


@dataclass(frozen=True, slots=True)
class GitStore:
    """Writes one local repository, bare or not."""

    repository: pygit2.Repository
    layout: Layout

    def write_draft(self, effect: do.WriteDraft) -> None:
        name = effect.name
        transaction = self._transaction()
        tree = package_tree(self.repository, effect.head, self.layout.full_path(name.path))
        self._record(transaction, name, Entry(Did.PUSHED, effect.by, effect.head, tree))
        transaction.move(self.layout.draft_ref(name), effect.head, effect.expect)
        transaction.commit(f"push by {effect.by}")

    def mark_proposed(self, effect: do.MarkProposed) -> None:
        name = effect.name
        transaction = self._transaction()
        self._record(transaction, name, Entry(Did.PROPOSED, effect.by, effect.expect))
        transaction.move(self.layout.proposed_ref(name), effect.expect, "")
        transaction.delete(self.layout.draft_ref(name), effect.expect)
        transaction.commit(f"propose by {effect.by}")

    def mark_draft(self, effect: do.MarkDraft) -> None:
        name = effect.name
        transaction = self._transaction()
        transaction.move(self.layout.draft_ref(name), effect.expect, "")
        self._record(transaction, name, Entry(Did.REJECTED, effect.by, effect.expect, reason=effect.reason))
        transaction.delete(self.layout.proposed_ref(name), effect.expect)
        transaction.commit(f"reject by {effect.by}")

    def record_approval(self, effect: do.RecordApproval) -> None:
        name = effect.name
        entry = Entry(Did.APPROVED, effect.by, effect.head, effect.tree)
        transaction = self._transaction()
        if tip(self.repository, self.layout.proposed_ref(name)):
            ledger = ledger_ref(self.layout, name)
            transaction.keep(self.layout.proposed_ref(name), effect.head)
        else:
            doomed = self._suffixed(name)
            ledger = ledger_ref(self.layout, doomed, RefKind.DELETION)
            mark = self.layout.deletion_ref(doomed.path, doomed.workspace)
            transaction.keep(
                mark, self._raw(mark)
            )  # a placeholder's head goes with the branch, its mark stays
        # Of two approvals at one moment the second must see the first, or neither would be the last.
        transaction.move(ledger, append(self.repository, effect.record, entry), effect.record)
        transaction.commit(f"approve by {effect.by}")

    def publish(self, effect: do.Publish) -> None:
        name, layout = effect.name, self.layout
        full_path = layout.full_path(name.path)
        subtree = package_tree(self.repository, effect.head, full_path)
        tree = write_tree_at(self.repository, effect.base or None, full_path, subtree)
        parents = [effect.base, effect.head] if effect.base else [effect.head]
        message = approval_message(layout, name, effect.revision, effect.approvers)
        merge = write_commit(self.repository, tree, parents, message, effect.approvers[-1])
        transaction = self._transaction()
        transaction.move(layout.branch_ref, merge, effect.base)
        transaction.move(layout.tag_ref(name.path, f"v{effect.revision}"), merge, "")
        transaction.delete(layout.proposed_ref(name), effect.head)
        # A rejection takes approvals back, and the proposal may come again at the same commit.
        if effect.record:
            transaction.delete(ledger_ref(layout, name), effect.record)
        else:
            transaction.keep(ledger_ref(layout, name), "")
        transaction.commit(f"publish {name} as v{effect.revision}")

    def mark_deletion(self, effect: do.MarkDeletion) -> None:
        name = self._suffixed(effect.name)
        transaction = self._transaction()
        # A new proposal begins a new ledger: approvals of an earlier one do not count.
        ref = ledger_ref(self.layout, name, RefKind.DELETION)
        entry = Entry(Did.DELETION_PROPOSED, effect.by, effect.commit)
        transaction.move(ref, append(self.repository, "", entry), self._raw(ref))
        if effect.revision != NO_REVISION:
            tag = self.layout.tag_ref(name.path, name.workspace)
            transaction.keep(tag, self._raw(tag))
        transaction.move(self.layout.deletion_ref(name.path, name.workspace), effect.commit, "")
        transaction.commit(f"propose deletion by {effect.by}")

    def unmark_deletion(self, effect: do.UnmarkDeletion) -> None:
        name = self._suffixed(effect.name)
        transaction = self._transaction()
        ref = self.layout.deletion_ref(name.path, name.workspace)
        transaction.delete(ref, self._raw(ref))
        self._forget(transaction, name, RefKind.DELETION)
        transaction.commit(f"reject deletion of {name}")

    def remove_published(self, effect: do.RemovePublished) -> None:
        name, layout = self._suffixed(effect.name), self.layout
        full_path = layout.full_path(name.path)
        transaction = self._transaction()
        transaction.keep(ledger_ref(layout, name, RefKind.DELETION), effect.record)
        if effect.latest and package_tree(self.repository, effect.base, full_path):
            tree = write_tree_at(self.repository, effect.base, full_path, None)
            message = deletion_message(layout, effect.name, effect.revision, effect.approvers)
            commit = write_commit(self.repository, tree, [effect.base], message, effect.approvers[-1])
            transaction.move(layout.branch_ref, commit, effect.base)
        else:
            transaction.keep(layout.branch_ref, effect.base)
        if effect.revision != NO_REVISION:
            tag = layout.tag_ref(name.path, name.workspace)
            transaction.delete(tag, self._raw(tag))
        transaction.commit(f"delete {name}")
        self._unmark_removed(name)

    def delete_branch(self, effect: do.DeleteBranch) -> None:
        transaction = self._transaction()
        for ref in (self.layout.draft_ref(effect.name), self.layout.proposed_ref(effect.name)):
            if tip(self.repository, ref):
                transaction.delete(ref, effect.expect)
        self._forget(transaction, effect.name)
        transaction.commit(f"delete {effect.name}")

    def finish(self, effect: do.Finish) -> None:
        name, layout = effect.name, self.layout
        draft, proposed, ledger = layout.draft_ref(name), layout.proposed_ref(name), ledger_ref(layout, name)
        record = self._raw(ledger)
        # What looks cut short may be a step that is just being done, and done before this one begins.
        if look(self.repository, layout, name).unfinished != effect.unfinished:
            raise Moved(f"{quoted(str(name))} has moved on; look again.")
        transaction = self._transaction()
        match effect.unfinished.what:
            case Cut.PUBLICATION:
                tag = layout.tag_ref(name.path, f"v{effect.unfinished.revision}")
                if not self._raw(tag):
                    transaction.move(tag, effect.unfinished.commit, "")
                transaction.delete(draft, self._raw(draft))
                transaction.delete(proposed, self._raw(proposed))
                transaction.delete(ledger, record)
            case Cut.PROPOSAL:
                transaction.keep(ledger, record)
                transaction.keep(proposed, effect.head)
                transaction.delete(draft, effect.head)
            case Cut.REJECTION:
                transaction.keep(ledger, record)
                transaction.keep(draft, effect.head)
                transaction.delete(proposed, effect.head)
            case Cut.DELETION:
                doomed = self._suffixed(name)  # asked while the tag still tells
                tag = layout.tag_ref(name.path, doomed.workspace)
                transaction.delete(tag, self._raw(tag))
                transaction.commit(f"finish the deletion of {name}")
                self._unmark_removed(doomed)
                return
            case Cut.TIDYING:
                if not (self._raw(draft) or self._raw(proposed)):
                    transaction.keep(draft, "")
                    transaction.keep(proposed, "")
                    transaction.delete(ledger, record)
                for suffix in {name.workspace, self._suffixed(name).workspace}:
                    self._tidy(transaction, name._replace(workspace=suffix))
        transaction.commit(f"finish a {effect.unfinished.what} of {name}")

    def read(self, name: RevisionName, head: str) -> Files:
        return read_files(self.repository, head, self.layout.full_path(name.path))

    def commit_rendering(self, name: RevisionName, head: str, rendering: Rendering) -> str:
        draft = self.layout.draft_ref(name)
        ref = draft if self._raw(draft) else self.layout.proposed_ref(name)
        full_path = self.layout.full_path(name.path)
        new, tree = head, package_tree(self.repository, head, full_path)
        if rendering.changes and not rendering.failed:
            tree = write_changes(self.repository, tree, rendering.changes)
            root = write_tree_at(self.repository, head, full_path, tree)
            message = draft_message(self.layout, name, RENDERING)
            new = write_commit(self.repository, root, [head], message, self._pusher(name, head))
        transaction = self._transaction()
        entry = Entry(Did.RENDERED, PORTICO, new, tree, problems=rendering.problems[:MOST_PROBLEMS])
        self._record(transaction, name, entry)
        if new == head:
            transaction.keep(ref, head)
        else:
            transaction.move(ref, new, head)
        transaction.commit(f"render {name}")
        return new

    def _pusher(self, name: RevisionName, head: str) -> Person:
        """For whom the pipeline ran: the last who pushed, else the author of the commit that it found."""
        known = pushers(read_ledger(self.repository, tip(self.repository, ledger_ref(self.layout, name))))
        author = self.repository[head].peel(pygit2.Commit).author
        return known[-1] if known else Person("", author.name, author.email)

    def _transaction(self) -> Transaction:
        return Transaction(self.repository.path)

    def _raw(self, ref: str) -> str:
        """The id that a ref holds, of a tag object too; '' when there is no such ref."""
        return read_ref(self.repository, ref)

    def _record(
        self, transaction: Transaction, name: RevisionName, entry: Entry, kind: RefKind = RefKind.DRAFT
    ) -> None:
        ref = ledger_ref(self.layout, name, kind)
        old = self._raw(ref)
        transaction.move(ref, append(self.repository, old, entry), old)

    def _forget(self, transaction: Transaction, name: RevisionName, kind: RefKind = RefKind.DRAFT) -> None:
        ref = ledger_ref(self.layout, name, kind)
        transaction.delete(ref, self._raw(ref))

    def _suffixed(self, name: RevisionName) -> RevisionName:
        """The name by the tag's suffix, as `deletionProposed/` branches spell it."""
        tags = tags_of(self.repository, self.layout, name.path)
        suffix = next((tag.suffix for tag in tags if tag.workspace == name.workspace), name.workspace)
        return name._replace(workspace=suffix)

    def _unmark_removed(self, name: RevisionName) -> None:
        """Tidy up after a deletion that is done; who is not let do it now leaves it to a tick."""
        # Only now: while the mark stood, a server that came back could tell that the deletion was decided.
        transaction = self._transaction()
        ref = self.layout.deletion_ref(name.path, name.workspace)
        transaction.delete(ref, self._raw(ref))
        self._forget(transaction, name, RefKind.DELETION)
        with suppress(Moved):
            transaction.commit(f"deleted {name}")

    def _tidy(self, transaction: Transaction, name: RevisionName) -> None:
        """Remove a deletion's ledger without its mark, or both when the revision is gone."""
        base = tip(self.repository, self.layout.branch_ref)
        if not left_over(self.repository, self.layout, name, base):
            return
        mark = self.layout.deletion_ref(name.path, name.workspace)
        if self._raw(mark):
            transaction.keep(self.layout.tag_ref(name.path, name.workspace), "")
            transaction.delete(mark, self._raw(mark))
        else:
            transaction.keep(mark, "")
        self._forget(transaction, name, RefKind.DELETION)
