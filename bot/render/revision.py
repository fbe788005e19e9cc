"""A tree that says another value, changed no more than that takes."""

import json

from bot.packages.documents import Kind, Node, from_plain


def revised(node: Node, before: object, after: object) -> Node:
    """The node that says `after`, where `node` says `before`: itself, when the two are the same.

    `node` is left as it is; what did not change is shared with it, as it is written. New keys come in
    alphabetical order, last.
    """
    if node.has_references:
        return node if _same(before, after) else fresh(after)
    return _revised(node, before, after)


def fresh(value: object) -> Node:
    """The node that says a value that nobody wrote: the keys in alphabetical order, as Go writes its maps."""
    return from_plain(_ordered(value))


def _revised(node: Node, before: object, after: object) -> Node:
    if node.kind is Kind.MAPPING and isinstance(before, dict) and isinstance(after, dict):
        return _mapping(node, before, after)
    if node.kind is Kind.SEQUENCE and isinstance(before, list) and isinstance(after, list):
        return _sequence(node, before, after)
    return node if type(before) is type(after) and before == after else fresh(after)


def _mapping(node: Node, before: dict[str, object], after: dict[str, object]) -> Node:
    pairs = list(node.pairs())
    if any(key.value not in before for key, _ in pairs):
        return node if _same(before, after) else fresh(after)  # a key of another kind, such as `0x1`
    content: list[Node] = []
    for key, value in pairs:
        if key.value in after:
            content += (key, _revised(value, before[key.value], after[key.value]))
    for name in sorted(after.keys() - before.keys()):
        content += fresh({name: after[name]}).content
    return _with(node, content)


def _sequence(node: Node, before: list[object], after: list[object]) -> Node:
    """Entries match by their name, or else by their value; where as many are left, others by their place."""
    known: dict[object, list[int]] = {}
    for place in range(len(before) - 1, -1, -1):
        known.setdefault(_mark(before[place]), []).append(place)
    found = [places.pop() if (places := known.get(_mark(value))) else -1 for value in after]
    taken = set(found)
    content = []
    for place, value in enumerate(after):
        old = found[place]
        if old < 0 and len(before) == len(after) and place not in taken:
            old = place
        content.append(fresh(value) if old < 0 else _revised(node.content[old], before[old], value))
    return _with(node, content)


def _mark(value: object) -> tuple[str, object]:
    """What tells an entry of a list apart."""
    if isinstance(value, dict) and isinstance(name := value.get("name"), str):
        return "name", name
    if isinstance(value, dict | list):
        return "text", json.dumps(value, sort_keys=True)
    return type(value).__name__, value


def _with(node: Node, content: list[Node]) -> Node:
    if len(content) == len(node.content) and all(
        new is old for new, old in zip(content, node.content, strict=True)
    ):
        return node
    comments = node.head_comment, node.line_comment, node.foot_comment
    return Node(node.kind, node.tag, node.value, node.style, content, *comments, node.anchor, node.line)


def _same(one: object, other: object) -> bool:
    """Whether two values are the same; 1, 1.0 and True are three."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value
