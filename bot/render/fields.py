"""Fields of a resource by path: found, made where they are missing, and set only where they differ."""

from collections.abc import Iterator
from functools import lru_cache

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node, Style, mapping
from bot.packages.documents.scalars import reads_as_other
from bot.packages.function import is_null
from bot.packages.resource import Resource

EACH = "[]"  # in a path: every item of the list here
QUOTES = Style.SINGLE_QUOTED | Style.DOUBLE_QUOTED

# To look a member up takes longer than to compare with it.
_SCALAR, _SEQUENCE, _MAPPING = Kind.SCALAR, Kind.SEQUENCE, Kind.MAPPING

Path = tuple[str, ...]


def mappings_at(item: Resource, path: Path, *, create: bool) -> Iterator[Node]:
    """The mappings under `path`; missing ones are made if `create`, except in lists that are not there.

    Raises InvalidDocument, with the line, where something else than a mapping or a list stands in the way.
    """
    if EACH in path:
        return _descend(item, item.root, path, 0, create=create)
    found: Node | None = item.root
    for depth in range(len(path)):
        if found is None:
            return iter(())
        found = _child(item, found, path, depth, create=create)
    return iter(() if found is None else (found,))


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
    wanted = Kind.SEQUENCE if depth + 1 < len(path) and path[depth + 1] == EACH else Kind.MAPPING
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
        if node.kind is _SCALAR:
            yield None, node, path
        elif node.kind is _SEQUENCE:
            waiting += [(child, f"{path}[{index}]") for index, child in enumerate(node.content)][::-1]
        elif node.kind is _MAPPING:
            content = node.content
            prefix = f"{path}." if path else ""
            children = []
            for index in range(0, len(content), 2):
                key, value = content[index], content[index + 1]
                here = prefix + key.value
                if value.kind is _SEQUENCE:
                    yield key, value, here
                children.append((value, here))
            children.reverse()
            waiting += children


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
    node.style = (node.style and node.style & QUOTES) or _style_of(text)
    return True


def _string(text: str) -> Node:
    """A string that YAML 1.1, which Kubernetes reads, takes for one too: 'on' and 'yes' are quoted."""
    return Node(Kind.SCALAR, "!!str", text, _style_of(text))


@lru_cache(maxsize=1024)  # a function puts the same few texts into every resource
def _style_of(text: str) -> Style:
    return Style.DOUBLE_QUOTED if reads_as_other(text) else Style.PLAIN


def dotted(path: Path) -> str:
    """A path as results show it: 'spec.template.metadata'."""
    return ".".join(path).replace("." + EACH, EACH)
