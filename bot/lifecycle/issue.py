"""An issue as a forge shows it, where people ask for new drafts; values only."""

from dataclasses import dataclass
from typing import NamedTuple

from bot.lifecycle.change import Change, Living, Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue; its own text is the first of the remarks, which are oldest first, and has the id ''."""

    number: int
    url: str = ""
    remarks: tuple[Remark, ...] = ()
    living: Living | None = None


class IssueAt(NamedTuple):
    """An issue as a list shows it: when it changed last, and whether somebody may ask for something there."""

    number: int
    updated: str
    asks: bool = True


# Where people talk, and the bot answers.
Conversation = Change | Issue
