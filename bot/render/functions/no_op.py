"""no-op: leave everything as it is."""

from bot.packages.documents.node import Node
from bot.packages.resource import Resource
from bot.render.function import Outcome

NAME = "no-op"


def no_op(items: list[Resource], config: Node | None) -> Outcome:  # noqa: ARG001 - the shape of a function
    """Run over `items`, whatever the config is; nothing is said."""
    return Outcome(items)
