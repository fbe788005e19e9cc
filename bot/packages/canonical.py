"""A Kptfile as kpt itself writes it: fields in the order of its structs, maps sorted, no comments."""

from collections.abc import Mapping

from bot.packages.documents import Kind, Node, emit, from_plain, plain
from bot.packages.documents.keys import in_order

# A mapping names the fields of a struct, in their order; MAP is a map of strings, LIST a list of strings.
MAP, LIST, TEXT, ANY = "map", "list", "text", "any"
Shape = Mapping[str, object] | list[object] | str

_GIT = {"repo": TEXT, "directory": TEXT, "ref": TEXT}
_SELECTOR: dict[str, object] = {
    "apiVersion": TEXT,
    "kind": TEXT,
    "name": TEXT,
    "namespace": TEXT,
    "labels": MAP,
    "annotations": MAP,
}
_FUNCTION: dict[str, object] = {
    "image": TEXT,
    "exec": TEXT,
    "configPath": TEXT,
    "configMap": MAP,
    "name": TEXT,
    "tag": TEXT,
    "selectors": [_SELECTOR],
    "exclude": [_SELECTOR],
}
KPTFILE_SHAPE: dict[str, object] = {
    "apiVersion": TEXT,
    "kind": TEXT,
    "metadata": {"name": TEXT, "namespace": TEXT, "labels": MAP, "annotations": MAP},
    "upstream": {"type": TEXT, "git": _GIT, "updateStrategy": TEXT},
    "upstreamLock": {
        "type": TEXT,
        "git": {**_GIT, "commit": TEXT},
        "generic": {"storeID": TEXT, "resourceID": TEXT, "resourceVersion": TEXT},
    },
    "info": {
        "site": TEXT,
        "emails": LIST,
        "license": TEXT,
        "licenseFile": TEXT,
        "description": TEXT,
        "keywords": LIST,
        "man": TEXT,
        "readinessGates": [{"conditionType": TEXT}],
    },
    "pipeline": {"mutators": [_FUNCTION], "validators": [_FUNCTION]},
    "inventory": {"namespace": TEXT, "name": TEXT, "inventoryID": TEXT, "labels": MAP, "annotations": MAP},
    "status": ANY,
}


def kptfile_values(root: Node) -> dict[str, object]:
    """The fields of a Kptfile in kpt's order; what is empty, and what kpt does not know, is left out."""
    found = _value(root, KPTFILE_SHAPE)
    return found if isinstance(found, dict) else {}


def format_kptfile(values: Mapping[str, object]) -> bytes:
    """Write such values as kpt writes a Kptfile."""
    return emit([from_plain(dict(values))], wide=True)


def _value(node: Node, shape: object) -> object:
    """The value of a node in this shape; None where it has another one, or is empty."""
    if isinstance(shape, dict):
        pairs = ((name, node.get(name), each) for name, each in shape.items())
        found = {name: _value(child, each) for name, child, each in pairs if child is not None}
        return {name: value for name, value in found.items() if value is not None} or None
    if isinstance(shape, list):
        entries = node.content if node.kind is Kind.SEQUENCE else []
        return [_value(entry, shape[0]) or {} for entry in entries] or None
    if shape == TEXT:
        return node.text() or None
    if shape == LIST:
        return [entry.text() for entry in node.content] or None if node.kind is Kind.SEQUENCE else None
    if shape == MAP:
        texts = {key.value: value.text() for key, value in node.pairs()}
        # kpt would drop an empty one, and with it that somebody meant to give no values.
        return {key: texts[key] for key in in_order(texts)} if node.kind is Kind.MAPPING else None
    return plain(node)
