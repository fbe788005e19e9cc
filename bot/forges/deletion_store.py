"""Does what was decided about a deletion on a forge: its branch, its merge, and last the tag."""

from dataclasses import dataclass

from bot.errors import Moved, Outdated, Refused
from bot.forges.store import ChangeStore
from bot.lifecycle import change_messages
from bot.lifecycle import effects as do
from bot.lifecycle.commit_message import removal_message
from bot.packages.layout import TAGS
from bot.packages.naming import RevisionName
from bot.packages.revision import Removal, Tagged

_ABOUT_TAGS = {"tag", "tag_deletion"}  # rules of forges that may keep a tag from being deleted


@dataclass(slots=True)
class DeletionStore(ChangeStore):
    """Writes one published revision's deletion; names are by the tag: `<path>/v<N>`."""

    def mark_deletion(self, effect: do.MarkDeletion) -> None:
        """Begin its branch; a change is opened by whoever looks at that."""
        self.branches.write_removal(effect.name, "", effect.by)
        self.touched = True

    def unmark_deletion(self, effect: do.UnmarkDeletion) -> None:
        change = self._at(effect.commit)
        if change.merged:
            raise Refused(change_messages.deletion_merged(effect.name))
        self.touched = True
        self.forge.close(change)
        self.tidy(effect.name)

    def remove_published(self, effect: do.RemovePublished) -> None:
        name, change = effect.name, self._at(effect.commit)
        if made := self._merged(change, lambda: self._merge(effect)):
            self._forget(name, made)
            self.touched = True
            self.tidy(name)

    def _ref(self, name: RevisionName) -> str:
        return self.layout.deletion_ref(*name)

    def _merge(self, effect: do.RemovePublished) -> str:
        """Merge what deletes it, if it does so still, and nothing else."""
        name, head, base = effect.name, self.change.head, self._fetched()
        revision, removal = self._both(name)
        if not self.branches.is_fit(name, removal):
            raise Moved("The branch is not what this was decided on any more; look again.")
        message = removal_message(
            self.layout, name._replace(workspace=revision.workspace), revision, effect.approvers
        )
        try:
            return self._merge_as(message, head)
        except Refused as error:
            is_in_the_way = isinstance(error, Outdated) or self.branches.conflicts(head)
            asker = self.branches.proposer(name.path, head) if is_in_the_way else None
            if removal.base == base or asker is None:
                raise
            # On top of the newest commit it deletes the same, so that what was approved still is. Where
            # something else is lacking, the forge would only forget who approved.
            self.branches.write_removal(name, head, asker)
            return ""

    def _forget(self, name: RevisionName, merge: str) -> None:
        """Delete the tag, once the branch says for good what was deleted, and holds nothing of it."""
        self.branches.refresh()
        revision, removal = self._both(name)
        if removal.commit != revision.commit:
            raise Moved("The tag is not where it was any more; look again.")
        if removal.removed and self.branches.tree(merge, self.layout.full_path(name.path)):
            raise Refused(change_messages.removed_otherwise(name, merge))
        if not self.branches.is_deleted(name.path, revision.commit, merge):
            raise Refused(change_messages.unremembered(name, merge))
        tag = self.layout.tag_ref(*name)
        try:
            self.branches.delete(tag, self.branches.refs().get(tag, ""))
        except Refused:
            self._forget_otherwise(name, tag.removeprefix(TAGS), revision.commit)

    def _forget_otherwise(self, name: RevisionName, tag: str, commit: str) -> None:
        """Where Git may not delete a tag: GitLab, for one, lets maintainers do that by its API alone."""
        try:
            self.forge.delete_tag(tag, commit)
        except Refused as error:
            rules = [rule.text for rule in self.forge.home().rules if rule.kind in _ABOUT_TAGS]
            raise Refused(change_messages.tag_stays(name, str(error), rules)) from error

    def _both(self, name: RevisionName) -> tuple[Tagged, Removal]:
        revision = self.branches.tagged(name)
        removal = self.branches.removal(name.path, self.change.head)
        if revision is None or removal is None:
            raise Moved("The revision is not what this was decided on any more; look again.")
        return revision, removal
