"""Which resource of the upstream a resource is: what kpt noted in it when it was fetched, else its name."""

from bot.packages.documents import Kind, Node
from bot.packages.resource import Identity

COMMENT = "# kpt-merge:"
ANNOTATION = "internal.kpt.dev/upstream-identifier"
_NO_NAMESPACE = ("default", "~C")  # what the annotation says where there is none, now and formerly


def identity_of(root: Node) -> Identity:
    """What the resource is called in the upstream; where nothing was noted, as here."""
    return noted_identity(root) or _identity(
        root, root.text("metadata", "namespace"), root.text("metadata", "name")
    )


def noted_identity(root: Node) -> Identity | None:
    """What its `# kpt-merge:` comment says that it is called in the upstream, else its annotation.

    None where neither is; group and kind are never others.
    """
    noted = noted_in_comment(root) or _noted_in_annotation(root)
    return _identity(root, *noted) if noted else None


def noted_in_comment(root: Node) -> tuple[str, str] | None:
    """Namespace and name in the comment at `metadata`; None where there is none, or it names nothing."""
    key = root.key("metadata") if root.kind is Kind.MAPPING else None
    if key is None or not key.line_comment.startswith(COMMENT):
        return None
    namespace, slash, name = key.line_comment[len(COMMENT) :].strip().partition("/")
    return (namespace, name) if slash and name else None


def _noted_in_annotation(root: Node) -> tuple[str, str] | None:
    parts = root.text("metadata", "annotations", ANNOTATION).split("|")
    if len(parts) != 4 or not parts[3]:
        return None
    return "" if parts[2] in _NO_NAMESPACE else parts[2], parts[3]


def _identity(root: Node, namespace: str, name: str) -> Identity:
    return Identity(root.text("apiVersion").rpartition("/")[0], root.text("kind"), namespace, name)
