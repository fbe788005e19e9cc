"""Which documents of the three trees are one and the same resource, wherever they stand now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from bot.errors import InvalidDocument, UserError
from bot.packages.merge.likeness import renamed
from bot.packages.merge.piece import Piece
from bot.packages.naming import quoted
from bot.packages.resource import Identity

_FEW = 50  # names that texts are searched for; of more, everything is read


@dataclass(slots=True, eq=False)
class Triple:
    """One resource in the three trees; None where it is not."""

    origin: Piece | None = None
    local: Piece | None = None
    upstream: Piece | None = None


@dataclass(slots=True, eq=False)
class OpenFile:
    """A file whose documents are matched: what the upstream left as it was is not even read.

    `triples` hold what the upstream changed, added or removed, and `rest` the local documents that are in
    none of them. `still` are pairs of local and upstream documents that are known to be the same.
    """

    path: str
    origin: list[Piece]
    local: list[Piece]
    upstream: list[Piece]
    triples: list[Triple]
    rest: list[Piece]
    still: list[tuple[Piece, Piece]]


class Names:
    """The names of what is searched for; a text without any of them holds none of it."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(set(names))

    def __bool__(self) -> bool:
        return bool(self._names)

    def may_be_in(self, text: str) -> bool:
        return len(self._names) > _FEW or any(name in text for name in self._names)


def open_file(path: str, origin: list[Piece], local: list[Piece], upstream: list[Piece]) -> OpenFile:
    """Match the documents of one file.

    Raises InvalidDocument where what must be read is none, and UserError where two are one resource.
    """
    by_text = _ByText(origin)
    quiet = [(by_text.take(piece), piece) for piece in upstream]
    left = _ByText([old for old, _ in quiet if old is not None])
    changed = [piece for old, piece in quiet if old is None]
    removed = by_text.rest()
    same = {id(old): piece for old, piece in quiet if old is not None}
    still: list[tuple[Piece, Piece]] = []
    rest: list[Piece] = []
    for piece in local:
        old = left.take(piece)
        if old is None:
            rest.append(piece)
        else:
            still.append((piece, same[id(old)]))
    _read(removed, rest, changed)
    names = Names(piece.identity.name for piece in removed + changed)
    wanted = [piece for piece in rest if names and names.may_be_in(piece.text)]
    triples = _matched(path, removed, wanted, changed)
    found = OpenFile(path, origin, local, upstream, triples, rest, still)
    _take(found)
    if any(map(lacks_local, triples)):
        new = _new_in(found)
        for match in _MATCHES:
            _join(triples, new, lacks_local, "local", match)
        _take(found)
    return found


def match_across(files: Sequence[OpenFile]) -> None:
    """Join what left one file with what came into another, or is called otherwise now."""
    triples = [triple for file in files for triple in file.triples]
    added = [t for t in triples if t.upstream is not None and t.origin is None and t.local is None]
    pieces = [triple.upstream for triple in added if triple.upstream is not None]
    # What left its file on both sides is told by its name alone: there is nothing else to compare it with.
    _join(triples, pieces, _lacks_both, "upstream", _MATCHES[0])
    for match in _MATCHES:
        _join(triples, pieces, lacks_upstream, "upstream", match)
    taken = {id(t.upstream) for t in triples if t.origin is not None}
    gone = {id(triple) for triple in added if id(triple.upstream) in taken}
    if any(map(lacks_local, triples)):
        loose = [piece for file in files for piece in _new_in(file)]
        for match in _MATCHES:
            _join(triples, loose, lacks_local, "local", match)
    for file in files:
        file.triples = [triple for triple in file.triples if id(triple) not in gone]
    matched = {id(triple.local) for triple in triples}
    for file in files:
        file.rest = [piece for piece in file.rest if id(piece) not in matched]


Match = Callable[[Sequence[Piece], Sequence[Piece]], list[tuple[int, int]]]


def lacks_local(triple: Triple) -> bool:
    return triple.local is None and triple.origin is not None and triple.upstream is not None


def lacks_upstream(triple: Triple) -> bool:
    return triple.upstream is None and triple.origin is not None and triple.local is not None


def _lacks_both(triple: Triple) -> bool:
    return triple.local is None and triple.upstream is None


