"""Where one revision stands by the refs alone, and which step a dying server left half done."""

from typing import NamedTuple

import pygit2

from bot.git.ledgers import ledger_ref, read_ledger
from bot.git.pushed import is_package
from bot.git.refs import read_ref, refs_below
from bot.git.trees import package_tree
from bot.lifecycle.ledger import Did
from bot.lifecycle.state import Cut, Unfinished
from bot.packages.annotation import read_annotations
from bot.packages.layout import NO_REVISION, Layout, RefKind, revision_number
from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle
from bot.ports import Standing

# How many merges of the branch are searched for the one that took a draft in; a crash is not older than that.
MOST_MERGES = 100_000


class Tag(NamedTuple):
    """A published revision of one package; `suffix` is what follows the last '/' of its tag."""

    suffix: str
    commit: str
    workspace: str
    revision: int


def look(repository: pygit2.Repository, layout: Layout, name: RevisionName) -> Standing:
    """Read the refs of `name` now; a workspace `v<N>` also means the published revision N."""
    base = tip(repository, layout.branch_ref)
    branches = tip(repository, layout.draft_ref(name)), tip(repository, layout.proposed_ref(name))
    if any(branches):
        standing = _unpublished(repository, layout, name, base, branches)
    elif tip(repository, ledger_ref(layout, name)):
        standing = Standing(Lifecycle.ABSENT, base=base, unfinished=Unfinished(Cut.TIDYING))
    else:
        standing = _published(repository, layout, name, base)
    # The workspace may be called like the tag of a revision that is gone.
    if standing.unfinished is None and left_over(repository, layout, name, base):
        return standing._replace(unfinished=Unfinished(Cut.TIDYING))
    return standing


def tip(repository: pygit2.Repository, ref: str) -> str:
    """The commit that `ref` stands at, '' when there is none; annotated tags are peeled."""
    oid = read_ref(repository, ref)
    try:
        return str(repository[oid].peel(pygit2.Commit).id) if oid else ""
    except (KeyError, ValueError, pygit2.GitError):
        return ""


def tags_of(repository: pygit2.Repository, layout: Layout, path: str) -> list[Tag]:
    """Every published revision of the package at `path`, by its tags."""
    prefix = layout.tag_ref(path, "")
    tags = []
    for ref in refs_below(repository, (prefix.rstrip("/"),)).targets:
        suffix = ref.removeprefix(prefix)
        commit = tip(repository, ref)
        if "/" not in suffix and commit:
            tags.append(_read_tag(repository, layout.full_path(path), suffix, commit))
    return tags


def tagged(repository: pygit2.Repository, layout: Layout, name: RevisionName) -> RevisionName:
    """The revision whose tag ends in `name.workspace`, by its workspace; `name` when there is none."""
    tags = tags_of(repository, layout, name.path)
    workspace = next((tag.workspace for tag in tags if tag.suffix == name.workspace), name.workspace)
    return name._replace(workspace=workspace)


def _read_tag(repository: pygit2.Repository, full_path: str, suffix: str, commit: str) -> Tag:
    revision = revision_number(suffix)
    if revision == NO_REVISION:
        return Tag(suffix, commit, suffix, revision)
    annotations = read_annotations(repository[commit].peel(pygit2.Commit).message)
    named = (a.workspace for a in annotations if a.package == full_path and a.workspace)
    return Tag(suffix, commit, next(named, f"v{revision}"), revision)


def _unpublished(
    repository: pygit2.Repository, layout: Layout, name: RevisionName, base: str, branches: tuple[str, str]
) -> Standing:
    draft, proposed = branches
    head = proposed or draft
    record = tip(repository, ledger_ref(layout, name))
    lifecycle = Lifecycle.PROPOSED if proposed else Lifecycle.DRAFT
    unfinished = None
    if draft and draft == proposed:
        moves = [
            entry.did
            for entry in read_ledger(repository, record)
            if entry.did in (Did.PROPOSED, Did.REJECTED)
        ]
        back = bool(moves) and moves[-1] is Did.REJECTED
        unfinished = Unfinished(Cut.REJECTION if back else Cut.PROPOSAL)
    if base and proposed and record:
        merge = _publication(repository, layout, name, base, head)
        # A record that goes on after the merge is that of a new life, of a commit that was published before.
        if merge and _time(repository, record) <= _time(repository, merge.commit):
            unfinished = merge
    tree = package_tree(repository, head, layout.full_path(name.path))
    return Standing(lifecycle, head, tree, base, 0, latest=False, unfinished=unfinished, record=record)


