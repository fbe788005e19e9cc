"""Comments, merged beside the values that they stand at."""

from dataclasses import replace

from bot.packages.documents import Node


def with_comments(result: Node, origin: Node | None, local: Node | None, upstream: Node | None) -> Node:
    """`result` with the comments that the three have when merged; it is copied where these are not its own.

    A comment that the local package left alone is the upstream's; what both changed is that of `result`.
    """
    if local is None or upstream is None:
        return result
    head = _merged(result.head_comment, _head(origin), local.head_comment, upstream.head_comment)
    line = _merged(result.line_comment, _line(origin), local.line_comment, upstream.line_comment)
    foot = _merged(result.foot_comment, _foot(origin), local.foot_comment, upstream.foot_comment)
    if (head, line, foot) == (result.head_comment, result.line_comment, result.foot_comment):
        return result
    return replace(result, head_comment=head, line_comment=line, foot_comment=foot)


def _merged(own: str, origin: str, local: str, upstream: str) -> str:
    if local == origin:
        return upstream
    return local if upstream == origin else own


def _head(node: Node | None) -> str:
    return node.head_comment if node is not None else ""


def _line(node: Node | None) -> str:
    return node.line_comment if node is not None else ""


def _foot(node: Node | None) -> str:
    return node.foot_comment if node is not None else ""
