"""Which resource of the upstream a resource is: what kpt noted in it when it was fetched, else its name."""

from bot.packages.documents import Kind, Node
from bot.packages.resource import Identity

COMMENT = "# kpt-merge:"
ANNOTATION = "internal.kpt.dev/upstream-identifier"
_NO_NAMESPACE = ("default", "~C")  # what the annotation says where there is none, now and formerly


def identity_of(root: Node) -> Identity:
    """The resource's name and namespace by its `# kpt-merge:` comment, its annotation, or its own fields."""
    group, _, _ = root.text("apiVersion").rpartition("/")
    namespace, name = _noted(root) or (root.text("metadata", "namespace"), root.text("metadata", "name"))
    return Identity(group, root.text("kind"), namespace, name)


def noted_in_comment(root: Node) -> tuple[str, str] | None:
    """Namespace and name in the comment at `metadata`; None where there is none, or it names nothing."""
    key = root.key("metadata") if root.kind is Kind.MAPPING else None
    if key is None or not key.line_comment.startswith(COMMENT):
        return None
    namespace, slash, name = key.line_comment[len(COMMENT) :].strip().partition("/")
    return (namespace, name) if slash and name else None


def _noted(root: Node) -> tuple[str, str] | None:
    found = noted_in_comment(root)
    if found is None:
        parts = root.text("metadata", "annotations", ANNOTATION).split("|")
        if len(parts) == 4 and parts[3]:
            found = ("" if parts[2] in _NO_NAMESPACE else parts[2], parts[3])
    return found
