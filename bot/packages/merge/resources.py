"""The resources of one package, merged: what the upstream did to each is done to the local ones.

Files of which two of the three are equal are not read; of the others only the documents that the upstream
changed, and the local ones that may be these.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from bot.errors import InvalidDocument, UserError
from bot.packages.merge.conflict import Arbiter, Place
from bot.packages.merge.crd import Type, custom_guides
from bot.packages.merge.digest import Digests
from bot.packages.merge.document_merge import DocumentMerge
from bot.packages.merge.guide import Guide
from bot.packages.merge.matching import (
    Names,
    OpenFile,
    Triple,
    match_across,
    open_file,
)
from bot.packages.merge.order import woven
from bot.packages.merge.piece import Piece, content_of, pieces_of
from bot.packages.merge.pristine import is_pristine
from bot.packages.merge.text_merge import merge_file
from bot.packages.merge.trees import Trees
from bot.packages.package import File

_ENDINGS = (".yaml", ".yml")


def holds_resources(path: str) -> bool:
    """Whether a file of this name is read as resources; JSON is merged by its lines, as with kpt."""
    return path.endswith(_ENDINGS)


def merge_resources(trees: Trees, arbiter: Arbiter) -> dict[str, File]:
    """The merged files of one package, of which all hold resources.

    Raises UserError where a file has one resource twice, and it is not clear which is meant.
    """
    merge = _ResourceMerge(trees, arbiter)
    merge.open([path for path in trees.paths() if not trees.at(path).settled])
    merge.open(merge.left())
    merge.open(merge.moved())
    merge.apply()
    files: dict[str, File] = {}
    for path in trees.paths():
        found = merge.file(path)
        if found is not None:
            files[path] = found
    return files


class _ResourceMerge:
    """The work on one package; `pieces` are the documents of its open files as they will be."""

    def __init__(self, trees: Trees, arbiter: Arbiter) -> None:
        self.trees = trees
        self.arbiter = arbiter
        self.opened: dict[str, OpenFile] = {}
        self.pieces: dict[str, list[Piece]] = {}
        self.documents = DocumentMerge(arbiter, cache(self._custom))

    def _custom(self) -> dict[Type, Guide]:
        trees = (self.trees.upstream, self.trees.local, self.trees.origin)
        return custom_guides(file.content for tree in trees for file in tree.values())

    def open(self, paths: Iterable[str]) -> None:
        """Match the documents of these files; those that are no YAML stay closed."""
        for path in paths:
            states = self.trees.at(path)
            if not states.are_files:
                continue
            try:
                sides = [pieces_of(path, file.content) if file else [] for file in states]
                if any(sides):
                    self.opened[path] = open_file(path, *sides)
            except InvalidDocument:
                continue
            except UserError:
                if states.local is not None or states.upstream is not None:
                    raise
                # Of what neither side has any more, nothing needs to be told apart.

    def left(self) -> list[str]:
        """Files that neither side has any more: both may have moved what was in them, each elsewhere."""
        origin, local, upstream = self.trees
        return sorted(origin.keys() - local.keys() - upstream.keys())

    def moved(self) -> list[str]:
        """Closed files in which a resource may be that left its own; all are settled."""
        triples = [triple for file in self.opened.values() for triple in file.triples]
        gone = _Sought(t.origin for t in triples if t.upstream is None)
        lost = _Sought(t.origin for t in triples if t.local is None)
        if not (gone.names or lost.names):
            return []
        found: list[str] = []
        for path in self.trees.paths():
            states = self.trees.at(path)
            if path not in self.opened and states.settled:
                origin, local, upstream = states
                if gone.may_be_in(upstream, origin) or lost.may_be_in(local, origin):
                    found.append(path)
        return found

    def apply(self) -> None:
        """Do to the local documents what was done to them upstream."""
        match_across(list(self.opened.values()))
        put: dict[int, Piece | None] = {}
        came: dict[int, Piece] = {}
        for path, file in self.opened.items():
            for triple in file.triples:
                local, upstream = triple.local, triple.upstream
                merged = self._merged(path, triple)
                stays = local is not None and merged is not None and merged.path == local.path
                if local is not None:
                    put[id(local)] = merged if stays else None
                if upstream is not None and merged is not None and not stays:
                    came[id(upstream)] = merged
        self.pieces = {path: _placed(file, put, came) for path, file in self.opened.items()}

    def _merged(self, path: str, triple: Triple) -> Piece | None:
        """What becomes of one resource; its path is where it goes."""
        origin, local, upstream = triple.origin, triple.local, triple.upstream
        if local is not None and upstream is not None:
            merged = self.documents.merge(origin, local, upstream)
            if origin is not None and local.path == origin.path != upstream.path:
                return Piece(upstream.path, merged.text, upstream.separator)
            return merged
        if origin is None:
            return upstream if local is None else local
        if local is not None:
            if is_pristine(local.document, origin.document):
                return None
            self._tell(path, origin, local, None)
            return local
        if upstream is not None and not _are_alike(origin, upstream):
            self._tell(path, origin, None, upstream)
        return None

    def _tell(self, path: str, origin: Piece, local: Piece | None, upstream: Piece | None) -> None:
        identity = origin.identity
        texts = (piece.text if piece is not None else None for piece in (origin, local, upstream))
        self.arbiter.whole(Place(path, identity if identity.kind else None), texts)

    def file(self, path: str) -> File | None:
        """The merged file; None where nothing is left of it."""
        states = self.trees.at(path)
        opened, pieces = self.opened.get(path), self.pieces.get(path)
        if opened is None or pieces is None:
            return merge_file(path, states, self.arbiter)
        if not pieces:
            return None
        if states.local is not None and pieces == opened.local:
            return File(states.local.content, states.mode)
        if states.local == states.origin and list(map(_text, pieces)) == list(map(_text, opened.upstream)):
            return states.upstream
        like = states.local or states.upstream
        return File(content_of(pieces, like.content if like else b""), states.mode)


def _placed(file: OpenFile, put: dict[int, Piece | None], came: dict[int, Piece]) -> list[Piece]:
    """The documents of a file in their order; what came stands behind what it follows upstream.

    `put` holds what becomes of local documents, `came` what stands for upstream ones that are new here.
    """
    known = {id(there): id(here) for here, there in file.still}
    pairs = ((triple.upstream, triple.local) for triple in file.triples)
    known |= {id(there): id(here) for there, here in pairs if there is not None and here is not None}
    new: dict[int, Piece | None] = {
        id(piece): came[id(piece)] for piece in file.upstream if id(piece) in came
    }
    theirs = [id(piece) if id(piece) in new else known.get(id(piece)) for piece in file.upstream]
    ours = [id(piece) for piece in file.local]
    found = {id(piece): put.get(id(piece), piece) for piece in file.local} | new
    order = woven(ours, [key for key in theirs if key is not None], found, beside=True)
    return [piece for key in order if (piece := found[key]) is not None]


def _text(piece: Piece) -> str:
    return piece.text


class _Sought:
    """Resources looked for in files that a side changed: by their names, in new files by kind, too."""

    def __init__(self, pieces: Iterable[Piece | None]) -> None:
        identities = [piece.identity for piece in pieces if piece is not None]
        self.names = Names(identity.name for identity in identities)
        self.kinds = Names(identity.kind for identity in identities)

    def may_be_in(self, file: File | None, origin: File | None) -> bool:
        if not self.names or file is None or file == origin:
            return False
        text = file.content.decode("utf-8", errors="replace")
        return self.names.may_be_in(text) or (origin is None and self.kinds.may_be_in(text))


def _are_alike(one: Piece, other: Piece) -> bool:
    digests = Digests()
    return digests.meaning(one.document) == digests.meaning(other.document)
