"""delete-annotations: take annotations off resources."""

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.config import texts_of
from bot.render.function import Outcome, failed, succeeded

NAME = "delete-annotations"
FIELD = "annotationKeys"


def delete_annotations(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the keys are a ConfigMap's `annotationKeys`, with commas between them."""
    try:
        keys = _read(config)
    except InvalidDocument as error:
        return failed(items, error.reason, stderr=f"[error]: {error.reason}")
    results: list[Result] = []
    count = 0
    for item in items:
        gone = _delete(item, keys)
        count += bool(gone)
        for key in gone:
            # The catalog's spelling: scripts may look for it.
            message = f"Annonation: [{key}] removed from resource: [{item.name}]"
            results.append(Result(message, "info", item.path, line=item.root.line))
    if not results:
        return succeeded(items, "None of the resources had the provided annotations to delete")
    first = Result(f"The provided annotations were deleted from {count} resource(s)")
    return Outcome(items, (first, *results))


def _delete(item: Resource, keys: list[str]) -> list[str]:
    """Delete from one resource, with the mapping when nothing is left in it; which keys were there."""
    meta, found = item.root.get("metadata"), item.root.get("metadata", "annotations")
    if meta is None or found is None or found.kind is not Kind.MAPPING:
        return []
    gone = [key for key in keys if found.get(key) is not None]
    if gone:
        item.edit()
        for key in gone:
            found.drop(key)
        if not found.content:
            meta.drop("annotations")
    return gone


def _read(config: Node | None) -> list[str]:
    texts = texts_of(config.root.get("data")) if config is not None else {}
    keys = list(dict.fromkeys(key.strip() for key in texts.get(FIELD, "").split(",") if key.strip()))
    if not keys:
        raise InvalidDocument(f"`data.{FIELD}` must name the annotations to delete, with commas between them")
    return keys
