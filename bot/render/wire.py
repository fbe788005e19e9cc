"""The ResourceList: what a function outside of this process is given, and what it hands back."""

from collections.abc import Iterable, Iterator

from bot.errors import InvalidDocument
from bot.packages.documents import Kind, Node, Style, mapping, plain, sequence, string
from bot.packages.naming import quoted
from bot.packages.rendering import Reference, Result
from bot.packages.resource import UNPLACED, Resource
from bot.render.function import Outcome
from bot.render.healing import heal

API_VERSION = "config.kubernetes.io/v1"
_INTERNAL = "internal.config.kubernetes.io/"
_LEGACY = "config.kubernetes.io/"
_ID = f"{_INTERNAL}id"
_LEGACY_ID = "config.k8s.io/id"
_PACKAGE = f"{_INTERNAL}package-path"
_INDENT = f"{_INTERNAL}seqindent"
_OURS = frozenset(
    (
        *(prefix + name for prefix in (_INTERNAL, _LEGACY) for name in ("path", "index")),
        *(_INTERNAL + name for name in ("annotations-migration-resource-id", "kpt-resource-id")),
        *(_ID, _LEGACY_ID, _PACKAGE, _INDENT),
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
    left = [_received(node, known) for node in _content(root.get("items"))]
    return Outcome(left, results, exit_code, stderr)


def inside(item: Resource) -> str:
    """A resource's path from its own package, which is how functions know it."""
    return item.path[len(item.package) + 1 :] if item.package else item.path


def _annotated(item: Resource, number: int) -> Node:
    """The root with annotations added; only the three mappings on the way to them are copied."""
    marks = {_INTERNAL + "path": inside(item), _LEGACY + "path": inside(item)}
    marks |= {_INTERNAL + "index": str(item.index), _LEGACY + "index": str(item.index)}
    marks |= {_PACKAGE: item.package, _INDENT: "wide" if item.document.wide else "compact"}
    marks |= {_ID: str(number), _LEGACY_ID: str(number)}
    root = _shallow(item.root)
    metadata = _shallow(root.get("metadata"))
    annotations = _shallow(metadata.get("annotations"))
    for key, text in marks.items():
        annotations.put(key, string(text, Style.SINGLE_QUOTED))
    metadata.put("annotations", annotations)
    root.put("metadata", metadata)
    return root


def _shallow(node: Node | None) -> Node:
    if node is None or node.kind is not Kind.MAPPING:
        return mapping()
    comments = node.head_comment, node.line_comment, node.foot_comment
    return Node(node.kind, node.tag, node.value, node.style, list(node.content), *comments, node.anchor)


def _received(node: Node, known: dict[str, Resource]) -> Resource:
    marks = _marks(node)
    old = known.pop(marks.get(_ID) or marks.get(_LEGACY_ID, ""), None)
    was_path, was_index = (inside(old), str(old.index)) if old else ("", "")
    path = _reconciled("path", marks, was_path)
    index = _reconciled("index", marks, was_index)
    if old is None:
        wide = marks.get(_INDENT) == "wide"
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
    had = item.root.get("metadata")
    if had is None or had.get("annotations") is None:
        _drop_empty(node, with_metadata=had is None)
    heal(node, item.root)
    before = item.root
    item.edit()
    item.document.content[0] = node
    node.line = before.line


def _drop_empty(node: Node, *, with_metadata: bool) -> None:
    """Leave no empty mapping where annotations of ours were the only ones."""
    metadata = node.get("metadata")
    annotations = node.get("metadata", "annotations")
    if metadata is not None and annotations is not None and not annotations.content:
        metadata.drop("annotations")
    if with_metadata and metadata is not None and not metadata.content:
        node.drop("metadata")


def _marks(node: Node) -> dict[str, str]:
    """Our annotations, which are taken off the node."""
    annotations = node.get("metadata", "annotations")
    if annotations is None or annotations.kind is not Kind.MAPPING:
        return {}
    marks = {key.value: value.value for key, value in annotations.pairs() if key.value in _OURS}
    annotations.content = [
        part for key, value in annotations.pairs() if key.value not in _OURS for part in (key, value)
    ]
    return marks


def _reconciled(name: str, marks: dict[str, str], was: str) -> str:
    """Path or index: the one of the two annotations that the function changed counts."""
    internal, legacy = marks.get(_INTERNAL + name, ""), marks.get(_LEGACY + name, "")
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
