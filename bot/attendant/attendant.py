"""Looks after the changes of one repository on a forge: whatever made it look, it does the same.

A webhook, an Action's event or a tick only say where to look; everything is read anew, and a second look that
finds nothing new writes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from bot.attendant.look import Look
from bot.attendant.rests import Rests, Signs
from bot.attendant.room import Room
from bot.errors import InvalidName, Later, Moved, UserError
from bot.forges.ledger import knows_its_pusher
from bot.lifecycle import change_messages
from bot.lifecycle.change import Change, ChangeAt
from bot.lifecycle.living import plain
from bot.lifecycle.state import Facts
from bot.packages.layout import HEADS, RefKind
from bot.packages.naming import RevisionName, check_name

MOST_ROUNDS = 8  # a rendering, a word and a publication take one each


@dataclass(frozen=True, slots=True)
class Attendant:
    """Serves one repository, with what is in `room`."""

    room: Room
    rests: Rests = field(default_factory=Rests)

    @property
    def me(self) -> str:
        """The login by which the forge knows us."""
        return self.room.forge.home().me

    def look_at_all(self, *, anew: bool = True) -> list[str]:
        """Look at every change that is not as it was when it came to rest; open one for a draft without.

        Returns what went wrong. With `anew` some others are looked at each time, and in time all: who may
        push, and who is in a team, shows on no change. Raises Later when the forge asks to wait.
        """
        room = self.room
        if room.forge.home().archived:
            return []
        room.branches.refresh()
        changes = room.forge.changes()
        with_change = {change.branch for change in changes if change.open and not change.foreign}
        failures: list[str] = []
        self.rests.begin_round([change.number for change in changes], anew=anew)
        base = room.branches.head(room.layout.branch_ref)
        policy = (room.git.policy(base) if base else None) or b""
        for change in changes:
            signs = self._signs(change, base, policy)
            if self.rests.is_at_rest(change.number, signs):
                continue
            if found := self._failure(partial(self._look, change.number, fetched=True)):
                failures.append(f"#{change.number}: {found}")
            else:
                self.rests.remember(change.number, signs)
        alone = (each for each in room.branches.drafts() if each not in with_change and self._name(each))
        tried = ((branch, self._failure(partial(self.look_at_branch, branch))) for branch in alone)
        return [*failures, *(f"{branch}: {found}" for branch, found in tried if found)]

    def _signs(self, change: ChangeAt, base: str, policy: bytes) -> Signs:
        room, name = self.room, self._name(change.branch)
        published = room.branches.tree(base, room.layout.full_path(name.path)) if base and name else ""
        return Signs(change.updated, change.head, published, policy)

    def look_at_branch(self, branch: str) -> Facts | None:
        """Look at the change of a draft's branch; one is opened where there is none.

        Raises InvalidName for a draft's branch whose name is not legal, and what `look` raises.
        """
        room, name = self.room, self._read(branch)
        if name is None or room.forge.home().archived:
            return None
        room.branches.refresh()
        head, number = room.branches.head(HEADS + branch), room.forge.change_of(branch)
        if head and (not number or self._is_over(number, head)):
            number = room.forge.open_change(branch, str(name), change_messages.change_text(name))
        return self._look(number, fetched=True) if number else None

    def _is_over(self, number: int, head: str) -> bool:
        """Whether a change was closed before somebody pushed what stands on its branch now."""
        change = self.room.forge.change(number)
        return not change.open and change.head != head

    def look(self, number: int) -> Facts | None:
        """Bring one change to rest; how it stands then, None for a change that is not looked after.

        Raises Moved when the forge has not caught up with its own Git, or others were faster each time, and
        whatever the forge raises.
        """
        return self._look(number, fetched=False)

    def _look(self, number: int, *, fetched: bool) -> Facts | None:
        """Look; `fetched` says that everything was, just before.

        What was fetched is enough where the forge shows the same. It shows no tags, and where somebody was
        faster it may be late itself.
        """
        if self.room.forge.home().archived:
            return None  # whoever tries to write is refused
        answers: list[str] = []
        lost = False
        moved = Moved("The change moved on each time it was looked at; the next tick looks again.")
        for _ in range(MOST_ROUNDS):
            change = self.room.forge.change(number)
            name = self._name(change.branch)
            if name is None or not self._is_ours(change):
                self._explain_stranger(change)
                return None
            if not change.open and not change.merged:
                return None  # closed by a person: the draft stays until somebody deletes it
            if lost or not self._is_here(change) or (change.merged and not fetched):
                self.room.branches.refresh()
            fetched = lost = False
            if change.open and self.room.branches.head(HEADS + change.branch) != change.head:
                raise Moved("The forge does not show the newest commit of the change yet; look again.")
            if not knows_its_pusher(change):
                raise Moved(
                    "The forge does not say yet who pushed the newest commit of the change; look again."
                )
            look = Look(self.room, change, name, answers)
            try:
                if look.is_settled():
                    return look.facts
            except Moved as error:
                moved, lost = error, True
        raise moved

    def _is_here(self, change: Change) -> bool:
        """Whether what the forge shows of the branches is what was fetched; of tags it shows nothing."""
        branches = self.room.branches
        if not change.base or branches.head(self.room.layout.branch_ref) != change.base:
            return False
        return bool(change.merged) or branches.head(HEADS + change.branch) == change.head

    def _is_ours(self, change: Change) -> bool:
        return not change.foreign and change.target == self.room.layout.branch

    def _explain_stranger(self, change: Change) -> None:
        """Say why nothing is done about a fork's change, or about one that was aimed elsewhere."""
        if not change.open:
            return
        if not change.foreign and (reason := self._fault(change.branch)):
            self.room.forge.keep_living(change, plain(reason))
        elif change.foreign and self._name(change.branch) is not None:
            self.room.forge.keep_living(change, plain(change_messages.from_a_fork(change.branch)))
        elif change.living is not None:
            text = change_messages.other_target(change.target, self.room.layout.branch)
            self.room.forge.keep_living(change, plain(text))

    def _name(self, branch: str) -> RevisionName | None:
        """The draft that a branch is; None for one that is none, or has no legal name."""
        try:
            return self._read(branch)
        except InvalidName:
            return None

    def _fault(self, branch: str) -> str:
        """What is wrong with the name of a draft's branch, '' for nothing."""
        try:
            self._read(branch)
        except InvalidName as error:
            return str(error)
        return ""

    def _read(self, branch: str) -> RevisionName | None:
        place = self.room.layout.read(HEADS + branch)
        if place is None or place.kind is not RefKind.DRAFT:
            return None
        return check_name(RevisionName(place.path, place.suffix))

    def _failure(self, look: Callable[[], object]) -> str:
        try:
            look()
        except Later:
            raise  # the forge asks to wait, and not only with this change
        except UserError as error:
            return str(error)
        return ""
