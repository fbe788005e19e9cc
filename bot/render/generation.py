"""Resources of Config Connector that functions generate: their mark, their place, their renewal."""

import posixpath

from bot.packages.documents.node import Kind, Node, Style, string
from bot.packages.resource import Resource
from bot.render.healing import heal

# kpt itself puts it on such resources when it renders; the value is the one in the catalog's own examples.
BLUEPRINT = "cnrm.cloud.google.com/blueprint"
_MARK = "kpt-fn"


def generated(root: Node) -> Resource:
    """A new resource, of a mapping with `metadata.annotations`; it gets kpt's mark, and no place yet."""
    notes = root.get("metadata", "annotations")
    if notes is not None and notes.get(BLUEPRINT) is None:
        notes.put(BLUEPRINT, string(_MARK, Style.SINGLE_QUOTED))
    return Resource(Node(Kind.DOCUMENT, content=[root]))


def package_of(items: list[Resource]) -> str:
    """The directory of the package whose function was given `items`: the topmost one's."""
    return min((item.package for item in items), key=len, default="")


def place_of(item: Resource, package: str) -> str:
    """The path, from the root, that the pipeline gives to what a function of `package` generates."""
    return posixpath.join(package, item.namespace, f"{item.kind.lower()}_{item.name}.yaml")


def renew(item: Resource, new: Resource) -> None:
    """Put what was generated now in the place of an item, with its comments and the order of its keys."""
    heal(new.root, item.edit())
    item.document.content = [new.root]
