"""One document of a package, merged from its three states, with the local one's formatting."""

from __future__ import annotations

from collections.abc import Callable

from bot.packages.documents import Node, Style, string
from bot.packages.merge.comments import with_comments
from bot.packages.merge.conflict import Arbiter, Place, Side
from bot.packages.merge.crd import Type
from bot.packages.merge.fields import FieldMerge, Sides
from bot.packages.merge.guide import Guide, ResourceGuide, kubernetes_guide
from bot.packages.merge.identity import ANNOTATION, COMMENT, identity_of
from bot.packages.merge.piece import Piece
from bot.packages.merge.shallow import with_content
from bot.packages.resource import copy_of
from bot.packages.schema import UNKNOWN

Custom = Callable[[], dict[Type, Guide]]


class DocumentMerge:
    """Merges documents; `custom` is asked for the package's own kinds where Kubernetes knows none."""

    def __init__(self, arbiter: Arbiter, custom: Custom) -> None:
        self.arbiter = arbiter
        self.custom = custom

    def merge(self, origin: Piece | None, local: Piece, upstream: Piece) -> Piece:
        """The merged document at the local one's place; raises InvalidDocument where one is no document."""
        texts = (origin.text if origin else None, local.text, upstream.text)
        if texts[0] == texts[2] or texts[1] == texts[2]:
            return local
        if texts[0] == texts[1]:
            return Piece(local.path, upstream.text, local.separator)
        identity = local.identity
        place = Place(local.path, identity if identity.kind else None)
        sides = Sides(origin.document if origin else None, local.document, upstream.document)
        if any(piece is not None and piece.has_references for piece in (origin, local, upstream)):
            return self._as_one(place, sides, local, upstream)
        roots = Sides(*(side.root if side is not None else None for side in sides))
        root = FieldMerge(self.arbiter, place).merge(roots, self._guide(local.root))
        if root is None:
            return local
        if origin is not None and origin.identity != upstream.identity:
            root = _renoted(root, origin.root, upstream.root)
        document = with_comments(with_content(local.document, [root]), *sides)
        if root is local.root and document.head_comment == local.document.head_comment:
            return local
        return local.written_as(document)

    def _guide(self, root: Node) -> Guide:
        known = kubernetes_guide(root)
        if known.shape == UNKNOWN:
            found = self.custom().get(Type(root.text("apiVersion"), root.text("kind")))
            if found is not None:
                return found
        return ResourceGuide(known)

    def _as_one(self, place: Place, sides: Sides, local: Piece, upstream: Piece) -> Piece:
        """What refers to itself cannot be taken apart: it is one value."""
        digests = FieldMerge(self.arbiter, place).digests
        was, is_here, is_there = map(digests.meaning, sides)
        if is_there in (is_here, was):
            return local
        if was != is_here and self.arbiter.field(place, "", *sides) is Side.LOCAL:
            return local
        return Piece(local.path, upstream.text, local.separator)


def _renoted(root: Node, old: Node, new: Node) -> Node:
    """A resource that the upstream renamed, noted as what it is called there now."""
    if identity_of(root) != identity_of(old):
        return root
    root = copy_of(root)
    identity = identity_of(new)
    key = root.key("metadata")
    if key is not None and key.line_comment.startswith(COMMENT):
        key.line_comment = f"{COMMENT} {identity.namespace}/{identity.name}"
    annotations = root.get("metadata", "annotations")
    if annotations is not None and annotations.get(ANNOTATION) is not None:
        parts = (identity.group, identity.kind, identity.namespace or "default", identity.name)
        annotations.put(ANNOTATION, string("|".join(parts), Style.SINGLE_QUOTED))
    return root
