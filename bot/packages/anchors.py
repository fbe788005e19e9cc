"""Anchors of YAML: what is taken out of a document must hold those that its aliases name."""

from collections.abc import Iterable

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node
from bot.packages.naming import quoted


def check_aliases(items: Iterable[Node], *, path: str = "") -> None:
    """Raise InvalidDocument where an item has an alias whose anchor stands elsewhere.

    Each item of a list becomes a document of its own, where no anchor of another one is known.
    """
    for item in items:
        if item.kind is Kind.ALIAS or item.has_aliases:
            _check(item, path)


def _check(item: Node, path: str) -> None:
    anchors: set[str] = set()
    waiting = [item]
    while waiting:
        here = waiting.pop()
        if here.kind is Kind.ALIAS and here.value not in anchors:
            raise InvalidDocument(
                f"The alias {quoted('*' + here.value)} must have its anchor in the same item; write the "
                "value out.",
                path=path,
                line=here.line,
            )
        if here.anchor:
            anchors.add(here.anchor)
        waiting += here.content[::-1]
