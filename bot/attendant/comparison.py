"""What a draft or proposal changes of its package, for people who look at its change."""

from collections.abc import Callable
from typing import NamedTuple

from bot.attendant.room import Room
from bot.errors import NotFound, Refused, UserError
from bot.forges.ledger import still_says
from bot.lifecycle import change_messages
from bot.lifecycle.change import Change
from bot.lifecycle.person import Person
from bot.lifecycle.remark import Said, read_remark
from bot.lifecycle.state import Facts
from bot.lifecycle.words import DIFF
from bot.packages.difference import difference, format_markdown
from bot.packages.layout import revision_number
from bot.packages.published import newest, published, published_at
from bot.packages.revision import Lifecycle


class Against(NamedTuple):
    """Something to compare a package with: what people call it, and the tree's id."""

    shown: str
    tree: str


def comparison(room: Room, facts: Facts, longest: int) -> str:
    """The difference against the registered branch as Markdown of at most `longest` characters; '' for none.

    The registered branch holds the latest revision; where that is to be deleted, all of it is the difference.
    """
    if facts.lifecycle is Lifecycle.DELETION_PROPOSED:
        return _compared(room, _on_branch(room, facts), "", longest) if facts.latest else ""
    if facts.lifecycle not in (Lifecycle.DRAFT, Lifecycle.PROPOSED):
        return ""
    return _compared(room, _on_branch(room, facts), facts.tree, longest)


def against(room: Room, facts: Facts, text: str) -> Against:
    """What `/diff` compares with: `text` is 'v<N>', or '' for the latest; raises Refused and NotFound."""
    path, number = facts.name.path, revision_number(text)
    if text and number < 1:
        raise Refused(change_messages.no_number(text))
    revisions = room.branches.revisions()
    if number < 1 and not published(revisions, path):
        if tree := _on_branch(room, facts):
            return Against(room.layout.branch, tree)
        raise NotFound(change_messages.nothing_to_compare(path))
    found = published_at(revisions, path, number) if number > 0 else newest(revisions, path)
    tree = room.branches.tree(found.commit, room.layout.full_path(path))
    return Against(f"v{found.revision}", tree)


def asked_comparison(room: Room, facts: Facts, text: str, longest: int) -> str:
    """The difference that `/diff` asked for, as Markdown; '' where it is the other one, or cannot be told."""
    try:
        other = against(room, facts, text)
    except UserError:
        return ""  # who asked was told, or it was there when they asked
    unpublished = facts.lifecycle in (Lifecycle.DRAFT, Lifecycle.PROPOSED)
    if not facts.tree or (unpublished and other.tree == _on_branch(room, facts)):
        return ""
    found = _compared(room, other.tree, facts.tree, longest)
    return f"Against {other.shown}, as asked for:\n\n{found}" if found else ""


def asked_for(change: Change, may_ask: Callable[[Person], bool]) -> str | None:
    """What the newest `/diff` on a change names, '' for the latest; None where nobody asks."""
    for remark in reversed(change.remarks):
        said = [item for item in read_remark(remark.text) if isinstance(item, Said)]
        asked = [item.text for item in said if item.word.word == DIFF]
        if asked and still_says(remark) and may_ask(remark.by):
            return asked[-1]
    return None


def _on_branch(room: Room, facts: Facts) -> str:
    path = room.layout.full_path(facts.name.path)
    return room.branches.tree(facts.base, path) if facts.base else ""


def _compared(room: Room, before: str, after: str, longest: int) -> str:
    if before == after:
        return ""
    files = room.git.files
    try:
        found = difference(files(before) if before else {}, files(after) if after else {})
    except UserError:
        return ""  # too large to be read, which is among the problems
    return format_markdown(found, longest)
