"""Packages of repositories elsewhere, fetched for `pkg get` and `pkg update` as kpt fetches them.

Each repository has a shelf in the cache, which all processes of a person share; what is on it is not fetched
again, and a package is read from it only when all of it has arrived.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pygit2

from bot.errors import AccessDenied, InvalidName, NotFound, TransportFailed, UserError
from bot.git.remote import list_refs
from bot.git.repository import Repository, open_repository
from bot.git.shelf import DAMAGED, Shelf
from bot.git.trees import package_tree, read_files
from bot.git.turns import turn
from bot.git.wanted import Wanted, find_wanted
from bot.packages.acquisition import Fetched
from bot.packages.gostring import go_quoted
from bot.packages.kptfile import Upstream
from bot.packages.layout import HEADS
from bot.packages.naming import quoted
from bot.packages.package import LINK, SUBMODULE, File, Files
from bot.packages.registration import redacted
from bot.packages.source import check_repository, directory_path, is_commit, local_path, without_credentials

_GIT = ".git"
_SHORT = 10
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Upstreams:
    """Repositories to get packages from; `place` is a folder of the cache for them all."""

    place: Path

    def fetch(self, upstream: Upstream) -> Fetched:
        """Fetch the package as its ref is now; '' as ref is the default branch.

        Raises TransportFailed when the repository cannot be reached, AccessDenied when it denies access,
        NotFound when ref or directory are not there, InvalidName, UserError beyond the bounds of trees.py.
        """
        path = directory_path(upstream.directory)
        check_repository(upstream.repo)
        url, wanted = _either(upstream.repo, lambda url: find_wanted(url, path, upstream.ref))
        if wanted is None:
            raise _unknown(upstream)
        commit, found = self._shelved(url, wanted, path)
        if not commit:
            raise _unknown(upstream)
        lock = _recorded(upstream)._replace(ref=wanted.ref, commit=commit)
        asked = _recorded(upstream)._replace(ref=upstream.ref or wanted.ref, commit="")
        return _fetched(found, asked, lock)

    def fetch_origin(self, lock: Upstream) -> Fetched:
        """Fetch the package as it was when it was last got or updated: at the commit of its `upstreamLock`.

        A commit that is on the shelf needs no network. Raises as `fetch` does; NotFound also when the
        repository no longer has the commit.
        """
        path = directory_path(lock.directory)
        check_repository(lock.repo)
        if not is_commit(lock.commit):
            raise InvalidName("The Kptfile's `upstreamLock` must name a `commit`; get the package anew.")
        wanted = Wanted("", lock.ref, lock.commit)
        commit, found = self._shelved(lock.repo, wanted, path, ask=True)
        if not commit:
            raise _rewritten(lock)
        return _fetched(found, _recorded(lock)._replace(commit=""), _recorded(lock)._replace(commit=commit))

    def branches(self, repository: str) -> list[str]:
        """Name the branches of a repository; raises TransportFailed."""
        _, refs = _either(check_repository(repository), lambda url: list_refs(url, f"{HEADS}*"))
        return [name.removeprefix(HEADS) for name in refs]

    def refs(self, repository: str) -> dict[str, str]:
        """What each branch and tag of a repository names (hex id); raises TransportFailed."""
        return _either(check_repository(repository), list_refs)[1]

    def _shelved(self, url: str, wanted: Wanted, path: str, *, ask: bool = False) -> tuple[str, Files | None]:
        """Find a commit, and the files of the package at `path`; '' and None if they are not there.

        With `ask`, it is not known yet whether the repository answers by the name `url`.
        """
        place = self.place / _key(url)
        with turn(place):
            try:
                return _looked_up(place, url, wanted, path, ask=ask)
            except (pygit2.GitError, OSError) as error:
                raise UserError(
                    f"The cache {quoted(str(place))} cannot be used: {error}; delete it, or set PORTICO_HOME."
                ) from None


def is_repository(path: str) -> bool:
    """Whether `path`, of this machine, is a Git repository, bare or with a working tree."""
    try:
        open_repository(path)
    except NotFound:
        return False
    except UserError:
        return True  # one that cannot be opened: why not is said when it is fetched
    return True


def _looked_up(place: Path, url: str, wanted: Wanted, path: str, *, ask: bool) -> tuple[str, Files | None]:
    shelf = Shelf(place / "shelf.git")
    if shelf.has(wanted.commit):
        try:
            return wanted.commit, _read(shelf.repository, wanted.commit, path)
        except NotFound:
            pass  # damaged: it is fetched once more, below
    if ask:
        url, _ = _either(url, lambda each: list_refs(each, "HEAD"))
    try:
        return _brought(shelf, url, wanted, path)
    except (TransportFailed, NotFound, *DAMAGED) as error:
        if shelf.is_new or isinstance(error, AccessDenied):
            raise
        list_refs(url, "HEAD")  # if this fails too, the shelf is not to blame
    # Beside the old one, which stays if it was not to blame after all.
    fresh = Shelf(place / "fresh.git", anew=True)
    found = _brought(fresh, url, wanted, path)
    fresh.put_at(place / "shelf.git")
    return found


def _brought(shelf: Shelf, url: str, wanted: Wanted, path: str) -> tuple[str, Files | None]:
    commit = shelf.bring_ref(url, wanted.name) if wanted.name else shelf.bring_commit(url, wanted.commit)
    return commit, _read(shelf.repository, commit, path) if commit else None


def _read(repository: Repository, commit: str, path: str) -> Files | None:
    return read_files(repository, commit, path) if package_tree(repository, commit, path) else None


def _either(repository: str, ask: Callable[[str], _Found]) -> tuple[str, _Found]:
    """Ask the repository by the name that kpt records, or by that with `.git`, which some servers need."""
    try:
        return repository, ask(repository)
    except AccessDenied:
        raise
    except TransportFailed as error:
        if local_path(repository) or repository.endswith((_GIT, "/")):
            raise
        try:
            return repository + _GIT, ask(repository + _GIT)
        except TransportFailed:
            raise error from None


def _fetched(found: Files | None, upstream: Upstream, lock: Upstream) -> Fetched:
    if found is None:
        raise NotFound(
            f"path {go_quoted(upstream.directory)} does not exist in repo {go_quoted(upstream.repo)} at "
            f"{quoted(lock.ref)} ({lock.commit[:_SHORT]}); name another directory, or another ref."
        )
    files: dict[str, File] = {}
    warnings = []
    for path, file in sorted(found.items()):
        if warning := _warning(path, file):
            warnings.append(warning)
        else:
            files[path] = file
    return Fetched(files, upstream, lock, tuple(warnings))


def _warning(path: str, file: File) -> str:
    """Say why kpt leaves a file out, '' where it does not; raises InvalidName for a path that leads out."""
    parts = path.split("/")
    if any(part in {"", ".", ".."} or part.lower() == _GIT for part in parts):
        raise InvalidName(f"The package holds the path {quoted(path)}, which must not be written.")
    if any(part.endswith(_GIT) for part in parts):
        return f"[Warn] Ignoring {go_quoted(path)}, because of the name that ends with '.git'"
    if file.mode == LINK:
        return f"[Warn] Ignoring symlink {go_quoted(path)} "
    return f"[Warn] Ignoring submodule {go_quoted(path)} " if file.mode == SUBMODULE else ""


def _recorded(upstream: Upstream) -> Upstream:
    return upstream._replace(repo=without_credentials(upstream.repo))


def _key(repository: str) -> str:
    """The folder for a repository, whoever asks and with whatever credentials."""
    address = without_credentials(repository).removesuffix(_GIT)
    return hashlib.sha256(address.encode()).hexdigest()[:32]


def _unknown(upstream: Upstream) -> NotFound:
    where = go_quoted(redacted(upstream.repo))
    if not upstream.ref:
        return NotFound(
            f"The repository {where} has no default branch, or is empty; name a ref, such as '@main'."
        )
    return NotFound(
        f"Unknown ref {go_quoted(upstream.ref)}. Please verify that the reference exists in upstream repo "
        f"{where}; `git ls-remote` lists those that do."
    )


def _rewritten(lock: Upstream) -> NotFound:
    return NotFound(
        f"The commit {lock.commit[:_SHORT]} that `upstreamLock` names is gone from "
        f"{quoted(redacted(lock.repo))}: its history was rewritten. With it is lost what the package was "
        f"like when it came from there, so that your changes can no longer be told from those of "
        f"{quoted(lock.ref)}. Get the package anew beside this one, and take your changes over by hand."
    )
