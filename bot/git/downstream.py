"""Which packages of one repository live from a revision: on its branch, in its drafts and proposals."""

from collections.abc import Iterator
from itertools import islice

import pygit2

from bot.errors import InvalidName, UserError
from bot.git.refs import refs_below
from bot.git.trees import package_tree
from bot.packages.kptfile import Upstream
from bot.packages.layout import HEADS, Layout, RefKind
from bot.packages.naming import RevisionName
from bot.packages.package import KPTFILE
from bot.packages.relations.lineage import read_lineage
from bot.packages.source import directory_path

# More than a refusal names.
MOST = 10
_UPSTREAM = b"upstream"


def downstream_of(
    repository: pygit2.Repository, layout: Layout, name: RevisionName, revision: int, base: str
) -> list[str]:
    """Name the packages at `base`, and the drafts and proposals, that have a revision as their upstream.

    The revision is `revision` of the package, or the one called `name` where it has no number. Only clones
    inside this repository are seen from here, and at most MOST of them are named: a package by its path, a
    draft by `<path>/<workspace>`.
    """
    full_path = layout.full_path(name.path)
    suffix = f"v{revision}" if revision > 0 else name.workspace
    kptfiles = _kptfiles(repository[base].peel(pygit2.Tree), "")
    everything = (*((path, path, text) for path, text in kptfiles), *_drafts(repository))
    found = (
        layout.inside(shown) or shown
        for shown, path, kptfile in everything
        if path != full_path and _comes_from(kptfile, full_path, suffix)
    )
    return list(islice(dict.fromkeys(found), MOST))


def _comes_from(kptfile: bytes, directory: str, suffix: str) -> bool:
    """Read as YAML only what can be meant: to read every Kptfile so would take seconds.

    A server does not know by which URLs people reach it: path and ref must do.
    """
    if any(word not in kptfile for word in (_UPSTREAM, directory.encode(), suffix.encode())):
        return False
    origin = read_lineage(kptfile).origin
    if origin is None or origin.ref.strip("/") not in {f"{directory}/{suffix}", suffix}:
        return False
    return _directory(origin) == directory


def _directory(origin: Upstream) -> str:
    try:
        return directory_path(origin.directory)
    except InvalidName:
        return origin.directory


def _drafts(repository: pygit2.Repository) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, path and Kptfile of every draft and proposal; what is none is passed over."""
    whole = Layout()
    for ref, oid in refs_below(repository, (HEADS + RefKind.DRAFT, HEADS + RefKind.PROPOSED)).targets.items():
        try:
            place = whole.read(ref)
            tree = package_tree(repository, oid, place.path) if place else ""
            kptfile = _kptfile(repository[tree].peel(pygit2.Tree)) if tree else None
        except (UserError, KeyError):
            continue
        if place and kptfile is not None:
            yield f"{place.path}/{place.suffix}", place.path, kptfile


def _kptfiles(tree: pygit2.Tree, directory: str) -> Iterator[tuple[str, bytes]]:
    kptfile = _kptfile(tree)
    if kptfile is not None:
        yield directory, kptfile
        return
    for entry in tree:
        if isinstance(entry, pygit2.Tree):
            yield from _kptfiles(entry, f"{directory}/{entry.name}" if directory else str(entry.name))


def _kptfile(tree: pygit2.Tree) -> bytes | None:
    """The content of the Kptfile that makes a directory a package; None where there is none."""
    if KPTFILE not in tree:
        return None
    kptfile = tree[KPTFILE]
    return kptfile.data if isinstance(kptfile, pygit2.Blob) else None
