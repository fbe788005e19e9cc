"""The ResourceList: what a function outside of this process is given, and what it hands back."""

from collections.abc import Iterable, Iterator

from bot.errors import InvalidDocument
from bot.packages.anchors import check_aliases
from bot.packages.documents import Kind, Node, mapping, plain, sequence, string
from bot.packages.marks import INDENT, INTERNAL, LEGACY, drop_empty, marked, place_marks, unmark
from bot.packages.naming import quoted
from bot.packages.rendering import Reference, Result
from bot.packages.resource import UNPLACED, Resource
from bot.render.function import Outcome, inside
from bot.render.healing import heal

API_VERSION = "config.kubernetes.io/v1"
_ID = f"{INTERNAL}id"
_LEGACY_ID = "config.k8s.io/id"
_PACKAGE = f"{INTERNAL}package-path"
_OURS = frozenset(
    (
        *place_marks("", 0),
        *(INTERNAL + name for name in ("annotations-migration-resource-id", "kpt-resource-id")),
        *(_ID, _LEGACY_ID, _PACKAGE, INDENT),
    )
)


def request(items: Iterable[Resource], config: Node | None) -> Node:
    """The ResourceList of a run; every item says in annotations which it is and where it stands.

    The nodes below the annotations are the items' own: to be written, not to be changed.
    """
    root = mapping(
        ("apiVersion", string(API_VERSION)),
        ("kind", string("ResourceList")),
        ("items", sequence(*(_annotated(item, number) for number, item in enumerate(items)))),
    )
    if config is not None:
        root.put("functionConfig", config.root)
    return root


def outcome(answer: Node, items: list[Resource], *, exit_code: int = 0, stderr: str = "") -> Outcome:
    """What a function came to that returned `answer`, a ResourceList, for `items`.

    Items that came back are the same objects, with comments and the order of keys as they were; a run that
    failed leaves all as it was. Raises InvalidDocument for what is no ResourceList, and for what says two
    different things about its place.
    """
    root = answer.root
    if root.kind is not Kind.MAPPING or root.text("kind") != "ResourceList":
        raise InvalidDocument("The function must return a ResourceList, but what it wrote is none.")
    results = tuple(_results(root.get("results"), items))
    if exit_code:
        return Outcome(items, results, exit_code, stderr)
    known = {str(number): item for number, item in enumerate(items)}
    returned = _content(root.get("items"))
    check_aliases(returned)
    left = [_received(node, known) for node in returned]
    return Outcome(left, results, exit_code, stderr)


def _annotated(item: Resource, number: int) -> Node:
    marks = place_marks(inside(item), item.index)
    marks |= {_PACKAGE: item.package, INDENT: "wide" if item.document.wide else "compact"}
    return marked(item.root, marks | {_ID: str(number), _LEGACY_ID: str(number)})


def _received(node: Node, known: dict[str, Resource]) -> Resource:
    marks = unmark(node, _OURS)
    old = known.pop(marks.get(_ID) or marks.get(_LEGACY_ID, ""), None)
    was_path, was_index = (inside(old), str(old.index)) if old else ("", "")
    path = _reconciled("path", marks, was_path)
    index = _reconciled("index", marks, was_index)
    if old is None:
        drop_empty(node, metadata_too=False)
        wide = marks.get(INDENT) == "wide"
        made = Resource(Node(Kind.DOCUMENT, content=[node], wide=wide), package=UNPLACED)
        made.path, made.index = path.removeprefix("/"), _number(index)
        return made
    if path != was_path:
        # Joined without a look at '..': where it ends up is judged where all places are.
        old.path = f"{old.package}/{path}" if old.package and path else path
    old.index = _number(index)
    _renew(old, node)
    return old


def _renew(item: Resource, node: Node) -> None:
    """Give a resource its new content, unless nothing was changed."""
    drop_empty(node, metadata_too=item.root.get("metadata") is None)
    heal(node, item.root)
    before = item.root
    item.edit()
    item.document.content[0] = node
    node.line = before.line


def _reconciled(name: str, marks: dict[str, str], was: str) -> str:
    """Path or index: the one of the two annotations that the function changed counts."""
    internal, legacy = marks.get(INTERNAL + name, ""), marks.get(LEGACY + name, "")
    if internal == legacy or not legacy:
        return internal
    if not internal or internal == was:
        return legacy
    if legacy == was:
        return internal
    raise InvalidDocument("resource input to function has mismatched legacy and internal path annotations")


def _number(index: str) -> int:
    """An index, or -1 where the function gave none."""
    return int(index) if index.isdecimal() and len(index) < 10 else -1


def _results(node: Node | None, items: list[Resource]) -> Iterator[Result]:
    """The results, in each of the shapes that functions have given them."""
    if node is not None and node.kind is Kind.MAPPING:
        node = node.get("items")
    places = {inside(item): item.path for item in reversed(items)}
    for entry in _content(node):
        file, about = entry.text("file", "path"), entry.get("resourceRef")
        index, tags = entry.text("file", "index"), entry.get("tags")
        proposed = entry.get("field", "proposedValue") or entry.get("field", "suggestedValue")
        yield Result(
            entry.text("message"),
            entry.text("severity"),
            places.get(file, file),
            entry.text("field", "path"),
            _reference(about) if about is not None else None,
            document=max(_number(index), 0),
            current=_value(entry.get("field", "currentValue")),
            proposed=_value(proposed),
            tags=tuple((key.value, value.value) for key, value in tags.pairs()) if tags is not None else (),
        )


def _reference(node: Node) -> Reference:
    return Reference(
        node.text("apiVersion"),
        node.text("kind"),
        node.text("name") or node.text("metadata", "name"),
        node.text("namespace") or node.text("metadata", "namespace"),
    )


def _value(node: Node | None) -> object:
    return plain(node) if node is not None else None


def _content(node: Node | None) -> list[Node]:
    if node is None or node.tag == "!!null":
        return []
    if node.kind is not Kind.SEQUENCE:
        raise InvalidDocument(f"The function must return lists, not {quoted(node.value or 'a mapping')}.")
    return node.content
