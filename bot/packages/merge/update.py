"""The four strategies by which a package is brought to a newer state of its upstream, with kpt's outcomes.

Files in, files out: who fetches, and what the package's Kptfile is to say of its upstream then, is decided by
the caller. Subpackages with an upstream of their own are left as they are here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bot.errors import UserError
from bot.packages.documents.collector import collector_paused
from bot.packages.merge.conflict import Arbiter, Conflict, OnConflict, Place, Side
from bot.packages.merge.difference import differing
from bot.packages.merge.kptfile import merge_kptfile, without_rendered
from bot.packages.merge.renames import followed
from bot.packages.merge.resources import holds_resources, merge_resources
from bot.packages.merge.territory import Territory
from bot.packages.merge.text_merge import merge_file, texts_of
from bot.packages.merge.trees import Trees
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE, File, Files
from bot.packages.provenance import Strategy


class Merged(NamedTuple):
    """The merged package, and all that both sides had changed differently.

    Where it was to stop on conflicts, and there are some, `stopped` says so and the files are the local ones.
    """

    files: Mapping[str, File]
    conflicts: tuple[Conflict, ...] = ()
    stopped: bool = False


def merge(
    origin: Files,
    local: Files,
    upstream: Files,
    strategy: Strategy = Strategy.RESOURCE_MERGE,
    on_conflict: OnConflict = OnConflict.UPSTREAM,
) -> Merged:
    """Upgrade a package: `origin` was fetched once, `local` is what became of it, `upstream` the new one.

    Paths are relative to the package. Raises as `merge_trees` does.
    """
    return merge_trees(Trees(origin, local, upstream), strategy, on_conflict)


def merge_trees(
    trees: Trees,
    strategy: Strategy = Strategy.RESOURCE_MERGE,
    on_conflict: OnConflict = OnConflict.UPSTREAM,
    *,
    is_root: bool = True,
) -> Merged:
    """Upgrade a package; `is_root` says that the caller keeps account of where it comes from.

    Where not, resource-merge takes that from the upstream's Kptfile, as all other strategies always do.
    Raises UserError where the strategy forbids it, where both sides added a subpackage at one place, or where
    a file has one resource twice, and InvalidDocument for a Kptfile that is none.
    """
    arbiter = Arbiter(on_conflict)
    with collector_paused():
        files = _STRATEGIES[strategy](trees, arbiter, is_root=is_root)
    conflicts = tuple(arbiter.conflicts)
    if conflicts and on_conflict is OnConflict.STOP:
        return Merged(dict(trees.local), conflicts, stopped=True)
    return Merged(dict(sorted(files.items())), conflicts)


def _resource_merge(trees: Trees, arbiter: Arbiter, *, is_root: bool) -> dict[str, File]:
    territory = Territory(trees)
    files: dict[str, File] = {}
    parts = _parts(trees, territory)
    for directory in territory.directories:
        part = parts[directory]
        if territory.is_foreign(directory):
            files |= part.local
        elif not directory:
            files |= _merge_package(part, "", arbiter, with_upstream=not is_root)
        else:
            files |= _merge_subpackage(part, directory, arbiter)
    return files


def _parts(trees: Trees, territory: Territory) -> dict[str, Trees]:
    """The files of each subpackage, without those of its own subpackages."""
    parts: dict[str, tuple[dict[str, File], ...]] = {
        directory: ({}, {}, {}) for directory in territory.directories
    }
    for index, tree in enumerate(trees):
        for path, file in tree.items():
            parts[territory.owner(path)][index][path] = file
    return {directory: Trees(*part) for directory, part in parts.items()}


def _merge_subpackage(part: Trees, directory: str, arbiter: Arbiter) -> Files:
    """What becomes of a subpackage, by which sides have it (facts: kpt §3.3)."""
    origin, local, upstream = part
    path = _kptfile_of(directory)
    if not origin and path in local and path in upstream:
        if local == upstream:
            return local
        raise UserError(added_in_both(directory))
    if not origin and not (local and upstream):
        return local or upstream
    if origin and not local:
        if upstream and upstream != origin:
            arbiter.whole(Place(directory), ("", None, ""))
        return local
    if origin and not upstream:
        if not differing(part):
            return upstream
        arbiter.whole(Place(directory), ("", "", None))
        return local
    return _merge_package(part, directory, arbiter)


def added_in_both(directory: str) -> str:
    """What is said of a subpackage that both sides added: in kpt's words, then what can be done."""
    return (
        f'subpackage "{directory}" added in both upstream and local\nMove or remove the local one, '
        f"{quoted(directory)}, and upgrade again."
    )


