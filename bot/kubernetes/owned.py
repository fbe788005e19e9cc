"""What one manager wrote of an object, cut out of it by the cluster's own account of fields."""

import json
from collections.abc import Mapping
from typing import Any

Object = Mapping[str, Any]
_APPLY = "Apply"


def owned(item: Object, manager: str) -> dict[str, Any]:
    """The part of an object that `manager` applied; {} when it applied nothing.

    To apply the same part again, changed or not, leaves all else to those who wrote it.
    """
    metadata = item.get("metadata") or {}
    entries = [
        entry.get("fieldsV1") or {}
        for entry in metadata.get("managedFields") or ()
        if entry.get("manager") == manager
        and entry.get("operation") == _APPLY
        and not entry.get("subresource")
    ]
    if not entries:
        return {}
    found: dict[str, Any] = _cut(item, entries[0])
    place = {key: metadata[key] for key in ("name", "namespace") if key in metadata}
    return {**found, "metadata": {**found.get("metadata", {}), **place}}


def others(item: Object, manager: str) -> list[str]:
    """Who else wrote fields of it that are no status, sorted."""
    entries = (item.get("metadata") or {}).get("managedFields") or ()
    return sorted({str(one.get("manager")) for one in entries if not one.get("subresource")} - {manager})


def _cut(value: Any, fields: Mapping[str, Any]) -> Any:  # noqa: ANN401 JSON of any shape
    """The part of a value that a set of fields names, in Kubernetes' form of such sets (FieldsV1)."""
    inner = {key: below for key, below in fields.items() if key != "."}
    if not inner:
        return value
    if isinstance(value, list):
        return [one for one in value if _is_named(one, inner)]
    names = {key.removeprefix("f:"): below for key, below in inner.items()}
    return {name: _cut(value[name], below) for name, below in names.items() if name in value}


def _is_named(one: Any, fields: Mapping[str, Any]) -> bool:  # noqa: ANN401 the same
    """Whether an item of a list that is a set, or a map by keys, is among the fields."""
    for key in fields:
        if key.startswith("v:") and json.loads(key[2:]) == one:
            return True
        if key.startswith("k:") and isinstance(one, Mapping):
            keys = json.loads(key[2:])
            if all(one.get(name) == value for name, value in keys.items()):
                return True
    return False
