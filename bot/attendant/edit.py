"""Words that change what a draft holds: /rebase, /upgrade and /rollback."""

from collections.abc import Sequence

from bot.errors import Refused
from bot.lifecycle import change_messages
from bot.lifecycle.person import Person
from bot.lifecycle.remark import Said
from bot.lifecycle.words import REBASE, UPGRADE
from bot.packages.layout import revision_number
from bot.packages.merge.conflict import OnConflict
from bot.packages.naming import RevisionName, quoted
from bot.ports import Branches


def edit(  # noqa: PLR0913, PLR0917 all that an edit is decided by
    branches: Branches,
    name: RevisionName,
    head: str,
    said: Said,
    by: Person,
    allowed: Sequence[Sequence[str]],
) -> str:
    """Do what a word asks for, as a commit of `by` on the draft at `head`; '' when there is nothing to do.

    `allowed` are lists of upstreams that may be fetched. Raises Refused, NotFound, TransportFailed and Moved;
    nothing was written then.
    """
    if said.word.word == REBASE:
        done = branches.rebase(name, head, _on_conflict(said.text), by)
        return change_messages.rebased(name) if done else ""
    if said.word.word == UPGRADE:
        content = branches.upgrade(name, head, said.text, allowed, by)
        return change_messages.upgraded(name, [str(each) for each in content.conflicts]) if content else ""
    number = revision_number(said.text)
    if number < 1:
        raise Refused(change_messages.no_number(said.text))
    return change_messages.rolled_back(name, number) if branches.rollback(name, head, number, by) else ""


def _on_conflict(text: str) -> OnConflict:
    if not text:
        return OnConflict.STOP
    try:
        return OnConflict(text)
    except ValueError:
        raise Refused(
            f"{quoted(text[:40])} must be 'upstream' or 'local': the side that holds where both changed "
            "the same."
        ) from None
