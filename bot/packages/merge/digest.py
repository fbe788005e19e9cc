"""Numbers that are equal where trees are, so that no part of a tree is compared twice."""

from collections.abc import Hashable

from bot.packages.documents.node import Kind, Node

_NOTHING = -1


class Digests:
    """Numbers the trees of one merge; these must not change, and must live as long."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._full: dict[int, int] = {}
        self._meaning: dict[int, int] = {}

    def full(self, node: Node | None) -> int:
        """Equal where everything is: values, comments, styles, the order of keys."""
        if node is None:
            return _NOTHING
        found = self._full.get(id(node))
        if found is None:
            state: Hashable = (
                node.value, node.tag, node.style, node.head_comment, node.line_comment, node.foot_comment,
                node.anchor,
            )  # fmt: skip
            if node.kind is not Kind.SCALAR:
                state = (node.kind, state, *map(self.full, node.content))
            numbers = self._numbers
            found = self._full[id(node)] = numbers.setdefault(state, len(numbers))
        return found

    def meaning(self, node: Node | None) -> int:
        """Equal where the trees say the same, whatever their comments, styles and order of keys."""
        if node is None:
            return _NOTHING
        found = self._meaning.get(id(node))
        if found is None:
            numbers = self._numbers
            found = self._meaning[id(node)] = numbers.setdefault(self._said(node), len(numbers))
        return found

    def _said(self, node: Node) -> Hashable:
        if node.kind is Kind.MAPPING:
            pairs = zip(node.content[::2], node.content[1::2], strict=True)
            return node.tag, frozenset((self.meaning(key), self.meaning(value)) for key, value in pairs)
        if node.kind is Kind.SEQUENCE:
            return node.tag, tuple(map(self.meaning, node.content))
        if node.kind is Kind.DOCUMENT:
            return tuple(map(self.meaning, node.content))
        return node.kind, node.tag, node.value
