"""The branches and tags of a repository, read from Git's own files: fast, and one broken ref hides no other.

libgit2 lists refs too, but stops at the first that is broken and needs as long for ten as for ten thousand.
The format is that of gitrepository-layout(5) and git-pack-refs(1); repositories with another one (reftable)
are refused when they are opened, because libgit2 does not know them.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pygit2

from bot.git.entries import decoded
from bot.git.packed import packed_below
from bot.packages.problem import Problem

ROOTS = ("refs/heads", "refs/tags")
_OBJECT_ID = re.compile(r"[0-9a-f]{40}")
_STARTS = tuple(f" {root}/" for root in ROOTS)
_SYMBOLIC = "ref: "
_DEEPEST = 5  # Git follows symbolic refs as far


class Refs(NamedTuple):
    """What each branch and tag names (hex id, for an annotated tag the tag's own), and what is broken."""

    targets: dict[str, str]
    problems: tuple[Problem, ...] = ()


class Snapshot(NamedTuple):
    """The bytes that say what the refs are, not yet understood.

    Loose refs are read before packed ones: Git packs by writing first and deleting then.
    """

    loose: tuple[tuple[str, str], ...]
    packed: bytes

    @classmethod
    def of(cls, repository: pygit2.Repository) -> "Snapshot":
        common = common_directory(repository)
        loose = tuple(sorted(pair for root in ROOTS for pair in _loose(common, root)))
        return cls(loose, _packed(common))

    def fingerprint(self) -> str:
        """Digest everything, so that two equal fingerprints mean that no ref moved."""
        digest = hashlib.sha256(self.packed)
        for name, content in self.loose:
            digest.update(f"\n{name}\0{content}".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def read(self) -> Refs:
        # Lines are `<hex id> <name>`, comments, or `^<hex id>`. A pattern over all takes twice as long.
        lines = decoded(self.packed).split("\n")
        targets = {line[41:]: line[:40] for line in lines if line.startswith(_STARTS, 40)}
        return _with_loose(targets, self.loose)


def read_refs(repository: pygit2.Repository) -> Refs:
    """Every branch and tag."""
    return Snapshot.of(repository).read()


def read_ref(repository: pygit2.Repository, name: str) -> str:
    """Read one ref: the hex id it names, '' when it is missing or broken."""
    common = common_directory(repository)
    content = _content(f"{common}/{name}")
    if content is None:
        return next((oid for found, oid in _packed_below(common, name) if found == name), "")
    if content.startswith(_SYMBOLIC):
        return read_refs(repository).targets.get(name, "")
    return content if _OBJECT_ID.fullmatch(content) else ""


def real_name(repository: pygit2.Repository, name: str) -> str:
    """Follow symbolic refs to the ref that moves when `name` is written, there yet or not."""
    for _ in range(_DEEPEST):
        try:
            target = repository.references[name].raw_target
        except (KeyError, ValueError, OSError, pygit2.GitError):
            break
        if not isinstance(target, bytes):
            break
        name = decoded(target)
    return name


def refs_below(repository: pygit2.Repository, directories: Iterable[str]) -> Refs:
    """Read only the refs below directories such as `refs/tags/networking/dns`."""
    common = common_directory(repository)
    wanted = tuple(directories)
    loose = tuple(pair for directory in wanted for pair in _loose(common, directory))
    targets = {name: oid for directory in wanted for name, oid in _packed_below(common, f"{directory}/")}
    return _with_loose(targets, loose)


def common_directory(repository: pygit2.Repository) -> str:
    """Find the directory that holds refs and objects, for a linked working tree that of its repository."""
    path = repository.path or ""
    pointer = Path(path, "commondir")
    try:
        return str(Path(path, pointer.read_text("utf-8").strip()))
    except OSError:
        return path


def printable_ref(ref: str) -> str:
    """Show the name of a ref whose bytes are not all UTF-8, or not fit for a terminal."""
    text = ref.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _with_loose(targets: dict[str, str], loose: Iterable[tuple[str, str]]) -> Refs:
    problems = []
    symbolic = {}
    for name, content in loose:
        targets.pop(name, None)
        if _OBJECT_ID.fullmatch(content):
            targets[name] = content
        elif content.startswith(_SYMBOLIC):
            symbolic[name] = content.removeprefix(_SYMBOLIC).strip()
        else:
            problems.append(_broken(name, "its file holds no object id; delete or mend it"))
    for name in symbolic:
        target = name
        for _ in range(_DEEPEST):
            target = symbolic.get(target, target)
        if target in targets:
            targets[name] = targets[target]
        else:
            problems.append(_broken(name, f"it points to the ref {printable_ref(target)}, which is missing"))
    return Refs(targets, tuple(problems))


def _broken(ref: str, reason: str) -> Problem:
    return Problem(printable_ref(ref), f"The ref is broken: {reason}.")


def _packed(common: str) -> bytes:
    try:
        return Path(common, "packed-refs").read_bytes()
    except FileNotFoundError:
        return b""


def _packed_below(common: str, prefix: str) -> Iterator[tuple[str, str]]:
    for name, oid in packed_below(common, prefix):
        text = oid.decode("ascii", "replace")
        if _OBJECT_ID.fullmatch(text):
            yield decoded(name), text


def _loose(common: str, directory: str) -> Iterator[tuple[str, str]]:
    pending = [directory]
    while pending:
        current = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(common, current)))  # noqa: PTH118 Path costs more than the read
        except (FileNotFoundError, NotADirectoryError):
            continue
        for entry in entries:
            name = f"{current}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                pending.append(name)
            elif not entry.name.endswith(".lock") and (content := _content(entry.path)) is not None:
                yield name, content


def _content(path: str) -> str | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 Path costs more than the read
            return decoded(file.read(4096)).rstrip()
    except (FileNotFoundError, IsADirectoryError):
        return None  # deleted or packed meanwhile
