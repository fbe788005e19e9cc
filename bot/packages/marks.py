"""Annotations that say where a resource stands, put on for those who are handed it, and taken off again."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node, Style, mapping, string
from bot.packages.naming import quoted

LEGACY, INTERNAL = "config.kubernetes.io/", "internal.config.kubernetes.io/"
INDENT = f"{INTERNAL}seqindent"


def place_marks(path: str, index: int) -> dict[str, str]:
    """Path and index, under their old and new names, as kyaml orders them.

    Raises InvalidDocument for a path that no YAML can hold.
    """
    try:
        path.encode()
    except UnicodeEncodeError:
        raise InvalidDocument(f"The name of the file {quoted(path)} must be UTF-8; rename it.") from None
    texts = (("index", str(index)), ("path", path))
    return {prefix + name: text for prefix in (LEGACY, INTERNAL) for name, text in texts}


def marked(root: Node, marks: Mapping[str, str]) -> Node:
    """The resource with these annotations: to be written, for its nodes are still the resource's own.

    Only the three mappings on the way to the annotations are copied, and written out where they are aliases.
    """
    copy = _shallow(root)
    metadata = _shallow(_meant(root.get("metadata"), root))
    annotations = _shallow(_meant(metadata.get("annotations"), root))
    for key, text in marks.items():
        annotations.put(key, string(text, Style.SINGLE_QUOTED))
    metadata.put("annotations", annotations)
    copy.put("metadata", metadata)
    return copy


def unmark(root: Node, keys: Collection[str]) -> dict[str, str]:
    """Take these annotations off a resource; returns what they said. An empty mapping is left behind."""
    annotations = root.get("metadata", "annotations")
    if annotations is None or annotations.kind is not Kind.MAPPING:
        return {}
    said = {key.value: value.value for key, value in annotations.pairs() if key.value in keys}
    if said:
        pairs = annotations.pairs()
        annotations.content = [part for pair in pairs if pair[0].value not in said for part in pair]
    return said


def drop_empty(root: Node, *, metadata_too: bool = False) -> None:
    """Leave no empty mapping where marks were the only annotations."""
    metadata = root.get("metadata")
    annotations = root.get("metadata", "annotations")
    if metadata is not None and annotations is not None and not annotations.content:
        metadata.drop("annotations")
    if metadata_too and metadata is not None and not metadata.content:
        root.drop("metadata")


def _meant(node: Node | None, root: Node) -> Node | None:
    """What a node stands for: an alias of `root` for what has its anchor, less the anchor."""
    if node is None or node.kind is not Kind.ALIAS:
        return node
    found = None
    waiting = [root]
    while (
        waiting
    ):  # in the order of the text: of an anchor that stands twice, the last above the alias counts
        here = waiting.pop()
        if here is node:
            break
        if here.anchor == node.value:
            found = here
        waiting += here.content[::-1]
    return replace(found, anchor="") if found is not None else None


def _shallow(node: Node | None) -> Node:
    if node is None or node.kind is not Kind.MAPPING:
        return mapping()
    comments = node.head_comment, node.line_comment, node.foot_comment
    return Node(node.kind, node.tag, node.value, node.style, list(node.content), *comments, node.anchor)
