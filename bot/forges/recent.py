"""Which issues of a list, the newest first, are worth a look: those that changed lately and may hold a word.

A webhook about an issue may be lost, and only a change shows for good that somebody asked for something.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.lifecycle.issue import IssueAt
from bot.lifecycle.remark import read_remark

LATELY = timedelta(days=3)  # before what changed last, by the forge's own clock: ours tells nothing of it
_NEVER = "1970-01-01T00:00:00Z"
MOST_PAGES = 5  # of a hundred each, that are read back to there


def may_ask(text: str, comments: int) -> bool:
    """Whether there may be a word to us on an issue with this text and so many comments."""
    return comments > 0 or bool(read_remark(text))


def reaches_back(newest: IssueAt, oldest: IssueAt) -> bool:
    """Whether what lies beyond the oldest did not change lately."""
    return _time(newest) - _time(oldest) > LATELY


def worth_a_look(found: Sequence[IssueAt]) -> Sequence[IssueAt]:
    """Those on which somebody may ask for something, by their numbers."""
    lately = {one.number: one for one in found if one.asks and not reaches_back(found[0], one)}
    return [lately[number] for number in sorted(lately)]


def _time(one: IssueAt) -> datetime:
    return datetime.fromisoformat(one.updated or _NEVER)
