"""The numbers that a package's revisions have had, so that the number of a deleted one never comes back.

Porch and Portico leave them in the messages of the commits that they put on the registered branch: approvals,
and deletions. Only those are asked (the first parents from the branch's head on): the message of a draft's
commit may say anything.
"""

import hashlib
from collections.abc import Iterator

import pygit2
from pygit2.enums import ObjectType

from bot.git.cache import Cache
from bot.git.pushed import holds_package
from bot.git.refs import read_ref, refs_below
from bot.packages.annotation import PREFIX, read_annotations
from bot.packages.layout import TAGS, Layout, revision_number

# By full path, the highest number seen on the branch.
Numbers = dict[str, int]


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
    held = (number for number, oid in tags if holds_package(repository, oid, full))
    return max(0, next(held, 0), _on_branch(repository, layout, cache).get(full, 0))


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
        return {}
    name = "numbers-" + hashlib.sha256(layout.branch.encode()).hexdigest()[:16]
    known, numbers = _recalled(cache.read(name)) if cache else ("", {})
    if known == head:
        return numbers
    fresh: Numbers = {}
    for oid, message in _first_parents(repository, head):
        if oid == known:
            break
        for package, number in _numbers(message):
            fresh[package] = max(number, fresh.get(package, 0))
    else:
        numbers = {}  # the branch was rewritten, and all of it has been read now
    for package, number in fresh.items():
        numbers[package] = max(number, numbers.get(package, 0))
    if cache:
        cache.write(name, [head, numbers])
    return numbers


def _recalled(value: object) -> tuple[str, Numbers]:
    match value:
        case [str(head), dict(numbers)] if all(isinstance(number, int) for number in numbers.values()):
            return head, numbers
        case _:
            return "", {}


def _numbers(message: bytes) -> Iterator[tuple[str, int]]:
    if PREFIX.encode() in message:
        for annotation in read_annotations(message.decode("utf-8", "replace")):
            # A task says that the commit wrote content; numbers are given by those that only publish it.
            if annotation.task is None and annotation.package:
                yield annotation.package, revision_number(annotation.revision)


def _first_parents(repository: pygit2.Repository, head: str) -> Iterator[tuple[str, bytes]]:
    """Yield id and message from `head` back; a shallow repository just ends earlier."""
    odb = repository.odb
    oid = head
    while oid:
        try:
            kind, data = odb.read(oid)
        except (KeyError, pygit2.GitError):
            return
        if kind != ObjectType.COMMIT:
            return
        header, _, message = data.partition(b"\n\n")
        yield oid, message
        at = header.find(b"\nparent ", 0, 60)
        oid = header[at + 8 : at + 48].decode("ascii") if at >= 0 else ""
