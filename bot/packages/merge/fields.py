"""Three trees of one document merged into one, field by field, by kpt's rules (facts: kpt §3.5).

What only one side changed is as that side has it. What both changed differently is a conflict. Mappings are
merged key by key, lists whose items can be told apart item by item; any other list is one value.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from bot.packages.documents import Kind, Node
from bot.packages.documents.node import Style
from bot.packages.merge.comments import with_comments
from bot.packages.merge.conflict import Arbiter, Place, Side
from bot.packages.merge.digest import Digests
from bot.packages.merge.guide import Guide
from bot.packages.merge.order import merged_order
from bot.packages.merge.schema_comment import commented_guide
from bot.packages.merge.shallow import with_content


class Sides(NamedTuple):
    """One place in the three trees; None where there is nothing."""

    origin: Node | None
    local: Node | None
    upstream: Node | None


class Pair(NamedTuple):
    """A key with its value."""

    key: Node
    value: Node


class FieldMerge:
    """Merges the trees of one document; reads them only, and uses parts of them in what it makes."""

    def __init__(self, arbiter: Arbiter, place: Place) -> None:
        self.arbiter = arbiter
        self.place = place
        self.digests = Digests()

    def merge(self, sides: Sides, guide: Guide, path: str = "") -> Node | None:
        """The merged tree; None where nothing is left of it."""
        if sides.origin is sides.upstream or sides.local is sides.upstream:
            return sides.local
        if sides.origin is sides.local:
            return sides.upstream
        if guide.merges and _share(sides.origin, sides.upstream) and self._are(Kind.MAPPING, sides):
            return self._mapping(sides, guide, path)
        full = self.digests.full
        origin, local, upstream = full(sides.origin), full(sides.local), full(sides.upstream)
        if upstream in (origin, local):
            return sides.local
        if origin == local:
            return sides.upstream
        if guide.merges and self._are(Kind.MAPPING, sides):
            return self._mapping(sides, guide, path)
        if self._are(Kind.SEQUENCE, sides) and sides.upstream is not None:
            keyed = [keyed_items(side, guide) for side in sides]
            if None not in keyed:
                return self._list(sides, [items or {} for items in keyed], guide, path)
        return self._value(sides, path)

    def _are(self, kind: Kind, sides: Sides) -> bool:
        """Whether both sides are of the kind, or one is and has changed what was of it."""
        present = [side for side in (sides.local, sides.upstream) if side is not None]
        if len(present) == 1:
            present += [sides.origin] if sides.origin is not None else []
        return len(present) == 2 and all(node.kind is kind and _is_plain(node) for node in present)

    def _value(self, sides: Sides, path: str) -> Node | None:
        meaning = self.digests.meaning
        origin, local, upstream = map(meaning, sides)
        if upstream in (origin, local):
            result = sides.local
        elif origin == local:
            result = sides.upstream
        elif self.arbiter.field(self.place, path, *sides) is Side.UPSTREAM:
            # A null says that the field is to go: it went.
            result = None if is_null(sides.upstream) else sides.upstream
        else:
            result = sides.local
        return None if result is None else with_comments(result, *sides)

    def _mapping(self, sides: Sides, guide: Guide, path: str) -> Node | None:
        pairs = [_pairs(side) for side in sides]
        origin, local, upstream = pairs
        merged: dict[str, Pair] = {}
        for name in {**local, **upstream, **origin}:
            at = [found.get(name) for found in pairs]
            keys = Sides(*(pair.key if pair else None for pair in at))
            values = Sides(*(pair.value if pair else None for pair in at))
            if values.origin is values.upstream:
                value = values.local
            else:
                inner = commented_guide(keys.local) or guide.field(name)
                value = self.merge(values, inner, _under(path, name))
            if value is not None:
                merged[name] = Pair(_key(keys), value)
        order = merged_order(list(origin), list(local), list(upstream), merged, beside=True)
        content = [node for name in order for node in merged[name]]
        return self._collection(sides, content)

    def _list(
        self, sides: Sides, keyed: Sequence[dict[Hashable, Node]], guide: Guide, path: str
    ) -> Node | None:
        origin, local, upstream = keyed
        merged: dict[Hashable, Node] = {}
        for key in {**local, **upstream, **origin}:
            at = Sides(origin.get(key), local.get(key), upstream.get(key))
            here = f"{path}[{_shown(key)}]"
            # An item that one side removed is one value: half of it would be of no use.
            whole = at.local is None or at.upstream is None
            value = self._value(at, here) if whole else self.merge(at, guide.item(), here)
            if value is not None:
                merged[key] = value
        order = merged_order(list(origin), list(local), list(upstream), merged, beside=False)
        return self._collection(sides, [merged[key] for key in order])

    def _collection(self, sides: Sides, content: list[Node]) -> Node | None:
        """The mapping or list with this content; None where one side removed it, and nothing is left."""
        own = sides.local if sides.local is not None else sides.upstream
        if own is None or (not content and None in (sides.local, sides.upstream)):
            return None
        result = with_content(own, content)
        if not own.content and sides.upstream is not None:
            result.style = sides.upstream.style
        return with_comments(result, *sides)


def keyed_items(node: Node | None, guide: Guide) -> dict[Hashable, Node] | None:
    """The items of a list by what tells them apart; None where that is not so for all of them."""
    if node is None or node.kind is not Kind.SEQUENCE:
        return {}
    found = {guide.key_of(item): item for item in node.content}
    return found if len(found) == len(node.content) and None not in found else None


def _share(one: Node | None, other: Node | None) -> bool:
    """Whether one mapping was made of the other, so that it is plain where they differ."""
    if one is None or other is None or len(one.content) != len(other.content):
        return False
    return any(here is there for here, there in zip(one.content, other.content, strict=True))


def is_null(node: Node | None) -> bool:
    """Whether this is an explicit null."""
    return node is not None and node.kind is Kind.SCALAR and node.tag == "!!null"


def _is_plain(node: Node) -> bool:
    """Whether a collection's keys are all text, and each is there once."""
    if node.kind is not Kind.MAPPING:
        return True
    return all(key.kind is Kind.SCALAR and key.tag != "!!merge" for key in node.content[::2])


def _pairs(node: Node | None) -> dict[str, Pair]:
    if node is None:
        return {}
    return {key.value: Pair(key, value) for key, value in node.pairs()}


def _key(keys: Sides) -> Node:
    """The key of a merged pair: the local one where there is one, and its comment where both changed it."""
    own = keys.local if keys.local is not None else keys.upstream or keys.origin
    return with_comments(own, *keys) if own is not None else Node(Kind.SCALAR, "!!str", "", Style.PLAIN)


def _under(path: str, name: str) -> str:
    """The path of a field, as kubectl writes it: what has dots stands in brackets."""
    if name.replace("-", "").replace("_", "").isalnum():
        return f"{path}.{name}" if path else name
    return f"{path}['{name}']"


def _shown(key: Hashable) -> str:
    return ",".join(part for part in map(str, key) if part) if isinstance(key, tuple) else str(key)
