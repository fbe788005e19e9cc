"""A repository as a cluster is shown it: its revisions and what is in them, read through a mirror."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.git.client import Client
from bot.packages.objects import Details
from bot.packages.package import Files
from bot.packages.revision import PackageRevision


@dataclass(frozen=True, slots=True)
class GitCollection:
    """Reads one repository by its `client`; `bring` brings that up to date."""

    client: Client
    bring: Callable[[], None]

    def refresh(self) -> None:
        self.bring()

    def head(self) -> str:
        return self.client.head()

    def revisions(self) -> Sequence[PackageRevision]:
        return self.client.catalog().revisions

    def details(self, revisions: Sequence[PackageRevision]) -> Iterator[tuple[PackageRevision, Details]]:
        if not revisions:
            return iter(())
        return ((one.revision, one.details) for one in self.client.details(revisions))

    def files(self, revision: PackageRevision) -> Files:
        return self.client.files(revision)
