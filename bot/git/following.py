"""Upstreams of a repository on a forge: packages of the repository itself, and of others that are allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pygit2

from bot.errors import Refused
from bot.git.mirrored import Mirrored
from bot.git.upstream import Upstreams
from bot.packages.acquisition import Fetched
from bot.packages.address import canonical_address, same_repository
from bot.packages.kptfile import Upstream
from bot.packages.naming import quoted
from bot.packages.registration import redacted


@dataclass(frozen=True, slots=True)
class Following:
    """Fetches for the repository at `url`, read in `repository`; all else goes through `upstreams`.

    A Kptfile names its upstream, and anybody may write one: what is not in every list of `allowed`
    (addresses, or their beginnings that end in '/') is refused, so that nobody makes this machine ask where
    it must not.
    """

    url: str
    repository: pygit2.Repository
    upstreams: Upstreams
    allowed: Sequence[Sequence[str]]

    def refs(self, repository: str) -> Mapping[str, str]:
        """What each branch and tag of an upstream names; raises Refused, and TransportFailed."""
        if self._is_here(repository):
            return Mirrored(self.repository).refs()
        return self.upstreams.refs(repository)

    def fetch(self, upstream: Upstream) -> Fetched:
        """The package at a commit, or at its ref; raises Refused, NotFound and TransportFailed."""
        if not self._is_here(upstream.repo):
            ask = self.upstreams.fetch_origin if upstream.commit else self.upstreams.fetch
            return ask(upstream)
        mirrored = Mirrored(self.repository)
        return (
            mirrored.fetch_origin(upstream) if upstream.commit else mirrored.fetch(upstream, mirrored.refs())
        )

    def _is_here(self, repository: str) -> bool:
        """Whether it is the repository itself; raises Refused for one that is neither that nor allowed."""
        if same_repository(repository, self.url):
            return True
        if not self.allowed or not all(_lists(entries, repository) for entries in self.allowed):
            raise Refused(
                f"The upstream {quoted(redacted(repository))} is not one that the policy lets be fetched; "
                "name it, or a beginning of its address, under `upstreams` of '.portico.yaml'."
            )
        return False


def _lists(entries: Sequence[str], repository: str) -> bool:
    """Whether a list has an address; '/' at an entry's end stands for all that is below it."""
    address = canonical_address(repository)
    return any(
        address.startswith(f"{canonical_address(entry)}/")
        if entry.endswith("/")
        else address == canonical_address(entry)
        for entry in entries
    )
