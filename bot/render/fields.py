"""Fields of a resource by path: found, made where they are missing, and set only where they differ."""

from collections.abc import Iterator

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node, Style, mapping, string
from bot.packages.documents.scalars import reads_as_other
from bot.packages.function import is_null
from bot.packages.resource import Resource

EACH = "[]"  # in a path: every item of the list here
QUOTES = Style.SINGLE_QUOTED | Style.DOUBLE_QUOTED

Path = tuple[str, ...]


def mappings_at(item: Resource, path: Path, *, create: bool) -> Iterator[Node]:
    """The mappings under `path`; missing ones are made if `create`, except in lists that are not there.

    Raises InvalidDocument, with the line, where something else than a mapping or a list stands in the way.
    """
    yield from _descend(item, item.root, path, 0, create=create)


def _descend(item: Resource, node: Node, path: Path, depth: int, *, create: bool) -> Iterator[Node]:
    if depth == len(path):
        yield node
        return
    if path[depth] == EACH:
        for entry in node.content:
            if entry.kind is Kind.MAPPING:
                yield from _descend(item, entry, path, depth + 1, create=create)
        return
    child = _child(item, node, path, depth, create=create)
    if child is not None:
        yield from _descend(item, child, path, depth + 1, create=create)


def _child(item: Resource, node: Node, path: Path, depth: int, *, create: bool) -> Node | None:
    wanted = Kind.SEQUENCE if path[depth + 1 : depth + 2] == (EACH,) else Kind.MAPPING
    child = node.get(path[depth])
    if child is not None and child.kind is wanted:
        return child
    if child is not None and not is_null(child):
        what = "list" if wanted is Kind.SEQUENCE else "mapping"
        raise InvalidDocument(
            f"`{dotted(path[: depth + 1])}` must be a {what}.", path=item.path, line=child.line
        )
    if not create or wanted is Kind.SEQUENCE:
        return None
    item.edit()
    if child is None:
        node.put(path[depth], mapping())
        return node.content[-1]
    child.kind, child.tag, child.value, child.style = Kind.MAPPING, "!!map", "", Style.PLAIN
    return child


def leaves(root: Node) -> Iterator[tuple[Node | None, Node, str]]:
    """Every scalar, without a key, and every list that stands under a key, with it; each with its path.

    In the order of the document. Without recursion, since a tree may be deep; a list may be changed when met.
    """
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, path = waiting.pop()
        if node.kind is Kind.SCALAR:
            yield None, node, path
        elif node.kind is Kind.SEQUENCE:
            waiting += [(child, f"{path}[{index}]") for index, child in enumerate(node.content)][::-1]
        else:
            children = []
            for key, value in node.pairs():
                here = f"{path}.{key.value}" if path else key.value
                if value.kind is Kind.SEQUENCE:
                    yield key, value, here
                children.append((value, here))
            waiting += children[::-1]


def put_text(item: Resource, node: Node, key: str, text: str) -> bool:
    """Set `key` of a mapping to a string, keeping its quotes and comments; say whether it was another before.

    Raises InvalidDocument where a mapping or a list stands under `key`.
    """
    found = node.get(key)
    if found is None:
        item.edit()
        node.content += [_string(key), _string(text)]
        return True
    if found.kind is not Kind.SCALAR:
        raise InvalidDocument(f"`{key}` must be a string.", path=item.path, line=found.line)
    return set_text(item, found, text)


def set_text(item: Resource, node: Node, text: str) -> bool:
    """Set a scalar to a string, keeping its quotes and comments; say whether it was another before."""
    if node.value == text and node.tag == "!!str":
        return False
    item.edit()
    node.value, node.tag = text, "!!str"
    node.style = node.style & QUOTES or _string(text).style
    return True


def _string(text: str) -> Node:
    """A string that YAML 1.1, which Kubernetes reads, takes for one too: 'on' and 'yes' are quoted."""
    return string(text, Style.DOUBLE_QUOTED if reads_as_other(text) else Style.PLAIN)


def dotted(path: Path) -> str:
    """A path as results show it: 'spec.template.metadata'."""
    return ".".join(path).replace("." + EACH, EACH)
