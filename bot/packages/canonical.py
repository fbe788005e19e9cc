"""A Kptfile as kpt itself writes it: fields in the order of its structs, maps sorted, no comments."""

from collections.abc import Mapping

from bot.packages.documents import Kind, Node, dump, plain
from bot.packages.documents.keys import in_order
from bot.packages.shape import ANY, KPTFILE, Shape


def kptfile_values(root: Node) -> dict[str, object]:
    """The fields of a Kptfile in kpt's order; what is empty, and what kpt does not know, is left out."""
    found = _value(root, KPTFILE)
    return found if isinstance(found, dict) else {}


def format_kptfile(values: Mapping[str, object]) -> bytes:
    """Write such values as kpt writes a Kptfile."""
    return dump(dict(values), wide=True)


def _value(node: Node, shape: Shape | None) -> object:
    """The value of a node in this shape; None where it has another one, or is empty."""
    if shape is None or shape is ANY:
        return plain(node)
    if node.kind is not shape.kind:
        return None
    if shape.kind is Kind.SCALAR:
        return node.text() or None
    if shape.kind is Kind.SEQUENCE:
        return [_value(item, shape.inner) or {} for item in node.content] or None
    if shape.fields:
        pairs = ((name, node.get(name), each) for name, each in shape.fields.items())
        found = {name: _value(child, each) for name, child, each in pairs if child is not None}
        return {name: value for name, value in found.items() if value is not None} or None
    texts = {key.value: value.text() for key, value in node.pairs()}
    # kpt would drop an empty one, and with it that somebody meant to give no values.
    return {key: texts[key] for key in in_order(texts)}
