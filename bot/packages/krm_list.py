"""Resources as kio prints them: one ResourceList, or one after the other; and such input read again."""

from collections.abc import Iterable

from bot.errors import InvalidDocument
from bot.packages.anchors import check_aliases
from bot.packages.documents import Kind, Node, emit, mapping, parse, sequence, string
from bot.packages.marks import INDENT, INTERNAL, LEGACY, drop_empty, marked, place_marks, unmark
from bot.packages.naming import quoted
from bot.packages.resource import Resource

API_VERSION = "config.kubernetes.io/v1"
KIND = "ResourceList"
_MARKS = frozenset((*place_marks("", 0), INDENT))


def format_resource_list(items: Iterable[Resource], config: Node | None = None) -> bytes:
    """The ResourceList of these items, each with annotations that say where it stands."""
    root = mapping(
        ("apiVersion", string(API_VERSION)),
        ("kind", string(KIND)),
        ("items", sequence(*(_placed(item) for item in items))),
    )
    if config is not None:
        root.put("functionConfig", config.root)
    return emit([root])


def format_documents(items: Iterable[Resource]) -> bytes:
    """The items one after the other, with `---` between them."""
    return b"---\n".join(item.emit() for item in items)


def read_resource_list(data: bytes) -> tuple[list[Resource], Node | None]:
    """The items of a ResourceList (or of plain documents) and the functionConfig, where there is one.

    Where an item stands is read from its annotations, which are taken off; '' and -1 where it does not say.
    Raises InvalidDocument.
    """
    documents = parse(data, path="standard input")
    if len(documents) == 1 and documents[0].root.text("kind") in {KIND, "List"}:
        root = documents[0].root
        found = root.get("items")
        if found is not None and found.kind is not Kind.SEQUENCE and found.tag != "!!null":
            raise InvalidDocument("`items` must be a list.", path="standard input", line=found.line)
        items = found.content if found is not None else []
        check_aliases(items, path="standard input")
        return [_read(item) for item in items], root.get("functionConfig")
    return [_read(document.root) for document in documents], None


def _read(root: Node) -> Resource:
    if root.kind is not Kind.MAPPING:
        what = f"Every item must be a resource, but one is {quoted(root.value or 'a list')}."
        raise InvalidDocument(what, path="standard input", line=root.line)
    said = unmark(root, _MARKS)
    drop_empty(root)
    document = Node(Kind.DOCUMENT, content=[root], line=root.line, wide=said.get(INDENT) == "wide")
    index = said.get(f"{INTERNAL}index") or said.get(f"{LEGACY}index", "")
    path = said.get(f"{INTERNAL}path") or said.get(f"{LEGACY}path", "")
    return Resource(document, path, int(index) if index.isdecimal() and len(index) < 10 else -1)


def _placed(item: Resource) -> Node:
    if item.root.kind is not Kind.MAPPING:
        what = "Only mappings can stand in a ResourceList; move what is none to a file of another kind."
        raise InvalidDocument(what, path=item.path, line=item.root.line)
    marks = place_marks(item.path, item.index)
    return marked(item.root, marks | {INDENT: "wide" if item.document.wide else "compact"})
