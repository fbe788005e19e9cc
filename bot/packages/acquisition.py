"""A package got from its upstream, with those below it that have one of their own (facts: kpt §3.2)."""

import posixpath
from collections.abc import Callable
from typing import NamedTuple

from bot.errors import Refused
from bot.packages.gostring import go_quoted
from bot.packages.kptfile import Upstream, kptfile_in
from bot.packages.package import KPTFILE, File, Files, package_directories
from bot.packages.provenance import Strategy, new_kptfile, taken_over, with_lock, with_upstream
from bot.packages.registration import redacted

MOST_PACKAGES = 100


class Fetched(NamedTuple):
    """A package as it is in its repository.

    `upstream` is what its Kptfile is to say of it: the ref as it was asked for, or the default branch; `lock`
    has the ref that was found, of a package's own tag with its path, and the commit. `warnings` are kpt's.
    """

    files: Files
    upstream: Upstream
    lock: Upstream
    warnings: tuple[str, ...] = ()


class Arrival(NamedTuple):
    """One package that was fetched: `directory` is where it is in the whole, '' for the package itself."""

    directory: str
    fetched: Fetched


class Acquired(NamedTuple):
    """The whole package, and the packages of which it was put together, in the order they were fetched.

    Comments for merges are not in the files yet: kpt adds them when all packages have arrived.
    """

    files: Files
    arrivals: tuple[Arrival, ...]


# Gets the package that an `upstream` names, at its commit where it names one; raises what cannot be got.
Fetch = Callable[[Upstream], Fetched]
# Brings what the fetched Kptfile says into the package's own, which it returns: (own, fetched) → own.
MergeKptfiles = Callable[[bytes, bytes], bytes]


def acquire(
    name: str,
    upstream: Upstream,
    fetch: Fetch,
    *,
    strategy: Strategy = Strategy.RESOURCE_MERGE,
    merge: MergeKptfiles = taken_over,
) -> Acquired:
    """Get the package, called `name` from now on, and each below it that has an upstream but no lock.

    Raises what `fetch` raises, InvalidDocument for a Kptfile that cannot be read, and Refused for packages
    that hold themselves or more than MOST_PACKAGES others.
    """
    known: dict[Upstream, Fetched] = {}
    files: dict[str, File] = {}
    arrivals: list[Arrival] = []
    pending: list[tuple[str, Upstream, tuple[Upstream, ...]]] = [("", upstream, (upstream,))]
    while pending:
        directory, source, chain = pending.pop()
        if len(arrivals) == MOST_PACKAGES:
            raise Refused(f"The package must be made of at most {MOST_PACKAGES} packages with an upstream.")
        fetched = known.get(source) or fetch(source)
        known[source] = fetched
        arrivals.append(Arrival(directory, fetched))
        kptfile = posixpath.join(directory, KPTFILE)
        if directory:
            own = files[kptfile].content
        else:
            own = with_upstream(new_kptfile(name), fetched.upstream, strategy)
        files |= {posixpath.join(directory, path): file for path, file in fetched.files.items()}
        if KPTFILE in fetched.files:
            own = merge(own, fetched.files[KPTFILE].content)
        files[kptfile] = File(with_lock(own, fetched.lock))
        for below, other in reversed(unfetched(fetched.files)):
            if other in chain:
                raise _cycle(other)
            pending.append((posixpath.join(directory, below), other, (*chain, other)))
    return Acquired(files, tuple(arrivals))


def unfetched(files: Files) -> list[tuple[str, Upstream]]:
    """The packages below this one that have an upstream and were never fetched, by directory, sorted.

    Raises InvalidDocument for a Kptfile that cannot be read.
    """
    found = []
    for directory in filter(None, package_directories(files)):
        path = f"{directory}/{KPTFILE}"
        document, kptfile = kptfile_in(files[path].content, path=path)
        if kptfile.upstream is not None and document.root.get("upstreamLock") is None:
            found.append((directory, kptfile.upstream))
    return found


def _cycle(upstream: Upstream) -> Refused:
    return Refused(
        f"The package {go_quoted(upstream.directory)} of {go_quoted(redacted(upstream.repo))} holds itself "
        f"as a package below it, and could be fetched for ever; its owner must remove one of the two."
    )
