"""Which resource of its upstream a resource is, as kpt noted in it when the package was fetched."""

from typing import NamedTuple

from bot.packages.documents import Node
from bot.packages.resource import Resource

COMMENT = "# kpt-merge:"
ANNOTATION = "internal.kpt.dev/upstream-identifier"
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
    noted = _in_comment(root) or _in_annotation(root)
    return Origin(resource.group, resource.kind, *noted) if noted else None


def _in_comment(root: Node) -> tuple[str, str] | None:
    key = root.key("metadata")
    if key is None or not key.line_comment.startswith(COMMENT):
        return None
    namespace, slash, name = key.line_comment[len(COMMENT) :].strip().partition("/")
    return (namespace, name) if slash and name else None


def _in_annotation(root: Node) -> tuple[str, str] | None:
    parts = root.text("metadata", "annotations", ANNOTATION).split("|")
    if len(parts) != 4 or not parts[3]:
        return None
    return "" if parts[2] == _NO_NAMESPACE else parts[2], parts[3]
