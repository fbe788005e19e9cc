"""Does what was decided, on a forge: by its changes, and by pushes that expect what they saw."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.errors import InternalError, Moved, Refused
from bot.forges.ledger import standing_ejection
from bot.lifecycle import change_messages
from bot.lifecycle import effects as do
from bot.lifecycle.change import Change
from bot.lifecycle.commit_message import approval_message, set_message
from bot.lifecycle.person import Person
from bot.packages.layout import HEADS, TAGS, Layout
from bot.packages.naming import RevisionName, quoted
from bot.packages.package import Files
from bot.packages.problem import Problem
from bot.packages.rendering import Rendering
from bot.ports import Branches, Forge, Renderings


@dataclass(slots=True)
class ChangeStore:
    """Writes one revision's change and branch; `asker` is for whom the pipeline runs.

    `touched` says that something was written, so that the change must be read anew. `may_merge` is for who
    settles: an approval is recorded first, so that a merge that fails does not lose it. `waits` says that a
    publication was asked for and is yet to come.
    """

    forge: Forge
    branches: Branches
    layout: Layout
    renderings: Renderings
    change: Change
    asker: Person
    touched: bool = False
    may_merge: bool = False
    waits: bool = False

    def write_draft(self, effect: do.WriteDraft) -> None:
        raise InternalError(f"On a forge a draft is written by `git push`, and {effect.name} was not.")

    def mark_proposed(self, effect: do.MarkProposed) -> None:
        self.forge.mark(self._at(effect.expect), draft=False)
        self.touched = True

    def mark_draft(self, effect: do.MarkDraft) -> None:
        if self.change.merged:
            raise Refused(change_messages.merged_unfit(effect.name, effect.reason))
        self.forge.mark(self._at(effect.expect), draft=True)
        self.touched = True

    def record_approval(self, effect: do.RecordApproval) -> None:
        """Nothing to write: the review, or the remark with our mark on it, is the record."""

    def publish(self, effect: do.Publish) -> None:
        name, change = effect.name, self._at(effect.head)
        # Its own tag is the last: where that is, all of a set is published.
        packages = (*effect.companions, do.Companion(name, effect.revision, effect.approvers))
        tags = {
            one.name: self.layout.tag_ref(one.name.path, f"v{one.revision}").removeprefix(TAGS)
            for one in packages
        }

        def merge() -> str:
            self._check_way(name, effect.head, tuple(tags.values()))
            message = approval_message(self.layout, name, effect.revision, effect.approvers)
            if effect.companions:
                message = set_message(self.layout, packages)
            return self._merge_as(message, effect.head)

        if made := self._merged(change, merge):
            self._tag(tags, effect.head, made)
            self.touched = True
            self.tidy(name)

    def finish(self, effect: do.Finish) -> None:
        raise InternalError(f"On a forge nothing is left unfinished, and {effect.name} was.")

    def mark_deletion(self, effect: do.MarkDeletion) -> None:
        raise InternalError(f"A deletion has a change of its own, and {effect.name} is looked at by another.")

    def unmark_deletion(self, effect: do.UnmarkDeletion) -> None:
        raise InternalError(f"A deletion has a change of its own, and {effect.name} is looked at by another.")

    def remove_published(self, effect: do.RemovePublished) -> None:
        raise InternalError(f"A deletion has a change of its own, and {effect.name} is looked at by another.")

    def delete_branch(self, effect: do.DeleteBranch) -> None:
        if self.change.merged:
            raise Refused(change_messages.merged_stays(effect.name))
        self.touched = True
        self.forge.close(self._at(effect.expect))
        self.branches.delete(self.layout.draft_ref(effect.name), effect.expect)

    def read(self, name: RevisionName, head: str) -> Files:
        return self.branches.read(name, head)

    def commit_rendering(self, name: RevisionName, head: str, rendering: Rendering) -> str:
        new, problems = head, rendering.problems
        if rendering.changes and not rendering.failed:
            if self.change.merged:
                problems = (Problem(name.path, change_messages.merged_unrendered()),)
            else:
                new = self.branches.commit_rendering(
                    name, head, rendering, self.asker, HEADS + self.change.branch
                )
                self.touched = True
        tree = self.branches.tree(new, self.layout.full_path(name.path))
        self.renderings.remember(tree, problems)
        return new

    def tidy(self, name: RevisionName) -> None:
        """Delete the branch of what is over, if nobody pushed to it since."""
        with suppress(Moved):
            self.branches.delete(self._ref(name), self.change.head)

    def _ref(self, name: RevisionName) -> str:
        return self.layout.draft_ref(name)

    def _merged(self, change: Change, merge: Callable[[], str]) -> str:
        """The commit that merged the change, by `merge` where it is not yet; '' while that is waited for."""
        if not self.may_merge:
            self.waits = self.touched = True
            return ""
        if change.queued or standing_ejection(change):
            self.waits = True
            return ""
        if change.merged:
            return change.merged
        made = merge()
        self.touched = True
        self.waits = not made  # it stands in the forge's own queue, and a later look finds it merged
        return made

    def _merge_as(self, message: str, head: str) -> str:
        """Merge the change at `head`, with a message that says where it was reviewed."""
        title, _, text = f"{message}Reviewed-on: {self.change.url}\n".partition("\n\n")
        return self.forge.merge(self.change, head, title, text)

    def _fetched(self) -> str:
        """Fetch; the tip of the branch, if it is still where this was decided."""
        base = self.branches.head(self.layout.branch_ref)
        self.branches.refresh()
        if self.branches.head(self.layout.branch_ref) != base:
            raise Moved("The branch, and perhaps the policy on it, changed meanwhile; look again.")
        return base

    def _at(self, head: str) -> Change:
        """The change, if it is still at the head that was decided on."""
        if head not in (self.change.head, self.change.merged):
            raise Moved("The change is not at the commit that this was decided on; look again.")
        return self.change

    def _check_way(self, name: RevisionName, head: str, tags: Sequence[str]) -> None:
        """Find out before a merge, which cannot be undone, what would keep it from being done or tagged."""
        self._fetched()
        if self.branches.head(self.layout.draft_ref(name)) != head:
            raise Moved("The forge does not show the newest commit of the change yet; look again.")
        refs = self.branches.refs()
        for tag in tags:
            _check_room(name, tag, refs)
        if files := self.branches.conflicts(head):
            raise Refused(change_messages.conflict(name, files))

    def _tag(self, tags: Mapping[RevisionName, str], head: str, merge: str) -> None:
        """Tag a merge that holds exactly what was approved, and nothing that the merge made of it."""
        self.branches.refresh()
        for name, tag in tags.items():
            path = self.layout.full_path(name.path)
            if self.branches.tree(merge, path) != self.branches.tree(head, path):
                raise Refused(change_messages.merged_otherwise(name, merge, tag))
        for tag in tags.values():
            self.forge.create_tag(tag, merge)


def _check_room(name: RevisionName, tag: str, refs: Collection[str]) -> None:
    """Whether a tag can be made beside the refs that there are."""
    if f"{TAGS}{tag}" in refs:
        raise Moved(f"Somebody created the tag {quoted(tag)} meanwhile; look again.")
    steps = tag.split("/")
    above = {TAGS + "/".join(steps[:count]) for count in range(1, len(steps))}
    below = f"{TAGS}{tag}/"
    if other := next((ref for ref in refs if ref in above or ref.startswith(below)), ""):
        raise Refused(change_messages.no_room(name, other.removeprefix(TAGS), tag))
