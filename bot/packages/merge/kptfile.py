"""Kptfiles merged: functions by their names or images, the upstream only where that is asked for.

As kpt does it (facts: kpt §3.4): labels, annotations, info, pipeline, inventory and status are merged; the
package's name and namespace, and where it comes from, stay as they are here.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from bot.packages.documents import Kind, Node, from_plain, mapping, plain
from bot.packages.function import items_of
from bot.packages.kptfile import kptfile_in
from bot.packages.merge.comments import with_comments
from bot.packages.merge.conflict import Arbiter, Place
from bot.packages.merge.fields import FieldMerge, Sides
from bot.packages.merge.guide import Guide, NameGuide, key_by
from bot.packages.merge.piece import content_of, pieces_of
from bot.packages.merge.shallow import with_content
from bot.packages.merge.trees import States
from bot.packages.package import File
from bot.packages.pipeline_entry import image_base
from bot.packages.resource import copy_of

_MERGED = ("info", "pipeline", "inventory", "status")
_MERGED_METADATA = ("labels", "annotations")
_UPSTREAM = ("upstream", "upstreamLock")
_STAGES = ("mutators", "validators")
_RENDERED = "Rendered"


def merge_kptfile(path: str, states: States, arbiter: Arbiter, *, with_upstream: bool = False) -> File | None:
    """The merged Kptfile; `with_upstream` takes where it comes from out of the upstream's, if that says it.

    What only one of the two sides has is as it is there. Raises InvalidDocument, in kpt's words, where one
    is no Kptfile.
    """
    _, local, upstream = states
    if local is None or upstream is None:
        return local or upstream
    sides = Sides(*(_document(path, file) if file is not None else None for file in states))
    if sides.local is None or sides.upstream is None:
        return local
    is_same_package = _own_fields(sides.local) == _own_fields(sides.upstream)
    if states.settled and (is_same_package or (states.result == local and not with_upstream)):
        return states.result
    root = _merged(sides, FieldMerge(arbiter, Place(path)))
    if with_upstream:
        root = _with_upstream(root, sides.upstream)
    return _written(path, sides, root, states)


def merge_own_kptfile(path: str, states: States, arbiter: Arbiter, *, with_upstream: bool = False) -> File:
    """The merged Kptfile where all three are states of one package: nothing in it is only one side's.

    Only where it comes from is never put together: it is as `with_upstream` says. All must be there. Raises
    InvalidDocument as `merge_kptfile` does.
    """
    _, local, upstream = states
    if local is None or upstream is None:
        raise ValueError(path)
    sides = Sides(*(_document(path, file) if file is not None else None for file in states))
    roots = Sides(*(side.root if side is not None else None for side in sides))
    names = tuple({key.value for root in roots if root is not None for key, _ in root.pairs()} - {*_UPSTREAM})
    own = Sides(*(_only(side, names) for side in sides))
    merged = FieldMerge(arbiter, Place(path)).merge(own, _guide(sides))
    root = _put_back(sides.local.root if sides.local is not None else mapping(), merged, names)
    if with_upstream and sides.upstream is not None:
        for name in _UPSTREAM:
            root.drop(name)
        root = _with_upstream(root, sides.upstream)
    return _written(path, sides, root, states)


def _document(path: str, file: File) -> Node:
    document = kptfile_in(file.content, path=path)[0]
    if document.has_references:
        return Node(Kind.DOCUMENT, content=[from_plain(plain(document, path=path))])
    return document


def _written(path: str, sides: Sides, root: Node, states: States) -> File:
    local = states.local.content if states.local is not None else b""
    document = with_comments(with_content(sides.local or mapping(), [root]), *sides)
    piece = pieces_of(path, local)[0]
    return File(content_of([piece.written_as(document)], local), states.mode)


def _own_fields(document: Node) -> list[object]:
    """What of a Kptfile is its package's own, and not merged."""
    places = (("metadata", "name"), ("metadata", "namespace"), *((name,) for name in _UPSTREAM))
    found = (document.get(*place) for place in places)
    return [plain(node) if node is not None else None for node in found]


