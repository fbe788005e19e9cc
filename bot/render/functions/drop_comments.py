"""drop-comments: write every resource anew from its values alone, to prove that nothing is lost by it."""

from bot.errors import InvalidDocument
from bot.packages.documents.node import Node
from bot.packages.documents.plain import from_plain, plain
from bot.packages.documents.writer import emit
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.function import Outcome, fault_of
from bot.render.healing import heal

NAME = "drop-comments"


def drop_comments(items: list[Resource], config: Node | None) -> Outcome:  # noqa: ARG001 - it takes no config
    """Run over `items`.

    Each goes through JSON, where comments, quotes, anchors and the order of keys end; then it is healed, as
    kpt heals whatever a function returns. What is left otherwise are styles.
    """
    faults: list[Result] = []
    for item in items:
        try:
            new = from_plain(_sorted(plain(item.document)))
        except InvalidDocument as error:
            faults.append(fault_of(item, error))
            continue
        heal(new, item.root)
        new.line = item.root.line
        if emit([new]) != emit([item.root]):
            item.edit()
            item.document.content = [new]
    return Outcome(items, tuple(faults), 1 if faults else 0, faults[0].message if faults else "")


def _sorted(value: object) -> object:
    """The value with the keys of its mappings in alphabetical order, as Go writes JSON."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
