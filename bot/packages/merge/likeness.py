"""Which of the resources that came is one of those that went, under another name: told by their content."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.packages.documents import Kind, Node
from bot.packages.merge.identity import ANNOTATION
from bot.packages.merge.piece import Piece

_ALIKE = 0.7
# Comparing each with each takes long where there are many; then only what is equal is found.
_MOST_PAIRS = 2_000
_LONGEST = 1_000  # values of a resource that are looked at

Leaf = tuple[str, str, str]


def renamed(gone: Sequence[Piece], come: Sequence[Piece]) -> list[tuple[int, int]]:
    """Pairs of places in `gone` and `come` that are the same resource, renamed; each at most once."""
    kinds: defaultdict[tuple[str, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, pieces in enumerate((gone, come)):
        for index, piece in enumerate(pieces):
            identity = piece.identity
            if identity.kind and identity.name:
                kinds[identity.group, identity.kind][side].append(index)
    found: list[tuple[int, int]] = []
    left = _MOST_PAIRS
    for old, new in kinds.values():
        if old and new:
            contents = ({i: _content(gone[i].root) for i in old}, {j: _content(come[j].root) for j in new})
            left -= len(old) * len(new)
            found += _pairs(*contents, alike=left >= 0)
    return found


def _pairs(
    old: dict[int, frozenset[Leaf]], new: dict[int, frozenset[Leaf]], *, alike: bool
) -> list[tuple[int, int]]:
    """What is equal, and where `alike` says so, also what is nearly so."""
    equal = _equal(old, new)
    gone, come = {i for i, _ in equal}, {j for _, j in equal}
    left = [i for i in old if i not in gone]
    right = [j for j in new if j not in come]
    if not alike:
        return equal
    # The most alike first, and of these the first.
    ranked = sorted((-_likeness(old[i], new[j]), i, j) for i in left for j in right)
    for unlikeness, i, j in ranked:
        if -unlikeness >= _ALIKE and i not in gone and j not in come:
            equal.append((i, j))
            gone.add(i)
            come.add(j)
    return equal


def _equal(old: dict[int, frozenset[Leaf]], new: dict[int, frozenset[Leaf]]) -> list[tuple[int, int]]:
    by_content: defaultdict[frozenset[Leaf], list[int]] = defaultdict(list)
    for j, content in new.items():
        by_content[content].append(j)
    return [(i, by_content[content].pop(0)) for i, content in old.items() if content and by_content[content]]


def _likeness(one: frozenset[Leaf], other: frozenset[Leaf]) -> float:
    """From 0, nothing in common, to 1, equal."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def _content(root: Node) -> frozenset[Leaf]:
    """What a resource says, but for its type, its name and kpt's note of it."""
    found = set()
    for leaf in _leaves(root, ""):
        if leaf[0] not in _NAMES:
            found.add(leaf)
        if len(found) == _LONGEST:
            break
    return frozenset(found)


_NAMES = frozenset(
    {
        ".apiVersion",
        ".kind",
        ".metadata.name",
        ".metadata.namespace",
        f".metadata.annotations.{ANNOTATION}",
    }
)


def _leaves(node: Node, path: str) -> Iterator[Leaf]:
    if node.kind is Kind.MAPPING:
        for key, value in node.pairs():
            yield from _leaves(value, f"{path}.{key.value}")
    elif node.kind is Kind.SEQUENCE:
        for item in node.content:
            yield from _leaves(item, f"{path}[]")
    else:
        yield path, node.tag, node.value
