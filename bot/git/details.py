"""What only a whole object or an explanation tells of revisions, read when it is asked for.

However many revisions are asked about, the history is walked once for their tasks and once for the
placeholders' publishers, and each walk ends as soon as all are answered.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pygit2
from pygit2.enums import SortMode

from bot.errors import UserError
from bot.git.trees import package_tree, read_file
from bot.packages.annotation import FIRST_TASKS, PREFIX, Annotation, read_annotations
from bot.packages.kptfile import Kptfile, read_kptfile
from bot.packages.layout import TAGS, Layout
from bot.packages.objects import Details
from bot.packages.package import KPTFILE
from bot.packages.problem import Problem
from bot.packages.revision import PackageRevision

_NEAR = 64  # commits: a draft's own lie closer to its publication than that
_MARK = PREFIX.encode()
_COMPLETE = frozenset({"clone", "init"})  # nothing older than these belongs to a revision's story


class Detailed(NamedTuple):
    """A revision with its details; `problem` says why its Kptfile cannot be read."""

    revision: PackageRevision
    details: Details
    problem: Problem | None = None


class _Publication(NamedTuple):
    by: str = ""
    at: datetime | None = None


def read_details(
    repository: pygit2.Repository, layout: Layout, revisions: Sequence[PackageRevision]
) -> Iterator[Detailed]:
    """Yield every revision with its details, in the order in which they were given."""
    placeholders = {layout.full_path(row.path) for row in revisions if row.ref == layout.branch_ref}
    head = next((row.commit for row in revisions if row.ref == layout.branch_ref), "")
    publications = _publications(repository, head, placeholders) if head else {}
    tasks = _tasks(repository, layout, [row for row in revisions if row.ref != layout.branch_ref])
    kptfiles: dict[str, Kptfile | UserError] = {}
    for row in revisions:
        published = _Publication()
        if row.ref == layout.branch_ref:
            published = publications.get(layout.full_path(row.path), published)
        elif row.ref.startswith(TAGS):
            published = _publication(repository[row.commit].peel(pygit2.Commit))
        kptfile, problem = _kptfile(repository, layout, row, kptfiles)
        yield Detailed(row, Details(kptfile, tasks.get(row), published.by, published.at), problem)


def _kptfile(
    repository: pygit2.Repository, layout: Layout, row: PackageRevision, known: dict[str, Kptfile | UserError]
) -> tuple[Kptfile | None, Problem | None]:
    """Read each Kptfile once, however many revisions share its bytes."""
    full = layout.full_path(row.path)
    try:
        tree = repository[package_tree(repository, row.commit, full)].peel(pygit2.Tree)
        oid = str(tree[KPTFILE].id)
    except (KeyError, ValueError, UserError) as error:
        return None, Problem(row.ref, f"The {KPTFILE} of '{full}' cannot be found: {error}.")
    if oid not in known:
        try:
            known[oid] = read_kptfile(read_file(repository, oid), path=f"{full}/{KPTFILE}".lstrip("/"))
        except UserError as error:
            known[oid] = error
    found = known[oid]
    return (None, Problem(row.ref, str(found))) if isinstance(found, UserError) else (found, None)


def _publications(repository: pygit2.Repository, head: str, wanted: set[str]) -> dict[str, _Publication]:
    """Find the newest commit of the branch that speaks of each package (facts: Porch §1.3)."""
    found: dict[str, _Publication] = {}
    for commit, annotations in _annotated(repository, [head]):
        for annotation in annotations:
            if annotation.package in wanted and annotation.package not in found:
                found[annotation.package] = _publication(commit)
        if len(found) == len(wanted):
            break
    return found


def _publication(commit: pygit2.Commit) -> _Publication:
    try:
        at = datetime.fromtimestamp(commit.author.time, UTC)
    except (OverflowError, ValueError, OSError):
        at = None  # a date that no calendar has
    return _Publication(commit.author.raw_email.decode("utf-8", "replace"), at)


def _tasks(
    repository: pygit2.Repository, layout: Layout, revisions: Sequence[PackageRevision]
) -> dict[PackageRevision, dict[str, Any]]:
    """Find the task that began each revision (Porch §1.4): the nearest init or clone, else the oldest."""
    open_stories: dict[tuple[str, str], list[PackageRevision]] = {}
    for row in revisions:
        open_stories.setdefault((layout.full_path(row.path), row.workspace), []).append(row)
    tasks: dict[PackageRevision, dict[str, Any]] = {}
    for commit, annotations in _annotated(repository, {row.commit for row in revisions}):
        for annotation in reversed(annotations):
            task = annotation.task or {}
            story = open_stories.get(_story(annotation), [])
            if not story or task.get("type") not in FIRST_TASKS:
                continue
            told = [row for row in story if _leads_to(repository, commit.id, row.commit)]
            tasks.update(dict.fromkeys(told, task))
            if task.get("type") in _COMPLETE:
                story[:] = [row for row in story if row not in told]
                if not story:
                    del open_stories[_story(annotation)]
        if not open_stories:
            break
    return tasks


def _story(annotation: Annotation) -> tuple[str, str]:
    """Say whose story it is; before there were workspaces, the revision's own name stood for it."""
    return annotation.package, annotation.workspace or annotation.revision


def _annotated(
    repository: pygit2.Repository, tips: Iterable[str]
) -> Iterator[tuple[pygit2.Commit, list[Annotation]]]:
    """Yield the commits with annotations that lead to `tips`, newest first."""
    walker = repository.walk(None, SortMode.TIME)
    for tip in tips:
        walker.push(tip)
    for commit in walker:
        if _MARK in commit.raw_message:
            yield commit, read_annotations(commit.raw_message.decode("utf-8", "replace"))


def _leads_to(repository: pygit2.Repository, commit: pygit2.Oid, tip: str) -> bool:
    """Whether `commit` is `tip` or came before it; near ones are found without asking libgit2 to search."""
    end = repository[tip].id
    seen = {end}
    pending = deque([end])
    while pending and len(seen) < _NEAR:
        oid = pending.popleft()
        if oid == commit:
            return True
        fresh = [parent for parent in repository[oid].peel(pygit2.Commit).parent_ids if parent not in seen]
        seen.update(fresh)
        pending.extend(fresh)
    return end == commit or repository.descendant_of(end, commit)