def _publication(
    repository: pygit2.Repository, layout: Layout, name: RevisionName, base: str, head: str
) -> Unfinished | None:
    """The merge on the branch that published `head` under this name; None when there is none."""
    if base == head or not repository.descendant_of(base, head):
        return None
    here = base
    for _ in range(MOST_MERGES):
        commit = repository[here].peel(pygit2.Commit)
        parents = [str(parent) for parent in commit.parent_ids]
        if head in parents[1:] or parents == [head]:
            # Several drafts may have stood at one commit: each was taken in by a merge of its own.
            for annotation in read_annotations(commit.message):
                revision = revision_number(annotation.revision)
                mine = (layout.full_path(name.path), name.workspace)
                if (annotation.package, annotation.workspace) == mine and revision > 0:
                    return Unfinished(Cut.PUBLICATION, here, revision)
        if not parents:
            break
        here = parents[0]
    return None


def _time(repository: pygit2.Repository, commit: str) -> int:
    """Seconds, by the clock of the server, which wrote both records and merges."""
    return repository[commit].peel(pygit2.Commit).commit_time


def _published(repository: pygit2.Repository, layout: Layout, name: RevisionName, base: str) -> Standing:
    tags = tags_of(repository, layout, name.path)
    named = next((tag for tag in tags if tag.workspace == name.workspace), None)
    tag = named or next((tag for tag in tags if tag.suffix == name.workspace), None)
    full_path = layout.full_path(name.path)
    if tag is None:
        return _placeholder(repository, layout, name, base)
    doomed = name._replace(workspace=tag.suffix)
    record = tip(repository, ledger_ref(layout, doomed, RefKind.DELETION))
    deletion = tip(repository, layout.deletion_ref(name.path, tag.suffix))
    lifecycle = Lifecycle.DELETION_PROPOSED if deletion else Lifecycle.PUBLISHED
    highest = max(tag.revision for tag in tags)
    latest = tag.revision == highest != NO_REVISION
    unfinished = None
    if deletion and latest and not package_tree(repository, base, full_path):
        unfinished = _deletion(repository, layout, name, base, tag)
    elif left_over(repository, layout, doomed, base):
        unfinished = Unfinished(Cut.TIDYING)
    tree = package_tree(repository, tag.commit, full_path)
    return Standing(lifecycle, tag.commit, tree, base, tag.revision, latest, unfinished, record)


def _placeholder(repository: pygit2.Repository, layout: Layout, name: RevisionName, base: str) -> Standing:
    if not _is_placeholder(repository, layout, name, base):
        return Standing(Lifecycle.ABSENT, base=base)
    record = tip(repository, ledger_ref(layout, name, RefKind.DELETION))
    deletion = tip(repository, layout.deletion_ref(name.path, name.workspace))
    lifecycle = Lifecycle.DELETION_PROPOSED if deletion else Lifecycle.PUBLISHED
    tree = package_tree(repository, base, layout.full_path(name.path))
    return Standing(lifecycle, base, tree, base, NO_REVISION, latest=True, record=record)


def _is_placeholder(repository: pygit2.Repository, layout: Layout, name: RevisionName, base: str) -> bool:
    if name.workspace != layout.branch or not base:
        return False
    return is_package(repository, package_tree(repository, base, layout.full_path(name.path)))


def left_over(repository: pygit2.Repository, layout: Layout, name: RevisionName, base: str) -> bool:
    """Say whether a deletion left its ledger without its mark, or both without a revision; by tag suffix.

    The ledger appears before the mark and goes after it, and a tag goes before both: whoever finds one
    alone sees what a server left that died between them.
    """
    mark = tip(repository, layout.deletion_ref(name.path, name.workspace))
    if not mark:
        return bool(tip(repository, ledger_ref(layout, name, RefKind.DELETION)))
    tagged = tip(repository, layout.tag_ref(name.path, name.workspace))
    return not (tagged or _is_placeholder(repository, layout, name, base))


def _deletion(
    repository: pygit2.Repository, layout: Layout, name: RevisionName, base: str, tag: Tag
) -> Unfinished | None:
    here = base
    for _ in range(MOST_MERGES):
        commit = repository[here].peel(pygit2.Commit)
        for annotation in read_annotations(commit.message):
            if annotation.package == layout.full_path(name.path) and commit.message.startswith("Delete "):
                same = revision_number(annotation.revision) == tag.revision
                return Unfinished(Cut.DELETION, here, tag.revision) if same else None
        if not commit.parent_ids:
            break
        here = str(commit.parent_ids[0])
    return None
