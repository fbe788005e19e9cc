"""Which resource of its upstream a resource is, as kpt noted in it when the package was fetched."""

from typing import NamedTuple

from bot.packages.documents import Node
from bot.packages.merge.identity import ANNOTATION, noted_in_comment
from bot.packages.resource import Resource

_NO_NAMESPACE = "default"  # what the annotation says where there is none


class Origin(NamedTuple):
    """What the resource is called in the upstream; its kind is never another."""

    group: str
    kind: str
    namespace: str
    name: str


def origin_of(resource: Resource) -> Origin | None:
    """What `# kpt-merge: namespace/name` at `metadata` says, else the annotation; None where neither is."""
    root = resource.root
    noted = noted_in_comment(root) or _in_annotation(root)
    return Origin(resource.group, resource.kind, *noted) if noted else None


def _in_annotation(root: Node) -> tuple[str, str] | None:
    parts = root.text("metadata", "annotations", ANNOTATION).split("|")
    if len(parts) != 4 or not parts[3]:
        return None
    return "" if parts[2] == _NO_NAMESPACE else parts[2], parts[3]
