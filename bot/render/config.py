"""The functionConfig: what a Kptfile hands to a function."""

from bot.packages.documents.node import Kind, Node, Style, mapping, string
from bot.packages.function import Pairs


def config_map_of(pairs: Pairs) -> Node:
    """The ConfigMap that stands for a Kptfile's `configMap`."""
    data = mapping(*((key, string(value)) for key, value in pairs))
    data.style = Style.FLOW  # as kpt writes it
    meta = mapping(("name", string("function-input")))
    root = mapping(
        ("apiVersion", string("v1")), ("kind", string("ConfigMap")), ("metadata", meta), ("data", data)
    )
    return Node(Kind.DOCUMENT, content=[root])


def is_config_map(config: Node) -> bool:
    """Whether a functionConfig is a plain ConfigMap."""
    return config.root.text("kind") == "ConfigMap" and config.root.text("apiVersion") == "v1"


def texts_of(node: Node | None) -> dict[str, str]:
    """Keys and scalars of a mapping as text; null is ''."""
    pairs = node.pairs() if node is not None else ()
    return {
        key.value: "" if value.tag == "!!null" else value.value
        for key, value in pairs
        if value.kind is Kind.SCALAR
    }


def go_kind(node: Node) -> str:
    """What Go's JSON decoder calls such a value, for messages that people know."""
    if node.kind is Kind.SEQUENCE:
        return "array"
    if node.kind is Kind.MAPPING:
        return "object"
    return {"!!int": "number", "!!float": "number", "!!bool": "bool"}.get(node.tag, "string")
