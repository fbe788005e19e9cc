"""What a repository says about one revision, for gathering facts; reads only, and always anew."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import pygit2
from pygit2.enums import SortMode

from bot.git.cache import Cache
from bot.git.downstream import downstream_of
from bot.git.history import next_revision
from bot.git.ledgers import read_ledger
from bot.git.pushed import is_package
from bot.git.standing import look, tags_of
from bot.git.trees import changed_files, package_tree, read_files
from bot.lifecycle.ledger import Entry
from bot.lifecycle.owners import PLACES, owners_of
from bot.lifecycle.person import PORTICO, Person
from bot.lifecycle.policy import POLICY_FILE
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName
from bot.packages.package import KPTFILE, Files
from bot.ports import Source, Standing

# Porch commits for everybody under one name, so that name tells nothing about who contributed.
SERVICES = frozenset({PORTICO.email, "porch@kpt.dev", "porch-controller@kpt.dev"})
MOST_COMMITS = 20_000
MOST_STRAYS = 3
_CO_AUTHOR = re.compile(r"^co-authored-by:\s*(.*?)\s*<(.*?)>\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class GitSource:
    """Reads one local repository."""

    repository: pygit2.Repository
    layout: Layout
    cache: Cache | None = None

    def standing(self, name: RevisionName) -> Standing:
        return look(self.repository, self.layout, name)

    def policy(self, commit: str) -> bytes | None:
        tree = self.repository[commit].peel(pygit2.Tree)
        if POLICY_FILE not in tree:
            return None
        found = tree[POLICY_FILE]
        # A link or a directory of that name is a policy that cannot be read, not a missing one.
        return found.data if isinstance(found, pygit2.Blob) else b"[not a file]"

    def owners(self, commit: str, path: str) -> Sequence[str]:
        tree = self.repository[commit].peel(pygit2.Tree)
        for place in PLACES:
            if place in tree:
                found = tree[place]
                text = found.data.decode("utf-8", "replace") if isinstance(found, pygit2.Blob) else ""
                return owners_of(text, self.layout.full_path(path))
        return ()

    def files(self, tree: str) -> Files:
        return read_files(self.repository, tree) if tree else {}

    def kptfile(self, tree: str) -> bytes:
        if not is_package(self.repository, tree):
            return b""
        blob = self.repository[tree].peel(pygit2.Tree)[KPTFILE]
        return blob.data if isinstance(blob, pygit2.Blob) else b""

    def ledger(self, record: str) -> Sequence[Entry]:
        return read_ledger(self.repository, record)

    def authors(self, head: str, base: str) -> Sequence[Person]:
        return tuple(dict.fromkeys(self._authors(head, base)))

    def newer(self, name: RevisionName, head: str, base: str) -> str:
        if not base:
            return ""
        full_path = self.layout.full_path(name.path)
        began = self.repository.merge_base(pygit2.Oid(hex=head), pygit2.Oid(hex=base))
        before = package_tree(self.repository, str(began), full_path) if began else ""
        if before == package_tree(self.repository, base, full_path):
            return ""
        numbers = [tag.revision for tag in tags_of(self.repository, self.layout, name.path)]
        return (
            f"Revision v{max(numbers)}" if numbers and max(numbers) > 0 else "Another change of the package"
        )

    def companions(self, name: RevisionName, head: str, base: str) -> Sequence[tuple[str, Source]]:  # noqa: ARG002 another kind of source uses them
        """None: what is pushed to a plain server is of one package."""
        return ()

    def strays(
        self, name: RevisionName, head: str, base: str, companions: Sequence[str] = ()
    ) -> Sequence[str]:
        began = self.repository.merge_base(pygit2.Oid(hex=head), pygit2.Oid(hex=base)) if base else None
        if began is None:
            return ()
        beside = tuple(f"{self.layout.full_path(path)}/" for path in companions)
        paths = changed_files(self.repository, str(began), head, self.layout.full_path(name.path))
        return tuple(sorted(islice((path for path in paths if not path.startswith(beside)), MOST_STRAYS)))

    def nested_in(self, path: str, base: str) -> str:
        if not base:
            return ""
        segments = path.split("/")
        for depth in range(1, len(segments)):
            outer = "/".join(segments[:depth])
            if is_package(self.repository, package_tree(self.repository, base, self.layout.full_path(outer))):
                return outer
        tree = package_tree(self.repository, base, self.layout.full_path(path))
        if not tree or is_package(self.repository, tree):
            return ""
        return next(self._packages(tree, path), "")

    def next_revision(self, path: str) -> int:
        return next_revision(self.repository, self.layout, path, self.cache)

    def downstream(self, name: RevisionName, revision: int, base: str) -> Sequence[str]:
        return downstream_of(self.repository, self.layout, name, revision, base) if base else ()

    def _authors(self, head: str, base: str) -> Iterator[Person]:
        walk = self.repository.walk(pygit2.Oid(hex=head), SortMode.NONE)
        if base:
            walk.hide(pygit2.Oid(hex=base))
        for count, commit in enumerate(walk):
            if count >= MOST_COMMITS:
                break
            for signature in (commit.author, commit.committer):
                if signature.email not in SERVICES:
                    yield Person("", signature.name, signature.email)
            for name, email in _CO_AUTHOR.findall(commit.message):
                yield Person("", name, email)

    def _packages(self, tree: str, path: str) -> Iterator[str]:
        for entry in self.repository[tree].peel(pygit2.Tree):
            if isinstance(entry, pygit2.Tree):
                below = f"{path}/{entry.name}"
                if KPTFILE in entry:
                    yield below
                else:
                    yield from self._packages(str(entry.id), below)
