"""One look at a change that deletes a published revision: nothing is rendered, its branch is one commit."""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from bot.attendant.deletion import mend
from bot.attendant.drafting import Here
from bot.attendant.look import Look
from bot.errors import Refused
from bot.forges.deletion_source import DeletionSource
from bot.forges.deletion_store import DeletionStore
from bot.forges.ledger import standing_ejection
from bot.forges.source import ChangeSource
from bot.lifecycle import change_messages
from bot.lifecycle.change import NOBODY, Remark, Signal, Verdict
from bot.lifecycle.remark import Said
from bot.lifecycle.state import Facts
from bot.packages.layout import HEADS
from bot.packages.revision import Lifecycle


class DeletionLook(Look):
    """A proposal from its beginning; closed without a merge, it is withdrawn."""

    source_kind: ClassVar[type[ChangeSource]] = DeletionSource

    def _made_store(self) -> DeletionStore:
        room = self._room
        return DeletionStore(room.forge, room.branches, room.layout, room.renderings, self._change, NOBODY)

    def _steps(self) -> Sequence[Callable[[], None]]:
        if self._change.open or self._change.merged:
            return (self._tidy, self._mend, self._answer, self._hear_objections, self._settle)
        return (self._tidy, self._answer)

    def _tidy(self) -> None:
        """End what is over: it was withdrawn, or the revision is gone, or both but for the branch."""
        change, store = self._change, self._store
        is_gone = self._facts().lifecycle is Lifecycle.ABSENT
        if change.open and is_gone:
            store.touched = True
            self._room.forge.close(change)
        # A newer change of the same branch is another proposal.
        is_over = is_gone or not (change.open or change.merged)
        if is_over and self._room.branches.head(HEADS + change.branch) and self._is_newest():
            store.tidy(self._name)

    def _is_newest(self) -> bool:
        return self._room.forge.change_of(self._change.branch) <= self._change.number

    def _mend(self) -> None:
        change = self._change
        if not change.open:
            return
        if mend(self._room, self._name, change.head):
            self._store.touched = True
        elif change.draft:
            self._room.forge.mark(change, draft=False)
            self._store.touched = True

    def _edit(self, remark: Remark, item: Said) -> None:  # noqa: ARG002 whatever was said, there is no draft
        raise Refused(change_messages.nothing_to_write(self._name))

    def _here(self, remark: Remark) -> Here:  # noqa: ARG002 the same
        raise Refused(change_messages.nothing_to_write(self._name))

    def _compared(self, item: Said) -> str:  # noqa: ARG002 the difference is what is deleted, and stands there
        raise Refused(change_messages.nothing_to_write(self._name))

    def _standing_notes(self, facts: Facts, found: Verdict) -> Iterator[str]:
        change, name = self._change, self._name
        if facts.lifecycle is Lifecycle.ABSENT:
            yield change_messages.is_deleted(name)
        elif change.merged and found.signal is Signal.GOOD:
            yield change_messages.tag_is_left(name)
        elif change.merged:
            yield change_messages.deletion_unapproved(name, by_hand=not self._is_me(change.merged_by))
        elif not change.open:
            yield change_messages.stays_published(name)
        else:
            yield change_messages.would_delete(name, whole=facts.latest)
            if change.queued:
                yield change_messages.deletion_queued(name)
            if ejection := standing_ejection(change):
                yield change_messages.ejected(name, ejection.reason)
