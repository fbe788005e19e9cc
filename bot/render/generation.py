"""Resources of Config Connector that functions generate: their attribution, their place, their renewal."""

import posixpath

from bot.packages.documents.node import Kind, Node
from bot.packages.resource import Resource
from bot.render.attribution import attribute
from bot.render.healing import heal


def generated(root: Node) -> Resource:
    """A new resource, of a mapping with `metadata.annotations`; it has no place yet.

    It says at once that a function touched it, which kpt would note on it anyway: else it would be written
    anew by whoever renders next, with attribution or without.
    """
    resource = Resource(Node(Kind.DOCUMENT, content=[root]))
    attribute([resource])
    return resource


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
