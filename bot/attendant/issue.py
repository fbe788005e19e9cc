"""One look at one issue: the words that begin drafts, from people who may push, and the answers to them."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.attendant.drafting import Asker, begin
from bot.attendant.room import Room
from bot.errors import Refused
from bot.lifecycle import beginning_messages as say
from bot.lifecycle import change_messages
from bot.lifecycle.change import Answered, Remark, Rights
from bot.lifecycle.issue import Issue
from bot.lifecycle.living import answer, answers_in, issue_text, with_answers, words_help
from bot.lifecycle.remark import Mistaken, Said, read_remark
from bot.lifecycle.words import BEGINNINGS, HELP
from bot.packages.naming import RevisionName

MOST_STRANGERS = 10  # remarks of people who may not push that one look attends to
# Has a new draft's change opened and looked after; its address.
Opening = Callable[[RevisionName], str]

_Heard = tuple[Remark, tuple[Said | Mistaken, ...]]


@dataclass(frozen=True, slots=True)
class IssueLook:
    """One issue as it was read once. Where nobody said anything to us, nothing is written."""

    room: Room
    issue: Issue
    open: Opening

    def attend(self) -> None:
        """Answer what has no answer yet: our mark comes last, so that what was cut short is done again."""
        strangers, heard = self._heard()
        marks: list[tuple[Remark, Answered]] = []
        answers: list[str] = []
        for remark, items in strangers[:MOST_STRANGERS]:
            if all(isinstance(item, Said) and item.word.word == HELP for item in items):
                # The same to all of them, so that it stands there once, however many they are.
                answers.append(answer(f"/{HELP}", [self._help()]))
                marks.append((remark, Answered.DONE))
            else:
                self.room.forge.react(self.issue, remark, Answered.REFUSED)
        if heard:
            self.room.branches.refresh()
        for remark, items in heard:
            self.room.forge.react(self.issue, remark, Answered.SEEN)
            replies = [self._reply(remark, item) for item in items]
            answers += [line for line, _ in replies]
            is_refused = any(refused for _, refused in replies)
            marks.append((remark, Answered.REFUSED if is_refused else Answered.DONE))
        if answers:
            self._tell(answers)
        for remark, mark in marks:
            self.room.forge.react(self.issue, remark, mark)

    def _heard(self) -> tuple[list[_Heard], list[_Heard]]:
        """The remarks of strangers that ask for something, and those of people who may push."""
        strangers: list[_Heard] = []
        heard: list[_Heard] = []
        me, rights = self.room.forge.home().me.lower(), self.room.forge.rights
        for remark in self.issue.remarks:
            if remark.answered in (Answered.DONE, Answered.REFUSED) or remark.by.login.lower() == me:
                continue
            if not (items := read_remark(remark.text)):
                continue
            if remark.by.login and rights(remark.by) in (Rights.WRITE, Rights.ADMIN):
                heard.append((remark, items))
            else:
                strangers.append((remark, items))
        return strangers, heard

    def _reply(self, remark: Remark, item: Said | Mistaken) -> tuple[str, bool]:
        """The answer to one word, and whether it was refused."""
        if isinstance(item, Mistaken):
            return answer(f"@{remark.by.login}", [item.hint]), True
        asked, word = f"@{remark.by.login}, /{item.word.word}", item.word.word
        if word == HELP:
            return answer(asked, [self._help()]), False
        if word not in BEGINNINGS:
            return answer(asked, [say.said_of_a_change(word)]), True
        if remark.edited:
            return answer(asked, [change_messages.edited_remark()]), True
        try:
            name = begin(self.room, item, self._asker(remark))
            return answer(asked, [say.begun(name)], self.open(name)), False
        except Refused as error:
            return answer(asked, [str(error)]), True

    def _help(self) -> str:
        return words_help(self.room.forge.home().taken)

    def _asker(self, remark: Remark) -> Asker:
        return Asker(remark.by, f"{self.issue.url}#{remark.id or 'text'}")

    def _tell(self, answers: list[str]) -> None:
        living = self.issue.living
        known = answers_in(living.text) if living else []
        self.room.forge.keep_living(self.issue, issue_text(with_answers(known, answers)))
