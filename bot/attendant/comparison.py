"""What a draft or proposal changes of its package, for people who look at its change."""

from bot.attendant.room import Room
from bot.errors import UserError
from bot.lifecycle.state import Facts
from bot.packages.difference import difference, format_markdown
from bot.packages.revision import Lifecycle


def comparison(room: Room, facts: Facts, longest: int) -> str:
    """The difference against the registered branch as Markdown of at most `longest` characters; '' for none.

    The registered branch holds the latest revision; where that is to be deleted, all of it is the difference.
    """
    if facts.lifecycle is Lifecycle.DELETION_PROPOSED:
        return _difference(room, _on_branch(room, facts), "", longest) if facts.latest else ""
    if facts.lifecycle not in (Lifecycle.DRAFT, Lifecycle.PROPOSED):
        return ""
    return _difference(room, _on_branch(room, facts), facts.tree, longest)


def _on_branch(room: Room, facts: Facts) -> str:
    return room.branches.tree(facts.base, room.layout.full_path(facts.name.path)) if facts.base else ""


def _difference(room: Room, before: str, after: str, longest: int) -> str:
    if before == after:
        return ""
    files = room.git.files
    try:
        found = difference(files(before) if before else {}, files(after) if after else {})
    except UserError:
        return ""  # too large to be read, which is among the problems
    return format_markdown(found, longest)
