"""What a draft or proposal changes of its package, for people who look at its change."""

from bot.attendant.room import Room
from bot.lifecycle.state import Facts
from bot.packages.difference import difference, format_markdown
from bot.packages.revision import Lifecycle


def comparison(room: Room, facts: Facts, longest: int) -> str:
    """The difference against the registered branch as Markdown of at most `longest` characters; '' for none.

    The registered branch holds the latest revision.
    """
    if facts.lifecycle not in (Lifecycle.DRAFT, Lifecycle.PROPOSED):
        return ""
    path = room.layout.full_path(facts.name.path)
    before = room.branches.tree(facts.base, path) if facts.base else ""
    if before == facts.tree:
        return ""
    files = room.git.files
    return format_markdown(difference(files(before) if before else {}, files(facts.tree)), longest)
