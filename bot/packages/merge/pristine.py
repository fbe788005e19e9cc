"""Whether a resource is as it was fetched, but for what kpt noted in it since."""

from bot.packages.documents import Node
from bot.packages.merge.digest import Digests
from bot.packages.merge.identity import ANNOTATION, COMMENT
from bot.packages.resource import copy_of

# kpt notes here, in resources of Google's Config Connector, that it fetched them.
BLUEPRINT = "cnrm.cloud.google.com/blueprint"


def is_pristine(local: Node, origin: Node) -> bool:
    """Whether two documents say the same; what kpt notes in them, and their formatting, says nothing."""
    digests = Digests()
    if digests.meaning(local) == digests.meaning(origin):
        return _comments(local) == _comments(origin)
    here, there = _without_notes(local), _without_notes(origin)
    return digests.meaning(here) == digests.meaning(there) and _comments(here) == _comments(there)


def _without_notes(document: Node) -> Node:
    document = copy_of(document)
    root = document.root
    metadata, annotations = root.get("metadata"), root.get("metadata", "annotations")
    if metadata is not None and annotations is not None:
        dropped = [annotations.drop(name) for name in (ANNOTATION, BLUEPRINT)]
        if any(dropped) and not annotations.content:
            metadata.drop("annotations")
    return document


def _comments(node: Node) -> list[str]:
    """Every comment of a tree but kpt's, in order."""
    found = [text for text in (node.head_comment, node.line_comment, node.foot_comment) if text]
    found = [text for text in found if not text.startswith(COMMENT)]
    for child in node.content:
        found += _comments(child)
    return found
