"""Attribution: resources of Config Connector say which of kpt's commands touched them."""

import re
from collections.abc import Iterable

from bot.packages.documents.node import Kind, Style, mapping, string
from bot.packages.resource import Resource

ANNOTATION = "cnrm.cloud.google.com/blueprint"
_GROUP = ".cnrm."
_ACTION = "fn"
# What kpt's commands did, in this order; written `krm-…` by the newest kpt and `kpt-…` by those before it.
_ACTIONS = ("pkg", "fn", "live")
_NOTE = re.compile(r"(kpt|krm)((?:-(?:pkg|fn|live))+)")
_NEW = f"kpt-{_ACTION}"


def attribute(items: Iterable[Resource]) -> None:
    """Note on each of Config Connector's resources that functions ran over it; words of others are left."""
    for item in items:
        if _GROUP in item.api_version:
            had = item.annotations.get(ANNOTATION, "")
            note = _note(had)
            if note != had:
                _annotate(item, note)


def _note(had: str) -> str:
    found = _NOTE.search(had)
    if found is None:
        return ",".join(filter(None, (had, _NEW)))
    did = {*found[2].split("-"), _ACTION}
    note = "-".join((found[1], *(action for action in _ACTIONS if action in did)))
    return had[: found.start()] + note + had[found.end() :]


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
