"""A repository as a cluster is shown it: its revisions and what is in them, read through a mirror."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.errors import AccessDenied
from bot.git.client import Client
from bot.lifecycle import cluster_messages as say
from bot.packages.objects import Details
from bot.packages.package import Files
from bot.packages.registration import redacted
from bot.packages.revision import PackageRevision


@dataclass(slots=True)
class GitCollection:
    """Reads one repository by its `client`; `bring` brings that up to date.

    `secret` is the name of what holds the credentials, '' where there are none.
    """

    client: Client
    bring: Callable[[], None]
    secret: str = ""
    _revisions: Sequence[PackageRevision] | None = None

    def refresh(self) -> None:
        self._revisions = None
        try:
            self.bring()
        except AccessDenied:
            raise AccessDenied(say.not_let_in(redacted(self.client.url), self.secret)) from None

    def head(self) -> str:
        return self.client.head()

    def revisions(self) -> Sequence[PackageRevision]:
        if self._revisions is None:
            self._revisions = self.client.catalog().revisions
        return self._revisions

    def details(self, revisions: Sequence[PackageRevision]) -> Iterator[tuple[PackageRevision, Details]]:
        if not revisions:
            return iter(())
        return ((one.revision, one.details) for one in self.client.details(revisions))

    def files(self, revision: PackageRevision) -> Files:
        return self.client.files(revision)
