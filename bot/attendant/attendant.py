"""Looks after the changes of one repository on a forge: whatever made it look, it does the same.

A webhook, an Action's event or a tick only say where to look; everything is read anew, and a second look that
finds nothing new writes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.attendant import deletion
from bot.attendant.deletion_look import DeletionLook
from bot.attendant.issue import IssueLook
from bot.attendant.look import Look
from bot.attendant.neighbours import drafts_by_head
from bot.attendant.rests import Rests, Signs, tags_by_package
from bot.attendant.room import Room
from bot.errors import InvalidName, Later, Moved, TransportFailed, UserError
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
        """Look at every change that is not as it was when it came to rest; open one for a branch without.

        So it is with issues that changed lately.

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
        refs = room.branches.refs()
        tags, drafts = tags_by_package(refs), drafts_by_head(refs)
        for change in changes:
            signs = self._signs(change, base, policy, tags)
            signs = signs._replace(together=tuple(drafts.get(change.head, ())))
            if self.rests.is_at_rest(change.number, signs):
                continue
            if found := self._failure(partial(self._look, change.number, fetched=True)):
                failures.append(f"#{change.number}: {found}")
            else:
                self.rests.remember(change.number, signs)
        branches = (*room.branches.drafts(), *room.branches.deletions())
        alone = (each for each in branches if each not in with_change and self._name(each))
        tried = ((branch, self._failure(partial(self._look_at_branch, branch))) for branch in alone)
        failures += [f"{branch}: {found}" for branch, found in tried if found]
        return [*failures, *self._look_at_issues()]

    def _look_at_issues(self) -> Iterator[str]:
        """Hear what was asked for on issues and no webhook told of; what went wrong."""
        for issue in self.rests.due(self.room.forge.recent_issues()):
            if found := self._failure(partial(self.look_at_issue, issue.number)):
                yield f"issue {issue.number}: {found}"
            else:
                self.rests.listen(issue)

    def _signs(self, change: ChangeAt, base: str, policy: bytes, tags: Mapping[str, Sequence[str]]) -> Signs:
        room, name = self.room, self._name(change.branch)
        path = room.layout.full_path(name.path) if name else ""
        published = room.branches.tree(base, path) if base and name else ""
        return Signs(change.updated, change.head, published, policy, tuple(tags.get(path, ())))

    def look_at_branch(self, branch: str) -> Facts | None:
        """Look at the change of a draft's or deletion's branch; one is opened where there is none.

        Raises InvalidName for such a branch whose name is not legal, and what `look` raises.
        """
        if self._read(branch) is None or self.room.forge.home().archived:
            return None
        self.room.branches.refresh()
        return self._look_at_branch(branch)

    def _look_at_branch(self, branch: str) -> Facts | None:
        """The same, when everything was fetched just before."""
        room, name = self.room, self._read(branch)
        if name is None:
            return None
        head, number = room.branches.head(HEADS + branch), room.forge.change_of(branch)
        seen = room.forge.change(number) if head and number else None
        if head and (seen is None or _is_over(seen, head)):
            number, seen = self._open_change(branch, name, head), None
        return self._look(number, fetched=True, seen=seen) if number else None

    def _open_change(self, branch: str, name: RevisionName, head: str) -> int:
        forge = self.room.forge
        if not _is_deletion(branch):
            return forge.open_change(branch, str(name), change_messages.change_text(name))
        # Forges open no change for a branch that has nothing of its own.
        if deletion.mend(self.room, name, head):
            self.room.branches.refresh()
        title = change_messages.deletion_title(name)
        return forge.open_change(branch, title, change_messages.deletion_text(name))

    def look(self, number: int) -> Facts | None:
        """Bring one change to rest; how it stands then, None for a change that is not looked after.

        Raises Moved when the forge has not caught up with its own Git, or others were faster each time, and
        whatever the forge raises.
        """
        return self._look(number, fetched=False)

    def _look(self, number: int, *, fetched: bool, seen: Change | None = None) -> Facts | None:
        """Look; `fetched` says that everything was, just before, and `seen` is the change as read then.

        What was fetched is enough where the forge shows the same. It shows no tags, and where somebody was
        faster it may be late itself.
        """
        if self.room.forge.home().archived:
            return None  # whoever tries to write is refused
        answers: list[str] = []
        begun: dict[str, None] = {}
        lost = False
        moved = Moved("The change moved on each time it was looked at; the next tick looks again.")
        for _ in range(MOST_ROUNDS):
            change, seen = seen or self.room.forge.change(number), None
            name = self._name(change.branch)
            if name is None or not self._is_ours(change):
                self._explain_stranger(change)
                return None
            doomed = _is_deletion(change.branch)
            if not (change.open or change.merged or doomed):
                if answers:  # a word of this look has thrown it away, which its living comment must tell
                    self.room.branches.refresh()
                    Look(self.room, change, name, answers, self._open, begun).tell()
                return None  # closed by a person: the draft stays until somebody deletes it
            needs_tags = bool(change.merged) or doomed
            if lost or not self._is_here(change) or (needs_tags and not fetched):
                self.room.branches.refresh()
            fetched = lost = False
            if change.open and self.room.branches.head(HEADS + change.branch) != change.head:
                raise Moved("The forge does not show the newest commit of the change yet; look again.")
            if not knows_its_pusher(change):
                raise Moved(
                    "The forge does not say yet who pushed the newest commit of the change; look again."
                )
            look = (DeletionLook if doomed else Look)(self.room, change, name, answers, self._open, begun)
            try:
                if look.is_settled():
                    for branch in begun:
                        self.look_at_branch(branch)
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

    def look_at_issue(self, number: int) -> None:
        """Answer what people ask for on an issue; raises what `look` raises."""
        room = self.room
        if not room.forge.home().archived:
            IssueLook(room, room.forge.issue(number), self._open).attend()

    def _open(self, name: RevisionName) -> str:
        """The address of a new draft's change, which is opened and looked after as any other."""
        branch = self.room.layout.draft_ref(name).removeprefix(HEADS)
        try:
            self.look_at_branch(branch)
        except (Moved, Later, TransportFailed):
            raise
        except UserError:
            # What the forge did not allow stands on the change, if it was opened.
            if not self.room.forge.change_of(branch):
                raise
        number = self.room.forge.change_of(branch)
        return self.room.forge.change(number).url if number else ""

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
        """The draft that a branch is, or the revision that it deletes; None for neither or no legal name."""
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
        if place is None or place.kind not in (RefKind.DRAFT, RefKind.DELETION):
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


def _is_over(change: Change, head: str) -> bool:
    """Whether a change was closed before somebody pushed what stands on its branch now."""
    return not change.open and change.head != head


def _is_deletion(branch: str) -> bool:
    return branch.startswith(f"{RefKind.DELETION}/")
