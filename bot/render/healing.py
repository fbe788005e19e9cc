"""What a function that writes a resource anew loses, given back: comments, and the order of the keys."""

from collections.abc import Iterator

from bot.packages.documents.node import Kind, Node, Style
from bot.packages.resource import Resource, copy_of
from bot.packages.schema import UNKNOWN, Shape, shape_of
from bot.render.function import Outcome, Run

_Pair = tuple[Node, Node]


def heal(new: Node, old: Node) -> None:
    """Give `new` the comments of `old` where it has none, and its keys in the order of `old`.

    As kpt does after each function (kyaml's CopyComments, then SyncOrder). Fields match by name. Items of a
    list match by place, scalars only where they are equal; for comments also, in the lists that Kubernetes
    merges by keys, by these. Keys that only `new` has come last, in their own order; where `new` has aliases,
    which must follow their anchors, all keys stay. Folded scalars become quoted ones.
    """
    if new.kind is old.kind is Kind.DOCUMENT:
        _give_around(new, old)
    new, old = new.root, old.root
    _give_comments(new, old, shape_of(old))
    if not new.has_aliases:
        _give_order(new, old)
    _raise_comments(new)


def healed(run: Run) -> Run:
    """A function that writes resources anew, with what it lost given back."""

    def run_and_heal(items: list[Resource], config: Node | None) -> Outcome:
        before = [(item, copy_of(item.root)) for item in items]
        outcome = run(items, config)
        for item, old in before:
            heal(item.root, old)
        return outcome

    return run_and_heal


def _give_comments(new: Node, old: Node, shape: Shape) -> None:
    # What is a list in one and a mapping in the other makes kpt fail; here its inside is left alone.
    if new.kind is not old.kind:
        return
    if new.kind is Kind.MAPPING:
        for (key, value), (old_key, old_value) in _same_fields(new, old):
            _give_around(key, old_key)
            comment = old_key.line_comment
            if value.kind is old_value.kind:
                _give_around(value, old_value)
                comment = comment or old_value.line_comment
            _give_beside(value, comment, key)
            _give_comments(value, old_value, shape.field(key.value))
        for _, value in new.pairs():
            _unfold(value)
    elif new.kind is Kind.SEQUENCE:
        # By place nothing is known of the items, so however deep known lists stand, the work stays linear.
        for item, other in zip(new.content, old.content, strict=False):
            if item.value == other.value:
                _give_to_item(item, other, UNKNOWN)
        for item, other in _same_items(new, old, shape.merge_keys):
            _give_to_item(item, other, shape.item())


def _give_to_item(item: Node, other: Node, shape: Shape) -> None:
    if item.kind is other.kind:
        _unfold(item)
        _give_around(item, other)
        _give_beside(item, other.line_comment)
        _give_comments(item, other, shape)


def _give_around(new: Node, old: Node) -> None:
    new.head_comment = new.head_comment or old.head_comment
    new.foot_comment = new.foot_comment or old.foot_comment


def _give_beside(new: Node, comment: str, key: Node | None = None) -> None:
    """Give a comment that stood on the node's line; a block has none, so its key does, or what is above it.

    kpt forgets that a flow collection became a block, and its comment is lost or slips to the next key.
    """
    if not comment:
        return
    if new.kind is Kind.SCALAR or not new.content or new.style & Style.FLOW:
        new.line_comment = new.line_comment or comment
    elif key is not None:
        key.line_comment = key.line_comment or comment
    else:
        new.head_comment = new.head_comment or comment


def _unfold(node: Node) -> None:
    if node.style and node.style & Style.FOLDED:
        node.style = (node.style & ~Style.FOLDED) | Style.DOUBLE_QUOTED


def _give_order(new: Node, old: Node) -> None:
    """As SyncOrder: in lists by place alone."""
    if new.kind is Kind.MAPPING and old.kind is Kind.MAPPING:
        same = _same_fields(new, old)
        for (_, value), (_, old_value) in same:
            _give_order(value, old_value)
        _sort(new, [pair for pair, _ in same])
    elif new.kind is Kind.SEQUENCE and old.kind is Kind.SEQUENCE:
        for item, other in zip(new.content, old.content, strict=False):
            _give_order(item, other)


def _sort(new: Node, leading: list[_Pair]) -> None:
    """Put these pairs first."""
    taken = {id(key) for key, _ in leading}
    new.content = [node for pair in leading for node in pair] + [
        node for pair in new.pairs() if id(pair[0]) not in taken for node in pair
    ]


def _raise_comments(node: Node) -> None:
    """In outermost lists, put the comment above an item's first key above the item.

    So does kpt; but where nothing stood above the item, it leaves the comment below too.
    """
    for _, value in node.pairs():
        _raise_comments(value)
    for item in node.content if node.kind is Kind.SEQUENCE else ():
        key = item.content[0] if item.kind is Kind.MAPPING and item.content else item
        if key is not item and key.head_comment:
            item.head_comment = "\n".join(filter(None, (item.head_comment, key.head_comment)))
            key.head_comment = ""


def _same_fields(new: Node, old: Node) -> list[tuple[_Pair, _Pair]]:
    """The pairs that both mappings have, in the order of `old`."""
    found = {key.value: (key, value) for key, value in new.pairs() if key.kind is Kind.SCALAR}
    return [
        (found.pop(key.value), (key, value))
        for key, value in old.pairs()
        if key.kind is Kind.SCALAR and key.value in found
    ]


def _same_items(new: Node, old: Node, keys: tuple[str, ...] | None) -> Iterator[_Pair]:
    """The items that both lists have by these keys; of those that say the same, the first."""
    if keys is None:
        return
    told: dict[str, set[str]] = {}
    for item in (*new.content, *old.content) if keys else ():
        told.setdefault(item.text(keys[0]), set()).update(key for key in keys if item.text(key))
    found: dict[tuple[str, ...], Node] = {}
    for other in old.content:
        found.setdefault(_identity(other, keys, told), other)
    for item in new.content:
        identity = _identity(item, keys, told)
        if all(identity) and identity in found:
            yield item, found.pop(identity)


def _identity(item: Node, keys: tuple[str, ...], told: dict[str, set[str]]) -> tuple[str, ...]:
    """An item's keys, without those that no item with the same first key has."""
    if not keys:
        return (item.value,)
    first = item.text(keys[0])
    return (first, *(item.text(key) for key in keys[1:] if key in told[first]))
