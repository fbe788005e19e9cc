"""The drafts of a registered repository, begun and written for people who are not at Git themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.errors import Refused
from bot.git.branches import RemoteBranches
from bot.lifecycle.person import Person
from bot.packages.acquisition import Fetched
from bot.packages.kptfile import Upstream
from bot.packages.naming import RevisionName, quoted
from bot.packages.operations.content import Story
from bot.packages.package import Files
from bot.packages.privacy import is_here
from bot.packages.source import check_ref, check_repository, directory_path


@dataclass(frozen=True, slots=True)
class GitDrafts:
    """Writes by `branches`; `allowed` are the lists of upstreams of which each must have what is fetched."""

    branches: RemoteBranches
    allowed: Callable[[], Sequence[Sequence[str]]]

    def fetch(self, upstream: Upstream) -> Fetched:
        check_repository(upstream.repo)
        directory_path(upstream.directory)
        if upstream.ref:
            check_ref(upstream.ref)
        if is_here(upstream.repo) and not is_here(self.branches.url):
            raise Refused(
                f"The upstream {quoted(upstream.repo)} is a path, and what lies on the machine that serves "
                "the cluster is nobody's upstream; name a repository by its URL."
            )
        return self.branches.following(self.allowed()).fetch(upstream)

    def tells(self, name: RevisionName, line: str) -> bool:
        return self.branches.tells(name, line)

    def begin(self, name: RevisionName, files: Files, story: Story, author: Person) -> None:
        self.branches.begin(name, files, story, author)

    def save(self, name: RevisionName, head: str, files: Files, story: Story, author: Person) -> None:
        self.branches.save(name, head, files, story, author)
