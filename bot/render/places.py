"""Where in its file each value of a resource stands."""

from __future__ import annotations

from bot.packages.documents.node import Kind, Node

# From a value up to its resource: the part above, and the key or index in it; None is the resource itself.
Path = tuple["Path", str | int] | None
LONGEST_NAME = 400  # as it is shown; Kubernetes' own names end at 317, and many faults may lie below one name


def steps(path: Path) -> list[str | int]:
    """Keys and indexes from the resource down to the value."""
    found: list[str | int] = []
    while path is not None:
        path, step = path
        found.append(step)
    return found[::-1]


def dotted(path: Path) -> str:
    """The way from the resource down to the value, with dots; '' is the resource itself."""
    return ".".join(str(step)[:LONGEST_NAME] for step in steps(path))


class Places:
    """The lines of one resource's values; each mapping is looked through once, however many ask."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._lines: dict[int, dict[str | int, tuple[int, Node]]] = {}

    def line(self, path: Path) -> int:
        """The line of the key or item at the end of `path`, or of the last on the way that is written out."""
        node, line = self._root, self._root.line
        for step in steps(path):
            found = self._below(node).get(step)
            if found is None:
                break
            line, node = found
        return line

    def _below(self, node: Node) -> dict[str | int, tuple[int, Node]]:
        found = self._lines.get(id(node))
        if found is None:
            if node.kind is Kind.SEQUENCE:
                found = {index: (item.line, item) for index, item in enumerate(node.content)}
            else:
                found = {key.value: (key.line, value) for key, value in node.pairs()}
            self._lines[id(node)] = found
        return found
