"""How a document is written: its comments, and what else has no meaning."""

from __future__ import annotations

from bot.packages.documents import Node


def is_commented_alike(one: Node, other: Node) -> bool:
    """Whether two documents have the same comments, in whatever order."""
    return sorted(_comments(one)) == sorted(_comments(other))


def is_written_alike(one: Node, other: Node) -> bool:
    """Whether two documents have the same keys and values in the same order, with the same quotes."""
    return one.wide == other.wide and list(map(_marks, _nodes(one))) == list(map(_marks, _nodes(other)))


def _comments(document: Node) -> list[str]:
    found: list[str] = []
    for node in _nodes(document):
        if node.head_comment or node.line_comment or node.foot_comment:
            found += filter(None, (node.head_comment, node.line_comment, node.foot_comment))
    return found


def _marks(node: Node) -> tuple[object, ...]:
    return node.kind, node.tag, node.value, node.style, node.anchor, len(node.content)


def _nodes(document: Node) -> list[Node]:
    """Every node, level by level."""
    nodes = [document]
    for node in nodes:
        nodes += node.content  # which the loop comes to later
    return nodes
