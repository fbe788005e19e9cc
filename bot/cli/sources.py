"""What packages follow: registered repositories as they were just read, all others fetched into the cache."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from bot.cli.desk import Found, Shelf, warn
from bot.cli.stock import Stock
from bot.errors import UserError
from bot.git.mirrored import Mirrored
from bot.git.upstream import Upstreams
from bot.packages.acquisition import Fetched
from bot.packages.address import canonical_address
from bot.packages.kptfile import Upstream, read_kptfile
from bot.packages.layout import HEADS, TAGS
from bot.packages.objects import name_of
from bot.packages.package import KPTFILE, Files
from bot.packages.privacy import check_private
from bot.packages.registration import Registration
from bot.packages.source import directory_path, without_credentials

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")


class _Open(NamedTuple):
    """One repository that is followed: `shelf` is None for one that is not registered."""

    shelf: Shelf | None
    refs: Mapping[str, str]


class Sources:
    """Fetches for one command: each repository is asked once, and each package read once."""

    def __init__(self, stock: Stock, upstreams: Upstreams) -> None:
        self._stock = stock
        self._upstreams = upstreams
        self._opened: dict[str, _Open | UserError] = {}
        self._fetched: dict[Upstream, Fetched | UserError] = {}
        self._indexed: dict[str, dict[str, list[Found]]] = {}

    def refs(self, repository: str) -> Mapping[str, str]:
        """What each branch and tag of a repository names (hex id); raises TransportFailed."""
        return self._open(repository).refs

    def fetch(self, upstream: Upstream) -> Fetched:
        """The package at a lock's commit, or where there is none at its ref; raises UserError."""
        return _once(self._fetched, upstream, lambda: self._fetch(upstream))

    def check(self, repository: str, follower: Registration) -> None:
        """Refuse a repository of this machine that is not registered, where packages elsewhere follow it."""
        check_private(repository, follower, self._stock.registrations())

    def revision(self, upstream: Upstream) -> Found | None:
        """The registered package revision that a lock, or an upstream with a ref, names."""
        path = directory_path(upstream.directory)
        for shelf in self._stock.at(upstream.repo):
            items = self._index(shelf).get(path, [])
            for item in items:
                short = item.revision.ref.removeprefix(TAGS).removeprefix(HEADS)
                if upstream.ref in {item.revision.ref, short, short.removeprefix(f"{path}/")}:
                    return item
        return None

    def _index(self, shelf: Shelf) -> dict[str, list[Found]]:
        name = shelf.registration.name
        if name not in self._indexed:
            found = self._indexed[name] = {}
            for revision in shelf.catalog.revisions:
                item = Found(name_of(shelf.registration, revision), shelf, revision)
                found.setdefault(shelf.registration.layout.full_path(revision.path), []).append(item)
        return self._indexed[name]

    def _open(self, repository: str) -> _Open:
        return _once(self._opened, canonical_address(repository), lambda: self._opened_anew(repository))

    def _opened_anew(self, repository: str) -> _Open:
        shelf = next(iter(self._stock.at(repository)), None)
        if shelf is None:
            return _Open(None, self._upstreams.refs(repository))
        return _Open(shelf, Mirrored(shelf.client.repository).refs())

    def _fetch(self, upstream: Upstream) -> Fetched:
        fetched = self._found(upstream)
        _check_kptfile(upstream, fetched.files)
        for warning in fetched.warnings:
            warn(warning)
        return fetched

    def _found(self, upstream: Upstream) -> Fetched:
        shelf, refs = self._open(upstream.repo)
        if shelf is None:
            return (self._upstreams.fetch_origin if upstream.commit else self._upstreams.fetch)(upstream)
        mirrored = Mirrored(shelf.client.repository)
        if not upstream.commit:
            named = upstream if upstream.ref else upstream._replace(ref=shelf.registration.branch)
            return mirrored.fetch(named, refs)
        if mirrored.has(upstream):
            return mirrored.fetch_origin(upstream)
        # Its history was rewritten; the server may still have the commit, by its id.
        return self._upstreams.fetch_origin(upstream._replace(repo=shelf.registration.url))


def _check_kptfile(upstream: Upstream, files: Files) -> None:
    """Say of a Kptfile that cannot be read whose it is."""
    if KPTFILE in files:
        place = f"{without_credentials(upstream.repo)}/{directory_path(upstream.directory)}"
        read_kptfile(files[KPTFILE].content, path=f"{place.rstrip('/')}/{KPTFILE}@{upstream.ref}")


def _once(known: dict[_Key, _Result | UserError], key: _Key, make: Callable[[], _Result]) -> _Result:
    """What is known of `key`, found out once; a failure is one, too."""
    if key not in known:
        try:
            known[key] = make()
        except UserError as error:
            known[key] = error
    found = known[key]
    if isinstance(found, UserError):
        raise found
    return found
