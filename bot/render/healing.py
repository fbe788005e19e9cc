"""What a function that writes a resource anew loses, given back: comments, and the order of the keys."""

from bot.packages.documents.node import Kind, Node


def heal(new: Node, old: Node) -> None:
    """Give `new` the comments of `old` where it has none, and its keys in the order of `old`.

    As kpt does after each function: fields match by path, items of a list by `name`, else by place and then
    only where their scalars are equal. Keys that only `new` has come last, in their own order.
    """
    waiting = [(new, old)]
    while waiting:
        here, there = waiting.pop()
        if here.kind is not there.kind:
            continue
        _comment(here, there)
        if here.kind is Kind.MAPPING:
            waiting += _mapping(here, there)
        elif here.kind is Kind.SEQUENCE:
            waiting += _sequence(here, there)


def _comment(here: Node, there: Node) -> None:
    here.head_comment = here.head_comment or there.head_comment
    here.line_comment = here.line_comment or there.line_comment
    here.foot_comment = here.foot_comment or there.foot_comment


def _mapping(here: Node, there: Node) -> list[tuple[Node, Node]]:
    found = {key.value: (key, value) for key, value in here.pairs()}
    ordered: list[Node] = []
    matched = []
    for key, value in there.pairs():
        pair = found.pop(key.value, None)
        if pair is not None:
            _comment(pair[0], key)
            matched.append((pair[1], value))
            ordered += pair
    here.content = ordered + [node for pair in found.values() for node in pair]
    return matched


def _sequence(here: Node, there: Node) -> list[tuple[Node, Node]]:
    names = {name: entry for entry in there.content if (name := entry.text("name"))}
    if names:
        return [
            (entry, names[name])
            for entry in here.content
            if entry.kind is Kind.MAPPING and (name := entry.text("name")) in names
        ]
    return [
        (entry, other)
        for entry, other in zip(here.content, there.content, strict=False)
        if entry.kind is not Kind.SCALAR or entry.value == other.value
    ]