def without_rendered(path: str, file: File) -> File:
    """The Kptfile without what it says of its last rendering, which was of something else."""
    piece = pieces_of(path, file.content)[0]
    document = copy_of(piece.document)
    status = document.root.get("status")
    if status is None or status.kind is not Kind.MAPPING:
        return file
    conditions = status.get("conditions")
    dropped = status.drop("renderStatus")
    if conditions is not None and conditions.kind is Kind.SEQUENCE:
        left = [item for item in conditions.content if item.text("type") != _RENDERED]
        dropped = dropped or len(left) < len(conditions.content)
        conditions.content = left
        if not left:
            status.drop("conditions")
    if not dropped:
        return file
    if not status.content:
        document.root.drop("status")
    return File(content_of([piece.written_as(document)], file.content), file.mode)


def _merged(sides: Sides, merge: FieldMerge) -> Node:
    """The local Kptfile with the merged fields, each in its place."""
    local = sides.local.root if sides.local is not None else mapping()
    guide = _guide(sides)
    names = Sides(*(_only(side, _MERGED) for side in sides))
    root = _put_back(local, merge.merge(names, guide), _MERGED)
    metadata = Sides(*(_only(side.get("metadata") if side else None, _MERGED_METADATA) for side in sides))
    own = local.get("metadata")
    merged = merge.merge(metadata, guide.field("metadata"), "metadata")
    if own is not None and own.kind is Kind.MAPPING:
        root.put("metadata", _put_back(own, merged, _MERGED_METADATA))
    return root


def _with_upstream(root: Node, upstream: Node) -> Node:
    root = with_content(root, list(root.content))
    for name in _UPSTREAM:
        found = upstream.get(name)
        if found is not None and found.content:
            root.put(name, found)
    return root


def _only(node: Node | None, names: tuple[str, ...]) -> Node | None:
    """These fields of a mapping, in their order; an empty one where there is no mapping."""
    root = node.root if node is not None else None
    pairs = root.pairs() if root is not None else ()
    return Node(
        Kind.MAPPING, "!!map", content=[part for pair in pairs if pair[0].value in names for part in pair]
    )


def _put_back(local: Node, merged: Node | None, names: tuple[str, ...]) -> Node:
    """The local mapping with these fields as they were merged; what is new comes last."""
    left = {key.value: (key, value) for key, value in merged.pairs()} if merged is not None else {}
    content: list[Node] = []
    for key, value in local.pairs():
        if key.value not in names:
            content += [key, value]
        elif key.value in left:
            content += left.pop(key.value)
    for pair in left.values():
        content += pair
    return with_content(local, content)


@dataclass(frozen=True, slots=True)
class _KptfileGuide:
    """Knows the pipeline of a Kptfile; elsewhere items are told apart by their names."""

    stages: dict[str, Guide]

    def field(self, name: str) -> Guide:
        return _PipelineGuide(self.stages) if name == "pipeline" else NameGuide()

    def item(self) -> Guide:
        return NameGuide()

    def key_of(self, item: Node) -> Hashable:
        return key_by(item, ("name",))

    @property
    def merges(self) -> bool:
        return True


class _PipelineGuide(_KptfileGuide):
    def field(self, name: str) -> Guide:
        return self.stages.get(name) or NameGuide()


class _ImageGuide(NameGuide):
    """Tells functions without names apart by what they run, whatever its version."""

    def key_of(self, item: Node) -> Hashable:
        return (image_base(item.text("image")) or item.text("exec")) or None


def _guide(sides: Sides) -> Guide:
    """By what the functions are told apart: their names, where any has one, else what they run."""
    stages: dict[str, Guide] = {}
    for stage in _STAGES:
        lists = [items_of(side.root.get("pipeline", stage)) for side in sides if side is not None]
        named = any(item.text("name") for items in lists for item in items)
        stages[stage] = NameGuide() if named else _ImageGuide()
    return _KptfileGuide(stages)
