"""All package revisions of a repository, by exactly Porch's rules (facts: Porch §1.2, §1.3)."""

import hashlib
from typing import NamedTuple

import pygit2

from bot.errors import UserError
from bot.git.cache import Cache
from bot.git.harvest import Harvest, owns, refs_of
from bot.git.memory import Answer, Memory, Noted, recall_answer, recall_memory, remember
from bot.git.placeholders import Found, Remembered, find_packages, holds_package
from bot.git.refs import Refs, Snapshot, printable_ref, read_ref, refs_below
from bot.git.trees import package_tree
from bot.packages.layout import HEADS, Layout
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE
from bot.packages.problem import Problem
from bot.packages.revision import PackageRevision


class Catalog(NamedTuple):
    """Every revision, sorted by path and workspace, and what could not be read, by the name of its ref."""

    revisions: tuple[PackageRevision, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Packages(NamedTuple):
    """The packages on the registered branch; `lost` when objects of it are missing."""

    paths: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    lost: bool = False


def discover(repository: pygit2.Repository, layout: Layout, cache: Cache | None = None) -> Catalog:
    """Find every package revision, whatever else is broken; with a cache, read only what changed since."""
    snapshot = Snapshot.of(repository)
    fingerprint = snapshot.fingerprint()
    name = _cache_name(layout)
    answer = recall_answer(cache, name) if cache else None
    if answer is not None and answer.fingerprint == fingerprint:
        return Catalog(answer.revisions, answer.problems)
    known = recall_memory(cache, name, answer) if cache and answer else Memory()
    refs = snapshot.read()
    packages = _on_branch(repository, layout, refs, known.trees)
    crop = Harvest(repository, layout, refs.targets, known).bring_in(packages.paths)
    problems = (*refs.problems, *packages.problems, *map(_problem, crop.noted))
    if cache and not (crop.lost or packages.lost):
        memory = Memory(refs.targets, crop.revisions, crop.noted, known.trees)
        remember(cache, name, Answer(fingerprint, crop.revisions, problems), memory)
    return Catalog(crop.revisions, problems)


def discover_package(repository: pygit2.Repository, layout: Layout, path: str) -> Catalog:
    """Find the revisions of one package only, at a cost that other packages do not raise."""
    found = refs_below(repository, refs_of(layout, path))
    targets = {ref: oid for ref, oid in found.targets.items() if owns(layout, ref, path)}
    here = False
    if head := read_ref(repository, layout.branch_ref):
        targets[layout.branch_ref] = head
        root = package_tree(repository, head, layout.directory)
        here = bool(root) and holds_package(repository, root, path)
    crop = Harvest(repository, layout, targets, Memory()).bring_in(frozenset([path] if here else []))
    return Catalog(crop.revisions, (*found.problems, *map(_problem, crop.noted)))


def _on_branch(repository: pygit2.Repository, layout: Layout, refs: Refs, trees: Remembered) -> _Packages:
    head = refs.targets.get(layout.branch_ref)
    if head is None:
        broken = any(problem.where == layout.branch_ref for problem in refs.problems)
        empty = not any(ref.startswith(HEADS) for ref in refs.targets)
        return _Packages() if empty or broken else _Packages(problems=(_no_branch(layout),))
    try:
        root = package_tree(repository, head, layout.directory)
        found = find_packages(repository, root, trees) if root else ()
    except KeyError as error:
        return _Packages(problems=(Problem(layout.branch_ref, f"The object {error} is missing."),), lost=True)
    except (UserError, ValueError, pygit2.GitError) as error:
        return _Packages(problems=(Problem(layout.branch_ref, str(error)),), lost=True)
    paths = frozenset(one.directory for one in found if not one.complaint)
    return _Packages(paths, tuple(_complaint(layout, one) for one in found if one.complaint))


def _no_branch(layout: Layout) -> Problem:
    return Problem(
        layout.branch_ref,
        f"The registered branch {quoted(layout.branch)} does not exist; push it, or register another branch.",
    )


def _complaint(layout: Layout, found: Found) -> Problem:
    directory = "/".join(part for part in (layout.directory, found.directory) if part)
    return Problem(printable_ref(f"{layout.branch}:{directory}/{KPTFILE}"), found.complaint)


def _problem(noted: Noted) -> Problem:
    return Problem(noted.ref, noted.message)


def _cache_name(layout: Layout) -> str:
    return "catalog-" + hashlib.sha256(f"{layout.branch}\0{layout.directory}".encode()).hexdigest()[:16]
