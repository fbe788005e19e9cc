"""One look at one change: render what is new, answer what was said, publish what is approved, and tell.

Each step writes at most once, and what it wrote is read anew before the next: nothing is decided on a
change that has moved.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from bot.attendant import deletion
from bot.attendant.companions import SetReader
from bot.attendant.comparison import against, asked_comparison, asked_for, comparison
from bot.attendant.drafting import Asker, Here, begin
from bot.attendant.edit import edit
from bot.attendant.issue import MOST_STRANGERS, Opening
from bot.attendant.neighbours import neighbours
from bot.attendant.notes import Notes
from bot.attendant.room import Room
from bot.errors import Later, Moved, NotFound, Refused, TransportFailed, UserError
from bot.forges.ledger import (
    head_at,
    seen_at,
    standing_ejection,
    standing_objections,
    unknown_approvals,
)
from bot.forges.source import ChangeSource
from bot.forges.store import ChangeStore
from bot.gather import Gatherer
from bot.lifecycle import beginning_messages as say
from bot.lifecycle import change_messages, messages
from bot.lifecycle.change import Answered, Change, Remark, Rights, Signal, Verdict
from bot.lifecycle.commands import Command, ProposeDeletion, Reject, Settle
from bot.lifecycle.events import Asked, Pushed
from bot.lifecycle.explain import explain
from bot.lifecycle.living import Page, answer, answers_in, living_text, plain, with_answers, words_help
from bot.lifecycle.person import Person
from bot.lifecycle.remark import Mistaken, Said, read_remark
from bot.lifecycle.state import Facts, Hold, Outcome
from bot.lifecycle.verdict import shared, verdict
from bot.lifecycle.words import BEGINNINGS, COPY, DIFF, EVERYBODY, HELP, HOLD, RECORDS
from bot.packages.layout import revision_number
from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle
from bot.steward import Steward

MOST_DIFFERENCE = 40_000  # characters of the difference in the living comment


class Look:
    """One change as it was read once; `answers` are those that the look gave so far, in all its rounds.

    `begun` are the branches of deletions that were asked for in them, and `opening` has a new draft's change.
    """

    source_kind: ClassVar[type[ChangeSource]] = ChangeSource

    def __init__(  # noqa: PLR0913, PLR0917 what all looks of one attendant share
        self,
        room: Room,
        change: Change,
        name: RevisionName,
        answers: list[str],
        opening: Opening,
        begun: dict[str, None],
    ) -> None:
        self._open = opening
        self._is_objected_to = False
        self._link = ""  # the address of the change that the word at hand had opened
        self._room = room
        self._change = change
        self._name = name
        self._answers = answers
        self._me = room.forge.home().me
        self._notes = Notes()
        self._rights: dict[str, Rights] = {}
        self._begun = begun
        source = room.source(change, self._may_write, self.source_kind)
        self._reader = Gatherer(source, room.server, self._members)
        self._store = self._made_store()
        reader = SetReader(self._reader, name)
        self._steward = Steward(self._store, room.renderer, reader, self._notes, tries=1)

    def _made_store(self) -> ChangeStore:
        room = self._room
        return ChangeStore(room.forge, room.branches, room.layout, room.renderings, self._change, self._asker)

    def _steps(self) -> Sequence[Callable[[], None]]:
        return (self._render, self._answer, self._hear_objections, self._settle)

    @property
    def facts(self) -> Facts:
        """How the revision stands, read anew."""
        return self._facts()

    def tell(self) -> None:
        """Say how things stand, and do nothing else."""
        self._tell(None)

    def is_settled(self) -> bool:
        """Do what is due; False when the change must be read anew and looked at again.

        What the forge does not allow is told in the living comment, and raised then.
        """
        trouble: UserError | None = None
        for step in self._steps():
            try:
                step()
            except (Moved, Later, TransportFailed):
                raise
            except UserError as error:
                trouble = error
            if self._store.touched:
                return False
        self._tell(trouble)
        if trouble is not None:
            raise trouble
        return True

    def _render(self) -> None:
        facts = self._facts()
        for one in (facts, *facts.companions):
            if one.outcome is not Outcome.WELL and one.lifecycle in (Lifecycle.DRAFT, Lifecycle.PROPOSED):
                self._steward.handle(Pushed(one.name))
                self._notes.take()  # the explanation tells what is wrong
            if self._store.touched:
                return

    def _answer(self) -> None:
        strangers = 0
        for remark in self._change.remarks:
            if remark.answered in (Answered.DONE, Answered.REFUSED) or self._is_me(remark.by):
                continue
            heard = read_remark(remark.text)
            if not heard:
                continue
            is_stranger = not self._may_write(remark.by)
            strangers += is_stranger
            if strangers > MOST_STRANGERS and is_stranger:
                continue  # the next look is soon enough
            if is_stranger and not all(map(_is_question, heard)):
                self._room.forge.react(self._change, remark, Answered.REFUSED)
                continue
            self._attend(remark, heard, quietly=is_stranger)
            if self._store.touched:
                return

    def _attend(self, remark: Remark, heard: tuple[Said | Mistaken, ...], *, quietly: bool) -> None:
        if remark.answered is Answered.NOT_YET and not quietly:
            self._room.forge.react(self._change, remark, Answered.SEEN)
        refused = False
        for item in heard:
            said, no = self._reply(remark, item)
            refused = refused or no
            asked = (
                f"@{remark.by.login}, /{item.word.word}" if isinstance(item, Said) else f"@{remark.by.login}"
            )
            self._answers.append(answer(asked, said, self._link))
        self._room.forge.react(self._change, remark, Answered.REFUSED if refused else Answered.DONE)

    def _reply(self, remark: Remark, item: Said | Mistaken) -> tuple[list[str], bool]:
        """What is said to one word, and whether it was refused."""
        self._link = ""
        if isinstance(item, Mistaken):
            return [item.hint], True
        if _is_question(item):
            help_ = item.word.word == HELP
            return [words_help(self._room.forge.home().taken) if help_ else explain(self._facts())], False
        if remark.edited:
            return [change_messages.edited_remark()], True
        try:
            self._obey(remark, item)
        except (Refused, NotFound) as error:
            self._notes.refuse(self._name, str(error))
        if self._store.waits:
            self._notes.take()  # what it says of a publication is not so yet
            self._notes.say(self._name, messages.approved(remark.by, head_at(self._change, remark.at)))
        return self._notes.take()

    def _propose_deletion(self, remark: Remark, item: Said) -> None:
        """Begin the deletion of a revision of this package, which then has a change of its own."""
        number = revision_number(item.text) if item.text else self._facts().revision
        if number < 1:
            raise Refused(change_messages.which_revision())
        name = self._name._replace(workspace=f"v{number}")
        if branch := deletion.ask(self._room, name, remark.by, self._members, self._notes):
            self._begun[branch] = None

    def _obey(self, remark: Remark, item: Said) -> None:
        word = item.word
        if word.word in RECORDS:
            self._notes.say(self._name, self._held(remark, item))
        elif word.word == DIFF:
            self._notes.say(self._name, self._compared(item))
        elif word.word in BEGINNINGS:
            self._begin(remark, item)
        elif word.asks is ProposeDeletion:
            self._propose_deletion(remark, item)
        elif word.asks is None:
            self._edit(remark, item)
        else:
            self._steward.handle(Asked(self._command(remark, item, word.asks)))

    def _held(self, remark: Remark, item: Said) -> str:
        """Hold or let go: the remark with our mark is the record, so that only the answer is to be given."""
        if item.word.word == HOLD:
            return messages.held((Hold(remark.by, item.text),))
        self._store.touched = True  # what waited for it can be done now
        return (change_messages.let_go if self._facts().holds else change_messages.not_on_hold)(self._name)

    def _compared(self, item: Said) -> str:
        facts = self._facts()
        other = against(self._room, facts, item.text)
        return change_messages.compared(other.shown, differs=other.tree != facts.tree)

    def _begin(self, remark: Remark, item: Said) -> None:
        """Begin another draft, and have it looked after."""
        is_copy = item.word.word == COPY and len(item.arguments) < item.word.most
        asker = Asker(remark.by, f"{self._change.url}#{remark.id}")
        name = begin(self._room, item, asker, self._here(remark) if is_copy else None)
        self._store.touched = True  # refs have moved on since this was read
        self._link = self._open(name)
        self._notes.say(self._name, say.begun(name))

    def _here(self, remark: Remark) -> Here:
        """What the writer of a remark saw of the package; raises Refused where it is something else now."""
        facts, head, seen = self._facts(), self._change.head, head_at(self._change, remark.at)
        if seen != head or not facts.tree:
            raise Refused(messages.moved(self._name, seen, head))
        unpublished = facts.lifecycle in (Lifecycle.DRAFT, Lifecycle.PROPOSED)
        return Here(self._name, facts.tree, facts.contributors if unpublished else ())

    def _edit(self, remark: Remark, item: Said) -> None:
        """Change what the draft holds, by a commit of the person who asked on top of the head they saw."""
        head, seen = self._change.head, head_at(self._change, remark.at)
        if not self._change.open or seen != head:
            raise Refused(messages.moved(self._name, seen, head if self._change.open else ""))
        if edited := edit(
            self._room.branches, self._name, head, item, remark.by, self._facts().policy.upstreams
        ):
            self._store.touched = True
            self._notes.say(self._name, edited)
        else:
            self._notes.say(self._name, change_messages.nothing_to_edit(self._name))

    def _command(self, remark: Remark, item: Said, kind: type[Command]) -> Command:
        at = seen_at(self._change, remark.at)
        if kind is Reject:
            return Reject(name=self._name, by=remark.by, at=at, reason=item.text)
        return kind(name=self._name, by=remark.by, at=at)

    def _hear_objections(self) -> None:
        for by, reason in standing_objections(self._change):
            if self._may_write(by):
                self._is_objected_to = True
                command = Reject(name=self._name, by=by, at=self._change.head, reason=reason)
                self._steward.handle(Asked(command))
            if self._store.touched:
                self._keep_answer("review")
                return

    def _settle(self) -> None:
        found = self._together(verdict(self._facts(), self._room.layout))
        if self._change.open and found.signal is Signal.GOOD is not self._change.signal:
            # The branch may demand it of whoever merges, and that is us.
            self._room.forge.judge(self._change, self._change.head, found)
        if self._is_objected_to:
            return  # it was merged all the same, and stays untagged for as long as somebody objects
        self._store.may_merge = True
        self._steward.handle(Asked(Settle(name=self._name)))
        if self._store.waits:
            self._notes.take()
        elif self._store.touched:
            self._keep_answer("review")

    def _keep_answer(self, asked: str) -> None:
        said, _ = self._notes.take()
        if said:
            self._answers.append(answer(asked, said))

    def _tell(self, trouble: UserError | None) -> None:
        facts, change = self._facts(), self._change
        found = verdict(facts, self._room.layout)
        notes = [*self._notes.take()[0], *self._standing_notes(facts, found)]
        if trouble is not None:
            notes.append(str(trouble))
            found = found._replace(
                title=messages.line(str(trouble)), summary=f"{plain(str(trouble))}\n\n{found.summary}"
            )
        if self._neighbours:
            notes.append(change_messages.same_commit(sorted(map(str, self._neighbours))))
        known = answers_in(change.living.text) if change.living else []
        page = Page(facts, with_answers(known, self._answers), notes, self._difference(facts))
        text = living_text(page)
        if change.living is None or change.living.text != text:
            self._room.forge.keep_living(change, text)
        if change.open:
            self._room.forge.judge(change, change.head, self._together(found))

    def _together(self, found: Verdict) -> Verdict:
        """The verdict on the commit, of which `found` is that on this change."""
        return shared({**self._neighbours, self._name: found}) if self._neighbours else found

    def _standing_notes(self, facts: Facts, found: Verdict) -> Iterator[str]:
        """What the forge makes of it, for as long as that is so."""
        change = self._change
        if facts.lifecycle is not Lifecycle.PUBLISHED:
            lost = filter(self._may_write, unknown_approvals(change))
            yield from map(change_messages.approval_of_unknown, lost)
        if change.merged and facts.lifecycle is Lifecycle.PROPOSED:
            if found.signal is Signal.GOOD:
                yield change_messages.merged_untagged(facts.name)
            else:
                by_hand = not self._is_me(change.merged_by)
                yield change_messages.merged_unpublished(facts.name, by_hand=by_hand)
        if change.open and change.queued:
            yield change_messages.queued(facts.name)
        if change.open and (ejection := standing_ejection(change)):
            yield change_messages.ejected(facts.name, ejection.reason)
        is_sound = not (facts.problems or facts.strays)
        if change.open and facts.newer and is_sound and (files := self._room.branches.conflicts(change.head)):
            yield change_messages.both_changed(files)

    def _difference(self, facts: Facts) -> str:
        change, asked = self._change, asked_for(self._change, self._may_write)
        most = MOST_DIFFERENCE if asked is None else MOST_DIFFERENCE // 2
        together = (facts, *facts.companions)
        each = [comparison(self._room, one, most // len(together)) for one in together]
        usual = "" if change.merged else "\n\n".join(filter(None, each))
        further = "" if asked is None else asked_comparison(self._room, facts, asked, most)
        return "\n\n".join(filter(None, (usual, further)))

    def _facts(self) -> Facts:
        return self._reader.facts(self._name)

    def _may_write(self, person: Person) -> bool:
        """Whether somebody may push to the repository: nobody else commands or approves here."""
        if not person.login:
            return False
        if person.login not in self._rights:
            self._rights[person.login] = self._room.forge.rights(person)
        return self._rights[person.login] in (Rights.WRITE, Rights.ADMIN)

    def _members(self, team: str) -> Sequence[str]:
        try:
            return self._room.forge.members(team)
        except NotFound:
            return ()

    def _is_me(self, person: Person) -> bool:
        return person.login.lower() == self._me.lower()

    @cached_property
    def _neighbours(self) -> Mapping[RevisionName, Verdict]:
        """What is thought of others at the same commit."""
        return neighbours(self._room, self._change, self._may_write, self._members)

    @cached_property
    def _asker(self) -> Person:
        """For whom functions run: the author of the newest commit."""
        return self._room.branches.author(self._change.head)


def _is_question(item: Said | Mistaken) -> bool:
    """Whether everybody may say it: it changes nothing."""
    return isinstance(item, Said) and item.word.who == EVERYBODY
