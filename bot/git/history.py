"""The numbers that a package's revisions have had, so that the number of a deleted one never comes back.

Porch and Portico leave them in the messages of the commits that they put on the registered branch: approvals,
and deletions. Only those are asked (the first parents from the branch's head on): the message of a draft's
commit may say anything. Who merges a deletion by hand leaves no such message; what its own commit says is
believed as far as it follows from what is known.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import pygit2
from pygit2.enums import ObjectType

from bot.git.cache import Cache
from bot.git.pushed import holds_package
from bot.git.refs import read_ref, refs_below
from bot.packages.annotation import PREFIX, read_annotations
from bot.packages.layout import TAGS, Layout, revision_number

_DELETION = b"Delete "


class Numbers(NamedTuple):
    """By full path: the highest number on the branch, and those that only merged deletions name."""

    known: dict[str, int]
    claimed: dict[str, list[int]]

    def add(self, message: bytes, brought: bytes) -> None:
        """Take in one commit of the branch, and the message of what it merged."""
        found = list(_numbers(message))
        for package, number in found:
            self.known[package] = max(number, self.known.get(package, 0))
        if not found and brought.startswith(_DELETION):
            for package, number in _numbers(brought):
                self.claimed.setdefault(package, []).append(number)

    def highest(self, package: str, tagged: int) -> int:
        """The highest number that was used, of which tags tell `tagged`."""
        highest = max(tagged, self.known.get(package, 0))
        for number in sorted(self.claimed.get(package, [])):
            highest = max(highest, number) if number <= highest + 1 else highest
        return highest


def highest_revision(
    repository: pygit2.Repository, layout: Layout, path: str, cache: Cache | None = None
) -> int:
    """Find the highest number ever used for the package, by a tag or on the registered branch; 0 if none.

    With a cache, only the commits since the last question are read; if the branch was rewritten since,
    the whole branch is read again.
    """
    full = layout.full_path(path)
    # A tag of the package's name that does not hold the package has published nothing: it uses no number up.
    tags = sorted(_tagged(repository, full), reverse=True)
    held = next((number for number, oid in tags if holds_package(repository, oid, full)), 0)
    return _on_branch(repository, layout, cache).highest(full, max(0, held))


def highest_before(repository: pygit2.Repository, layout: Layout, path: str, commit: str) -> int:
    """Find the highest number that the registered branch tells of before `commit`; 0 for none."""
    numbers = Numbers({}, {})
    parents = repository[commit].peel(pygit2.Commit).parent_ids
    for _, message, brought in _first_parents(repository, str(parents[0]) if parents else ""):
        numbers.add(message, brought)
    return numbers.highest(layout.full_path(path), 0)


def next_revision(
    repository: pygit2.Repository, layout: Layout, path: str, cache: Cache | None = None
) -> int:
    """Find the number that the package's next publication gets: never used, and its tag's name is free."""
    taken = {number for number, _ in _tagged(repository, layout.full_path(path))}
    number = highest_revision(repository, layout, path, cache) + 1
    while number in taken:
        number += 1
    return number


def _tagged(repository: pygit2.Repository, full_path: str) -> list[tuple[int, str]]:
    """Each tag's number, -1 for one that is no number, and the hex id of what it names."""
    directory = f"{TAGS}{full_path}"
    tags = refs_below(repository, [directory]).targets
    return [(revision_number(ref[len(directory) + 1 :]), oid) for ref, oid in tags.items()]


def _on_branch(repository: pygit2.Repository, layout: Layout, cache: Cache | None) -> Numbers:
    head = read_ref(repository, layout.branch_ref)
    if not head:
        return Numbers({}, {})
    name = "numbers-" + hashlib.sha256(layout.branch.encode()).hexdigest()[:16]
    known, numbers = _recalled(cache.read(name)) if cache else ("", Numbers({}, {}))
    if known == head:
        return numbers
    fresh = Numbers({}, {})
    for oid, message, brought in _first_parents(repository, head):
        if oid == known:
            break
        fresh.add(message, brought)
    else:
        numbers = Numbers({}, {})  # the branch was rewritten, and all of it has been read now
    for package, number in fresh.known.items():
        numbers.known[package] = max(number, numbers.known.get(package, 0))
    for package, claims in fresh.claimed.items():
        numbers.claimed.setdefault(package, []).extend(claims)
    if cache:
        cache.write(name, [head, numbers.known, numbers.claimed])
    return numbers


def _recalled(value: object) -> tuple[str, Numbers]:
    match value:
        case [str(head), dict(known), dict(claimed)] if _are_numbers(known, claimed):
            return head, Numbers(known, claimed)
        case _:
            return "", Numbers({}, {})


def _are_numbers(known: dict[Any, Any], claimed: dict[Any, Any]) -> bool:
    lists = [*claimed.values(), [*known.values()]]
    return all(isinstance(each, list) and all(isinstance(n, int) for n in each) for each in lists)


def _numbers(message: bytes) -> Iterator[tuple[str, int]]:
    if PREFIX.encode() in message:
        for annotation in read_annotations(message.decode("utf-8", "replace")):
            # A task says that the commit wrote content; numbers are given by those that only publish it.
            if annotation.task is None and annotation.package:
                yield annotation.package, revision_number(annotation.revision)


def told_by(repository: pygit2.Repository, head: str) -> Iterator[tuple[str, str]]:
    """Yield the commits from `head` back along first parents, and what each says, or what it merged says."""
    for oid, message, brought in _first_parents(repository, head):
        told = brought if brought.startswith(_DELETION) and not list(_numbers(message)) else message
        yield oid, told.decode("utf-8", "replace")


def _first_parents(repository: pygit2.Repository, head: str) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield id and message from `head` back, and the message of what was merged, b'' where nothing was.

    A shallow repository just ends earlier.
    """
    oid = head
    while oid and (found := _read(repository, oid)):
        parents, message = found
        merged = _read(repository, parents[1]) if len(parents) > 1 else None
        yield oid, message, merged[1] if merged else b""
        oid = parents[0] if parents else ""


def _read(repository: pygit2.Repository, oid: str) -> tuple[list[str], bytes] | None:
    """A commit's parents and message; None where it is not there."""
    try:
        kind, data = repository.odb.read(oid)
    except (KeyError, pygit2.GitError):
        return None
    if kind != ObjectType.COMMIT:
        return None
    header, _, message = data.partition(b"\n\n")
    lines = (line.decode("ascii", "replace") for line in header.split(b"\n"))
    return [line[7:] for line in lines if line.startswith("parent ")], message
