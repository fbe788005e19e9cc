"""What kpt says of a document that is no resource of the Kubernetes resource model."""

from bot.packages.documents.node import Kind
from bot.packages.resource import Resource


def fault(item: Resource) -> str:
    """Kpt's words for what a resource lacks; '' when it lacks nothing."""
    if not item.fault():
        return ""
    metadata = item.root.get("metadata")
    if item.root.kind is not Kind.MAPPING or (metadata is not None and metadata.kind is not Kind.MAPPING):
        return "resource must have `apiVersion`, `kind`, and `name`"
    if not item.api_version:
        return "resource must have `apiVersion`"
    if not item.kind:
        return "resource must have `kind`"
    return "resource must have `metadata.name`"
