"""Packages of a registered repository, as others follow them: read where its mirror has them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pygit2

from bot.errors import NotFound
from bot.git.refs import read_refs
from bot.git.trees import package_tree, read_files
from bot.git.wanted import names_of
from bot.packages.acquisition import Fetched
from bot.packages.kptfile import Upstream
from bot.packages.layout import HEADS, TAGS
from bot.packages.naming import quoted
from bot.packages.source import check_ref, directory_path, is_commit, without_credentials


@dataclass(frozen=True)
class Mirrored:
    """One repository that was just refreshed; asks nothing of its server."""

    repository: pygit2.Repository

    def refs(self) -> Mapping[str, str]:
        """What each branch and tag names (hex id)."""
        return read_refs(self.repository).targets

    def fetch(self, upstream: Upstream, refs: Mapping[str, str]) -> Fetched:
        """The package as its ref is now; raises NotFound when ref or directory are not there."""
        path = directory_path(upstream.directory)
        found = next((name for name in names_of(path, check_ref(upstream.ref)) if name in refs), "")
        commit = self._commit(refs[found] if found else upstream.ref)
        if not commit:
            raise NotFound(
                f"The upstream {quoted(without_credentials(upstream.repo))} has no ref "
                f"{quoted(upstream.ref)}; name a revision that it has with `--revision`."
            )
        short = found if upstream.ref.startswith("refs/") else found.removeprefix(TAGS).removeprefix(HEADS)
        return self._read(path, upstream, upstream._replace(ref=short or upstream.ref, commit=commit))

    def has(self, lock: Upstream) -> bool:
        """Whether the commit of a lock is here."""
        return bool(self._commit(lock.commit))

    def fetch_origin(self, lock: Upstream) -> Fetched:
        """The package at the commit of its lock; raises NotFound when that has no such directory."""
        return self._read(directory_path(lock.directory), lock, lock)

    def _commit(self, ref: str) -> str:
        """The commit (hex id) that an object, or the beginning of a commit's id, leads to; '' if none."""
        if not is_commit(ref):
            return ""
        try:
            return str(self.repository.revparse_single(ref).peel(pygit2.Commit).id)
        except (KeyError, ValueError, pygit2.GitError):
            return ""

    def _read(self, path: str, upstream: Upstream, lock: Upstream) -> Fetched:
        if not package_tree(self.repository, lock.commit, path):
            raise NotFound(
                f"The upstream {quoted(without_credentials(upstream.repo))} has no directory "
                f"{quoted(upstream.directory)} at {quoted(lock.ref)}; the package was moved or removed there."
            )
        plain = without_credentials(upstream.repo)
        files = read_files(self.repository, lock.commit, path)
        return Fetched(files, upstream._replace(repo=plain, commit=""), lock._replace(repo=plain))
