"""upsert-resource: put resources in the place of those they are the same as, or add them."""

import posixpath
import re
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node
from bot.packages.naming import quoted
from bot.packages.rendering import Result
from bot.packages.resource import Identity, Resource, copy_of
from bot.render.function import Outcome, failed
from bot.render.healing import heal

NAME = "upsert-resource"
TARGET = "config.kubernetes.io/target-path"
_PATHS = ("internal.config.kubernetes.io/path", "config.kubernetes.io/path")
# Where a resource stands is no part of it; what the config says of it counts only for one that is added.
_PLACES = (
    *_PATHS,
    TARGET,
    "internal.config.kubernetes.io/index",
    "config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "config.k8s.io/id",
)
_NAME = re.compile(r"\.(?:yaml|yml|json)\Z")
_NO_CONFIG = "`functionConfig` must be a resource, or a `List` of resources"


class Wanted(NamedTuple):
    """A resource to be put in, at `path`; `target` is the path that it alone is replaced at; '' for none.

    What it replaces may be of another version; but no namespace is another one than `default`.
    """

    root: Node
    path: str
    target: str


def upsert_resource(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the config is the resource itself, or a List of resources."""
    if config is None:
        return failed(items, _NO_CONFIG, stderr=_NO_CONFIG)
    package = _package(items, config)
    try:
        wanted = [_read(node, package) for node in _nodes(config.root)]
    except InvalidDocument as error:
        return Outcome(items, (Result(error.reason, "error", line=error.line),), 1, error.reason)
    known: dict[Identity, list[Resource]] = {}
    last: dict[str, int] = {}
    for item in items:
        known.setdefault(item.identity, []).append(item)
        last[item.path] = max(last.get(item.path, -1), item.index)
    left = list(items)
    for new in wanted:
        # By a table: a List of thousands over thousands of resources would take minutes otherwise.
        named = known.setdefault(Resource(new.root).identity, [])
        same = [item for item in named if new.target in {"", item.path}]
        for item in same:
            _replace(item, new.root)
        if not same:
            index = last[new.path] = last.get(new.path, -1) + 1
            document = Node(Kind.DOCUMENT, content=[copy_of(new.root)])
            named.append(Resource(document, new.path, index if new.path else 0, package))
            left.append(named[-1])
    return Outcome(left)


def _replace(item: Resource, root: Node) -> None:
    new = copy_of(root)
    heal(new, item.edit())
    item.document.content = [new]


def _package(items: list[Resource], config: Node) -> str:
    """The directory of the package whose function runs: the config's, or the topmost of the items'."""
    found = next((item.package for item in items if item.document is config), None)
    return min((item.package for item in items), key=len, default="") if found is None else found


def _nodes(root: Node) -> list[Node]:
    """The resources in a config; those of a List are its items."""
    items = root.get("items")
    is_list = root.text("kind") == "List" and items is not None and items.kind is Kind.SEQUENCE
    return items.content if is_list and items is not None else [root]


def _read(node: Node, package: str) -> Wanted:
    """Raises InvalidDocument for what is no resource, and for a path that no resource may have."""
    root = copy_of(node)
    new = Resource(root)
    if fault := new.fault():
        raise InvalidDocument(f"`functionConfig` holds what is no resource: {fault}.", line=node.line)
    notes = new.annotations
    target = notes.get(TARGET, "")
    path = target or next((notes[key] for key in _PATHS if key in notes), "")
    if path and (posixpath.normpath(path) != path or path.startswith(("/", "../")) or not _NAME.search(path)):
        raise InvalidDocument(
            f"The path {quoted(path)} must be one of a YAML or JSON file within the package.", line=node.line
        )
    meta, found = root.get("metadata"), root.get("metadata", "annotations")
    if meta is not None and found is not None:
        dropped = [found.drop(key) for key in _PLACES]
        if any(dropped) and not found.content:
            meta.drop("annotations")
    path, target = (posixpath.join(package, text) if text else "" for text in (path, target))
    return Wanted(root, path, target)
