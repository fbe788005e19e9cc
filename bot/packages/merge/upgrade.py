"""A whole package brought to a newer state of its upstream, with all subpackages that have their own.

The walk is kpt's (facts: kpt §3.3): first the package, then each subpackage that follows an upstream of its
own, as that is described once the package above it has been upgraded. Fetching is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.errors import UserError
from bot.packages.acquisition import Fetch, Fetched
from bot.packages.kptfile import Upstream, read_kptfile
from bot.packages.merge.conflict import Arbiter, Conflict, OnConflict, Place
from bot.packages.merge.difference import differing
from bot.packages.merge.kptfile import merge_kptfile
from bot.packages.merge.merge_comment import with_merge_comments
from bot.packages.merge.provenance import locked_to, pointed_at, strategy_in
from bot.packages.merge.territory import Realms
from bot.packages.merge.trees import Trees
from bot.packages.merge.update import Merged, added_in_both, merge_trees
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE, File, Files
from bot.packages.provenance import Strategy

__all__ = ["Fetch", "Fetched", "Merged", "upgrade"]
_MOST_PACKAGES = 1000
_DEEPEST = 20


def upgrade(
    local: Files,
    fetch: Fetch,
    *,
    ref: str = "",
    strategy: Strategy | None = None,
    on_conflict: OnConflict = OnConflict.UPSTREAM,
) -> Merged:
    """Upgrade a package to `ref` of its upstream, '' for the one that its Kptfile names.

    Paths of conflicts are from the package. New and changed resources are noted as kpt does it. Raises
    UserError where the package follows no upstream, where something cannot be fetched, and as `merge` does.
    """
    walk = _Walk(local, fetch, on_conflict)
    walk.point("", ref, strategy or "")
    walk.run()
    conflicts = tuple(walk.conflicts)
    if conflicts and on_conflict is OnConflict.STOP:
        return Merged(dict(local), conflicts, stopped=True)
    touched = {path: file for path, file in walk.files.items() if local.get(path) != file}
    return Merged(dict(sorted((walk.files | with_merge_comments(touched, tidy=False)).items())), conflicts)


class _Walk:
    """One upgrade: `files` is the package as far as it has come."""

    def __init__(self, local: Files, fetch: Fetch, on_conflict: OnConflict) -> None:
        self.files: dict[str, File] = dict(local)
        self.fetch = fetch
        self.on_conflict = on_conflict
        self.conflicts: list[Conflict] = []
        self.before = self._upstream("")
        self.ref, self.strategy = "", ""

    def point(self, directory: str, ref: str, strategy: str) -> None:
        """Let a package follow another ref of its upstream, by another strategy; '' leaves either alone."""
        path = _join(directory, KPTFILE)
        self.files[path] = pointed_at(self.files[path], path=path, ref=ref, strategy=strategy)
        if not directory:
            self.ref, self.strategy = ref, strategy

    def run(self) -> None:
        waiting, seen = [("", 0)], {""}
        while waiting:
            directory, depth = waiting.pop()
            new = [each for each in self._upgrade(directory) if each not in seen]
            seen.update(new)
            if len(seen) > _MOST_PACKAGES or (new and depth == _DEEPEST):
                raise UserError(
                    f"The package brings along more than {_MOST_PACKAGES} others, or {_DEEPEST} in one "
                    "another; it must not contain itself."
                )
            for each in new:
                self._follow_root(each)
            waiting += [(each, depth + 1) for each in reversed(new)]

    def _upstream(self, directory: str) -> Upstream:
        path = _join(directory, KPTFILE)
        file = self.files.get(path)
        found = read_kptfile(file.content, path=path).upstream if file is not None else None
        if found is None or not found.repo:
            raise UserError(
                "package must have an upstream reference\nOnly a package that was cloned can be upgraded; "
                f"{quoted(path)} must say in `upstream` where it comes from."
            )
        return found

    def _follow_root(self, directory: str) -> None:
        """Point a subpackage that came with the same repository at what the whole package is upgraded to."""
        own, root = self._upstream(directory), self.before
        same = own.repo == root.repo and own.ref == root.ref
        if same and own.directory.startswith(root.directory):
            self.point(directory, self.ref, self.strategy)

    def _upgrade(self, directory: str) -> list[str]:
        """Upgrade one package with what its upstream brought along; return the packages to upgrade next."""
        upstream = self._upstream(directory)
        path = _join(directory, KPTFILE)
        lock = read_kptfile(self.files[path].content, path=path).upstream_lock
        updated = self.fetch(upstream._replace(commit=""))
        origin = self.fetch(lock).files if lock is not None and lock.commit else {}
        realms = Realms(Trees(origin, _inside(self.files, directory), updated.files))
        files = dict(self._merged(realms.part(""), directory, is_root=True))
        for inner in realms.directories:
            part = self._subpackage(realms.part(inner), inner, _join(directory, inner))
            files |= {_join(inner, name): file for name, file in part.items()}
        files[KPTFILE] = locked_to(files[KPTFILE], updated.lock, path=path)
        outside = {
            name: file for name, file in self.files.items() if not name.startswith(_join(directory, ""))
        }
        self.files = {**(outside if directory else {}), **_placed(files, directory)}
        # Those within these are found when their turn comes.
        return [
            _join(directory, inner)
            for inner in realms.directories
            if _join(inner, KPTFILE) in files and not realms.above(inner)
        ]

    def _subpackage(self, part: Trees, inner: str, place: str) -> Mapping[str, File]:
        """What becomes of a subpackage with its own upstream when the package above it is upgraded."""
        origin, local, updated = part
        if not origin and local and updated and local != updated:
            raise UserError(added_in_both(inner))
        if not origin or not local:
            if origin and updated and differing(part._replace(local=updated)):
                self._tell_whole(place, ("", None, ""))
            return local or ({} if origin else updated)
        if not updated:
            if differing(part):
                self._tell_whole(place, ("", "", None))
                return local
            return {}
        if _is_unfetched(updated):
            arbiter = Arbiter(self.on_conflict)
            kptfile = merge_kptfile(KPTFILE, part.at(KPTFILE), arbiter, with_upstream=True)
            self._tell(arbiter.conflicts, place)
            return {**local, KPTFILE: kptfile} if kptfile is not None else local
        if _is_unfetched(origin):
            raise UserError(
                f"no origin available for package\nThe subpackage {quoted(inner)} was no part of what was "
                "fetched, and is part of it now; remove the local one, and upgrade again."
            )
        return self._merged(part, place, is_root=False)

    def _merged(self, part: Trees, place: str, *, is_root: bool) -> Mapping[str, File]:
        kptfile, path = part.local.get(KPTFILE), _join(place, KPTFILE)
        named = strategy_in(kptfile, path=path) if kptfile is not None else ""
        merged = merge_trees(part, _strategy(named, path), self.on_conflict, is_root=is_root)
        self._tell(merged.conflicts, place)
        return merged.files

    def _tell_whole(self, place: str, values: Iterable[str | None]) -> None:
        arbiter = Arbiter(self.on_conflict)
        arbiter.whole(Place(place), values)
        self.conflicts += arbiter.conflicts

    def _tell(self, conflicts: Iterable[Conflict], directory: str) -> None:
        self.conflicts += [each._replace(file=_join(directory, each.file)) for each in conflicts]


def _strategy(name: str, path: str) -> Strategy:
    try:
        return Strategy(name or Strategy.RESOURCE_MERGE)
    except ValueError:
        known = ", ".join(quoted(each) for each in Strategy)
        raise UserError(
            f"unrecognized update strategy {name}\n`upstream.updateStrategy` in {quoted(path)} must be one "
            f"of {known}."
        ) from None


def _is_unfetched(files: Files) -> bool:
    """Whether this is only a Kptfile that says where the package would come from."""
    kptfile = read_kptfile(files[KPTFILE].content) if KPTFILE in files else None
    return kptfile is not None and kptfile.upstream is not None and kptfile.upstream_lock is None


def _join(directory: str, path: str) -> str:
    return f"{directory}/{path}" if directory else path


def _inside(files: Files, directory: str) -> dict[str, File]:
    """The files of a directory, their paths relative to it."""
    start = _join(directory, "")
    return {path[len(start) :]: file for path, file in files.items() if path.startswith(start)}


def _placed(files: Files, directory: str) -> dict[str, File]:
    return {_join(directory, path): file for path, file in files.items()}
