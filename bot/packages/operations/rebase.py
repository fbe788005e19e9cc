"""A draft brought up to date with what was published of its own package since it began."""

from bot.errors import Refused
from bot.packages.kptfile import Upstream, kptfile_in
from bot.packages.merge.conflict import Arbiter, Conflict, OnConflict, Side
from bot.packages.merge.kptfile import merge_own_kptfile
from bot.packages.merge.territory import Realms
from bot.packages.merge.text_merge import merge_file
from bot.packages.merge.trees import States, Trees
from bot.packages.merge.update import merge_trees
from bot.packages.operations.content import Content, Story, told
from bot.packages.operations.discretion import without_secrets
from bot.packages.operations.stopped import Stopped
from bot.packages.package import KPTFILE, File, Files
from bot.packages.provenance import Strategy

SUBJECT = "Rebasing revision"
# Porch has no such task; one that it does not know it passes over (facts: Porch §1.4).
TASK = {"type": "rebase"}
_PROVENANCE = "upstream"


def rebase(trees: Trees, on_conflict: OnConflict = OnConflict.STOP) -> Content:
    """Merge a draft with what is published: `origin` is the package as the draft began, `upstream` as it is.

    All of it is merged, what the Kptfile says of where it comes from, and packages below with an upstream of
    their own, included: these are three states of one package. Raises Stopped where that was asked for and
    both sides had changed something, Refused where the package was removed, and UserError as the merge does.
    """
    if not trees.upstream and on_conflict is OnConflict.LOCAL:
        return Content(trees.local, Story(SUBJECT, TASK))
    if not trees.upstream:
        raise Refused(
            "The package was deleted since the draft began; say `--on-conflict local` to keep all that the "
            "draft has, and publish the package again."
        )
    files: dict[str, File] = {}
    conflicts: list[Conflict] = []
    realms = Realms(trees)
    for directory in ("", *realms.directories):
        merged, met = _merged(realms.part(directory), on_conflict)
        start = f"{directory}/" if directory else ""
        files |= {start + path: file for path, file in merged.items()}
        conflicts += [each._replace(file=f"{start}{each.file}".rstrip("/")) for each in met]
    told_of = without_secrets(tuple(conflicts))
    if told_of and on_conflict is OnConflict.STOP:
        raise Stopped(told_of)
    return Content(dict(sorted(files.items())), Story(SUBJECT, TASK, told(told_of)), told_of)


def _merged(part: Trees, on_conflict: OnConflict) -> tuple[Files, tuple[Conflict, ...]]:
    origin, local, upstream = part
    if local in (origin, upstream):
        return upstream, ()
    if upstream == origin:
        return local, ()
    if not local or not upstream:
        base, ours, theirs = ("" if tree else None for tree in part)
        return local, (Conflict("", None, "", base, ours, theirs, Side.LOCAL),)
    side, conflicts = _followed(part.at(KPTFILE), on_conflict)
    arbiter = Arbiter(on_conflict)
    settled = _with_kptfiles(part, arbiter, with_upstream=side is Side.UPSTREAM)
    merged = merge_trees(settled, Strategy.RESOURCE_MERGE, on_conflict)
    return merged.files, (*conflicts, *arbiter.conflicts, *merged.conflicts)


def _with_kptfiles(part: Trees, arbiter: Arbiter, *, with_upstream: bool) -> Trees:
    """The trees with one Kptfile at each place: an upgrade takes what both sides say of a package for each's.

    Subpackages that only one side has are left to the merge, which takes them as a whole.
    """
    trees = [dict(tree) for tree in part]
    for path in part.paths():
        directory, _, name = path.rpartition("/")
        states = part.at(path)
        if name != KPTFILE or (directory and not _is_everywhere(directory, part)):
            continue
        if states.settled or None in states[1:] or not states.are_files:
            merged = merge_file(path, states, arbiter)
        else:
            merged = merge_own_kptfile(path, states, arbiter, with_upstream=with_upstream and not directory)
        for tree in trees:
            tree.pop(path, None)
            if merged is not None:
                tree[path] = merged
    return Trees(*trees)


def _is_everywhere(directory: str, part: Trees) -> bool:
    """Whether a subpackage was there, and each side still has something of it."""
    start = f"{directory}/"
    return start + KPTFILE in part.origin and all(
        start + KPTFILE in tree or any(path.startswith(start) for path in tree) for tree in part[1:]
    )


def _followed(states: States, on_conflict: OnConflict) -> tuple[Side, tuple[Conflict, ...]]:
    """Which side says where the package comes from: upstream and lock are one thing, and never mixed."""
    origin, local, upstream = (_provenance(file) for file in states)
    if upstream in (origin, local):
        return Side.LOCAL, ()
    if local == origin:
        return Side.UPSTREAM, ()
    side = Side.UPSTREAM if on_conflict is OnConflict.UPSTREAM else Side.LOCAL
    base, ours, theirs = (_shown(each) for each in (origin, local, upstream))
    return side, (Conflict(KPTFILE, None, _PROVENANCE, base, ours, theirs, side),)


def _provenance(file: File | None) -> tuple[Upstream | None, Upstream | None, str]:
    if file is None:
        return None, None, ""
    document, kptfile = kptfile_in(file.content)
    return kptfile.upstream, kptfile.upstream_lock, document.root.text("upstream", "updateStrategy")


def _shown(provenance: tuple[Upstream | None, Upstream | None, str]) -> str | None:
    upstream, lock, _ = provenance
    return None if upstream is None else (lock or upstream).ref
