"""A copy of one node around other content; merging makes one for each that holds something new."""

from bot.packages.documents import Node


def with_content(node: Node, content: list[Node]) -> Node:
    """The node with this content instead of its own, in a fraction of the time of dataclasses' replace."""
    return Node(
        node.kind,
        node.tag,
        node.value,
        node.style,
        content,
        node.head_comment,
        node.line_comment,
        node.foot_comment,
        node.anchor,
        node.line,
        node.wide,
    )
