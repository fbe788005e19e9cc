"""What a Kptfile says of where its package comes from, written into it so that all else stays as it is."""

from __future__ import annotations

from bot.packages.documents import Kind, Node, mapping, string
from bot.packages.kptfile import Upstream, kptfile_in
from bot.packages.merge.piece import content_of, pieces_of
from bot.packages.package import File
from bot.packages.resource import copy_of

_BEFORE = ("apiVersion", "kind", "metadata", "upstream")


def strategy_in(file: File, *, path: str) -> str:
    """The strategy that a Kptfile asks for, '' for none; raises InvalidDocument where it is no Kptfile."""
    return kptfile_in(file.content, path=path)[0].root.text("upstream", "updateStrategy")


def pointed_at(file: File, *, path: str, ref: str = "", strategy: str = "") -> File:
    """The Kptfile of a package that follows another `ref` of its upstream, or by another `strategy`.

    Raises InvalidDocument where it is no Kptfile.
    """
    document = copy_of(kptfile_in(file.content, path=path)[0])
    upstream = _mapping(document.root, "upstream")
    if ref:
        _mapping(upstream, "git").put("ref", string(ref))
    if strategy:
        upstream.put("updateStrategy", string(strategy))
    return _written(file, path, document)


def locked_to(file: File, lock: Upstream, *, path: str) -> File:
    """The Kptfile of a package that has been brought to what `lock` says, its commit included.

    Raises InvalidDocument where it is no Kptfile.
    """
    document = copy_of(kptfile_in(file.content, path=path)[0])
    place = _mapping(document.root, "upstreamLock")
    place.put("type", string("git"))
    git = _mapping(place, "git")
    for name, text in zip(("repo", "directory", "ref", "commit"), lock, strict=True):
        git.put(name, string(text))
    return _written(file, path, document)


def _written(file: File, path: str, document: Node) -> File:
    piece = pieces_of(path, file.content)[0]
    return File(content_of([piece.written_as(document)], file.content), file.mode)


def _mapping(root: Node, name: str) -> Node:
    """The mapping under `name`; made where kpt has it when it is not there."""
    found = root.get(name)
    if found is not None and found.kind is Kind.MAPPING:
        return found
    found = mapping()
    if name != "upstreamLock":
        root.put(name, found)
        return found
    root.drop(name)
    places = [index for index, (key, _) in enumerate(root.pairs()) if key.value in _BEFORE]
    at = 2 * (max(places, default=-1) + 1)
    root.content[at:at] = [string(name), found]
    return found
