"""Attribution: resources of Config Connector say which of kpt's commands touched them."""

from collections.abc import Iterable

from bot.packages.documents.node import Kind, Style, mapping, string
from bot.packages.resource import Resource

ANNOTATION = "cnrm.cloud.google.com/blueprint"
_GROUP = ".cnrm."
_FIRST = "kpt-"
_ACTION = "fn"


def attribute(items: Iterable[Resource]) -> None:
    """Note on each of Config Connector's resources that functions ran over it; words of others are left."""
    for item in items:
        if _GROUP in item.api_version:
            had = item.annotations.get(ANNOTATION, "")
            note = _note(had)
            if note != had:
                _annotate(item, note)


def _note(had: str) -> str:
    if not had:
        return f"{_FIRST}{_ACTION}"
    actions = had.removeprefix(_FIRST).split("-")
    if not had.startswith(_FIRST) or _ACTION in actions:
        return had
    # 'live' is always named last.
    others = [action for action in actions if action != "live"]
    return "-".join((_FIRST[:-1], *others, _ACTION, *(["live"] if "live" in actions else [])))


def _annotate(item: Resource, note: str) -> None:
    root = item.edit()
    metadata = root.get("metadata")
    if metadata is None or metadata.kind is not Kind.MAPPING:
        return
    annotations = metadata.get("annotations")
    if annotations is None or annotations.kind is not Kind.MAPPING:
        annotations = mapping()
        metadata.put("annotations", annotations)
    annotations.put(ANNOTATION, string(note, Style.SINGLE_QUOTED))
