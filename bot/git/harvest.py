"""From refs to revisions: the packages whose refs changed are decided anew, all others stay as they were."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pygit2

from bot.errors import InvalidName
from bot.git.memory import Memory, Noted
from bot.git.refs import printable_ref
from bot.git.tips import Wanted, read_tips
from bot.packages.layout import HEADS, NO_REVISION, TAGS, Layout, RefKind, revision_number
from bot.packages.naming import quoted
from bot.packages.revision import Lifecycle, PackageRevision

_DELETIONS = f"{HEADS}{RefKind.DELETION}/"
_DRAFTS = f"{HEADS}{RefKind.DRAFT}/"
_PROPOSED = f"{HEADS}{RefKind.PROPOSED}/"


class Crop(NamedTuple):
    """What a harvest brought in; `lost` when objects were missing, so that it must not be remembered."""

    revisions: tuple[PackageRevision, ...]
    noted: tuple[Noted, ...]
    lost: bool


class Harvest:
    """One reading of `targets` (refs and their hex ids), in the light of what was known before.

    `placeholders` are the paths of the packages that the registered branch holds.
    """

    def __init__(
        self, repository: pygit2.Repository, layout: Layout, targets: dict[str, str], known: Memory
    ) -> None:
        self._repository = repository
        self._layout = layout
        self._targets = targets
        self._known = known
        self._changed = {ref for ref, _ in targets.items() ^ known.refs.items()}
        self._noted: list[Noted] = []
        self._lost = False

    def bring_in(self, placeholders: frozenset[str]) -> Crop:
        """Decide every package of which a ref or the placeholder changed."""
        branch = self._layout.branch_ref
        head = self._targets.get(branch, "")
        old = self._known.revisions
        touched = self._touched() | placeholders ^ {row.path for row in old if row.ref == branch}
        kept = [row for row in old if row.path not in touched]
        if branch in self._changed:
            kept = [row._replace(commit=head) if row.ref == branch else row for row in kept]
        self._noted += [note for note in self._known.noted if self._still_true(note, touched)]
        fresh = [
            row for path, rows in self._packages(touched, placeholders) for row in self._decide(path, rows)
        ]
        return Crop(tuple(sorted(kept + fresh)), tuple(sorted(self._noted, key=str)), self._lost)

    def _touched(self) -> set[str]:
        paths: dict[str, str | None] = {}
        for ref in self._changed:
            # What follows the last '/' says nothing of the path; but that of a deletion may have a '/' too.
            owner = ref.rpartition("/")[0] if ref.isprintable() and not ref.startswith(_DELETIONS) else ref
            if owner in paths:
                continue
            try:
                paths[owner] = path_of(self._layout, ref)
            except InvalidName as error:
                if ref in self._targets:
                    self._noted.append(Noted(printable_ref(ref), None, str(error)))
        return {path for path in paths.values() if path is not None}

    def _still_true(self, note: Noted, touched: set[str]) -> bool:
        return note.path not in touched and note.ref not in self._changed

    def _packages(
        self, touched: set[str], placeholders: frozenset[str]
    ) -> Iterator[tuple[str, list[PackageRevision]]]:
        """Yield the rows of each touched package, found by one pass over all refs."""
        owners = {}
        rows: dict[str, list[PackageRevision]] = {}
        for path in touched:
            full = self._layout.full_path(path)
            rows[path] = [self._placeholder(path)] if path in placeholders else []
            for start in (TAGS, _DRAFTS, _PROPOSED):
                owners[start + full] = path
        wanted = []
        unchanged = {row.ref: row for row in self._known.revisions if row.ref not in self._changed}
        for ref, oid in self._targets.items():
            owner = owners.get(ref.rpartition("/")[0])
            if owner is None or not ref.isprintable():
                continue
            if row := unchanged.get(ref):
                rows[owner].append(self._row(ref, owner, row.commit, row.workspace))
            else:
                wanted.append(Wanted(ref, oid, self._layout.full_path(owner)))
        for (ref, _, _), tip in read_tips(self._repository, wanted):
            owner = owners[ref.rpartition("/")[0]]
            self._lost |= tip.lost
            if tip.complaint:
                self._noted.append(Noted(ref, owner, f"The ref is no package revision: {tip.complaint}."))
            else:
                rows[owner].append(self._row(ref, owner, tip.commit, tip.workspace))
        yield from rows.items()

    def _placeholder(self, path: str) -> PackageRevision:
        ref = self._layout.branch_ref
        branch = self._layout.branch
        return PackageRevision(path, branch, NO_REVISION, Lifecycle.PUBLISHED, self._targets[ref], ref)

    def _row(self, ref: str, path: str, commit: str, workspace: str) -> PackageRevision:
        suffix = ref.rpartition("/")[2]
        if not ref.startswith(TAGS):
            state = Lifecycle.DRAFT if ref.startswith(_DRAFTS) else Lifecycle.PROPOSED
            return PackageRevision(path, suffix, 0, state, commit, ref)
        number = revision_number(suffix)
        workspace = suffix if number == NO_REVISION else workspace or f"v{number}"
        return PackageRevision(path, workspace, number, Lifecycle.PUBLISHED, commit, ref)

    def _decide(self, path: str, rows: list[PackageRevision]) -> Iterator[PackageRevision]:
        """Settle what only a package's revisions together can say: deletions, the latest, doubles."""
        latest = max((row.revision for row in rows if row.revision > 0), default=None)
        taken: dict[str, str] = {}
        for row in sorted(rows, key=lambda row: (row.revision, row.ref)):
            state = row.lifecycle
            if state is Lifecycle.PUBLISHED and self._deletion_ref(row) in self._targets:
                state = Lifecycle.DELETION_PROPOSED
            other = taken.setdefault(row.workspace, row.ref)
            if other != row.ref:
                self._noted.append(Noted(row.ref, path, _double(row, other)))
            newest = row.revision == latest and row.ref.startswith(TAGS)
            latest = None if newest else latest
            yield row._replace(lifecycle=state, latest=newest)

    def _deletion_ref(self, row: PackageRevision) -> str:
        suffix = f"v{row.revision}" if row.revision > 0 else row.workspace
        return self._layout.deletion_ref(row.path, suffix)


def path_of(layout: Layout, ref: str) -> str | None:
    """Name the package that `ref` speaks of; None if none here, InvalidName if it should but does not."""
    if ref.startswith(_DELETIONS) and ref.endswith(f"/{layout.branch}"):
        # The deletion of a placeholder ends in the branch's name, which may itself have a '/'.
        return layout.inside(ref[len(_DELETIONS) : -len(layout.branch) - 1])
    place = layout.read(ref)
    if place is not None and not ref.isprintable():
        raise InvalidName("The name of the ref must be printable UTF-8; rename it.")
    return None if place is None else place.path


def refs_of(layout: Layout, path: str) -> Iterable[str]:
    """List the directories in which all refs of a package lie."""
    full = layout.full_path(path)
    return [f"{TAGS}{full}", *(f"{HEADS}{kind}/{full}" for kind in RefKind if kind is not RefKind.TAG)]


def owns(layout: Layout, ref: str, path: str) -> bool:
    """Whether `ref` is of this very package, not of one below it."""
    try:
        return path_of(layout, ref) == path
    except InvalidName:
        return False


def _double(row: PackageRevision, other: str) -> str:
    return (
        f"The workspace {quoted(row.workspace)} of the package is that of {quoted(other)} too; "
        f"delete or rename one of the two refs."
    )