def _merge_package(
    part: Trees, directory: str, arbiter: Arbiter, *, with_upstream: bool = False
) -> dict[str, File]:
    kptfile = _kptfile_of(directory)
    files = merge_resources(part.select(holds_resources), arbiter)
    rest = followed(part.select(lambda path: path != kptfile and not holds_resources(path)))
    for path in rest.paths():
        found = merge_file(path, rest.at(path), arbiter)
        if found is not None:
            files[path] = found
    merged = merge_kptfile(kptfile, part.at(kptfile), arbiter, with_upstream=with_upstream)
    return files | ({kptfile: merged} if merged is not None else {})


def _fast_forward(trees: Trees, arbiter: Arbiter, *, is_root: bool) -> dict[str, File]:
    own = _own(trees, Territory(trees))
    changed = differing(own)
    if changed:
        raise UserError(
            f"local package files have been modified: [{' '.join(changed)}].\n  use a different update "
            "--strategy.\nUse 'resource-merge' to keep these changes, or undo them."
        )
    files = _force_delete_replace(trees, arbiter, is_root=is_root)
    if KPTFILE in files:
        files[KPTFILE] = without_rendered(KPTFILE, files[KPTFILE])
    return files


def _force_delete_replace(trees: Trees, arbiter: Arbiter, *, is_root: bool) -> dict[str, File]:  # noqa: ARG001 - as all strategies
    own = _own(trees, Territory(trees))
    foreign = {path: file for path, file in trees.local.items() if path not in own.local}
    return {**foreign, **_copied(own, arbiter)} | _root_kptfile(own, arbiter)


def _copy_merge(trees: Trees, arbiter: Arbiter, *, is_root: bool) -> dict[str, File]:  # noqa: ARG001 - as all strategies
    own = _own(trees, Territory(trees))
    removed = own.origin.keys() - own.upstream.keys() - {KPTFILE}
    kept = {path: file for path, file in trees.local.items() if path not in removed}
    return {**kept, **_copied(own, arbiter)} | _root_kptfile(own, arbiter)


def _copied(own: Trees, arbiter: Arbiter) -> dict[str, File]:
    """The upstream's files, as they are put in the place of the local ones.

    What was done here is lost to them, as with kpt; but where the upstream changed the file, too, it is told,
    and the local one stays if that was asked for. The root Kptfile is merged, and not copied.
    """
    files = dict(own.upstream)
    # What kpt noted in a file is no change of it.
    changed = set(differing(own)) & set(differing(own._replace(origin=own.upstream)))
    for path in sorted(changed - {KPTFILE}):
        states = own.at(path)
        if states.origin == states.upstream or arbiter.file(Place(path), texts_of(states)) is Side.UPSTREAM:
            continue
        files.pop(path, None)
        if states.local is not None:
            files[path] = states.local
    return files


def _own(trees: Trees, territory: Territory) -> Trees:
    """The package without the subpackages that have an upstream of their own."""
    return trees.select(lambda path: not territory.is_foreign(territory.owner(path)))


def _root_kptfile(trees: Trees, arbiter: Arbiter) -> dict[str, File]:
    found = merge_kptfile(KPTFILE, trees.at(KPTFILE), arbiter, with_upstream=True)
    return {KPTFILE: found} if found is not None else {}


def _kptfile_of(directory: str) -> str:
    return f"{directory}/{KPTFILE}" if directory else KPTFILE


_STRATEGIES: dict[Strategy, Callable[..., dict[str, File]]] = {
    Strategy.RESOURCE_MERGE: _resource_merge,
    Strategy.FAST_FORWARD: _fast_forward,
    Strategy.FORCE_DELETE_REPLACE: _force_delete_replace,
    Strategy.COPY_MERGE: _copy_merge,
}