def _join(
    triples: Iterable[Triple],
    pieces: Sequence[Piece],
    lacks: Callable[[Triple], bool],
    side: str,
    match: Match,
) -> None:
    """Give the triples that lack a side the pieces that match their origin."""
    lacking = [triple for triple in triples if lacks(triple)]
    used = {id(getattr(triple, side)) for triple in triples if triple.origin is not None}
    free = [piece for piece in pieces if id(piece) not in used]
    if lacking and free:
        for index, other in match([t.origin for t in lacking if t.origin is not None], free):
            setattr(lacking[index], side, free[other])


def _same(*parts: str) -> Match:
    """Match resources of which these parts of the identity are the same, where they are on no others."""

    def key(piece: Piece) -> Hashable:
        return tuple(getattr(piece.identity, part) for part in parts)

    def match(old: Sequence[Piece], new: Sequence[Piece]) -> list[tuple[int, int]]:
        places: defaultdict[Hashable, list[int]] = defaultdict(list)
        for index, piece in enumerate(new):
            places[key(piece)].append(index)
        counts = Counter(map(key, old))
        return [
            (index, places[key(piece)][0])
            for index, piece in enumerate(old)
            if piece.identity.name and counts[key(piece)] == len(places[key(piece)]) == 1
        ]

    return match


# From the surest to the least sure: moved, of another API group, in another namespace, under another name.
_MATCHES: tuple[Match, ...] = (
    _same("group", "kind", "namespace", "name"),
    _same("kind", "namespace", "name"),
    _same("kind", "name"),
    renamed,
)


def _new_in(file: OpenFile) -> list[Piece]:
    """The local documents that the file did not have in the origin."""
    known = {None, *map(_identity, file.origin)}
    return [piece for piece in file.rest if _identity(piece) not in known]


def _identity(piece: Piece) -> Identity | None:
    """Which resource it is; None where the text is no YAML, which nobody had to know until now."""
    try:
        return piece.identity
    except InvalidDocument:
        return None


def _take(file: OpenFile) -> None:
    """Leave in `rest` what is in no triple of the file."""
    used = {id(triple.local) for triple in file.triples}
    file.rest = [piece for piece in file.rest if id(piece) not in used]


def _matched(path: str, origin: list[Piece], local: list[Piece], upstream: list[Piece]) -> list[Triple]:
    """The resources of one file that are the same by their identity."""
    found: dict[Hashable, Triple] = {}
    for side, pieces in (("origin", origin), ("local", local), ("upstream", upstream)):
        for key, piece in _by_identity(path, side, pieces).items():
            triple = found.get(key)
            if triple is None:
                triple = found[key] = Triple()
            setattr(triple, side, piece)
    return [t for t in found.values() if t.origin is not None or t.upstream is not None]


_KPT_SIDES = {"origin": "original", "local": "dest", "upstream": "updated"}


def _by_identity(path: str, side: str, pieces: list[Piece]) -> dict[Hashable, Piece]:
    found: dict[Hashable, Piece] = {}
    for piece in pieces:
        identity = piece.identity
        if identity in found:
            if not (identity.kind and identity.name):
                raise InvalidDocument("These documents cannot be told apart.", path=path)
            name = "/".join(filter(None, (identity.namespace, identity.name)))
            raise UserError(
                f'found duplicate "{_KPT_SIDES[side]}" resources in file "{path}", please refer to "update" '
                f"documentation for the fix\nThe {identity.kind} {quoted(name)} is there twice; keep one of "
                "them, or give one another name."
            )
        found[identity] = piece
    return found


def _read(origin: list[Piece], local: list[Piece], upstream: list[Piece]) -> None:
    """Read what is likely the same resource together, which takes the least time."""
    if len(origin) == len(local):
        for old, here in zip(origin, local, strict=True):
            old.read_like(here, noted=True)
    for old, new in zip(origin, upstream, strict=False):
        new.read_like(old)


class _ByText:
    """Pieces by their text, each to be taken once, in order."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces: defaultdict[str, list[Piece]] = defaultdict(list)
        self._all = list(pieces)
        for piece in reversed(self._all):
            self._pieces[piece.text].append(piece)

    def take(self, piece: Piece) -> Piece | None:
        found = self._pieces.get(piece.text)
        return found.pop() if found else None

    def rest(self) -> list[Piece]:
        left = {id(piece) for pieces in self._pieces.values() for piece in pieces}
        return [piece for piece in self._all if id(piece) in left]
