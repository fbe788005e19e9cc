"""A GitLab in small with one package on its branch, and the attendant that looks after it by a token."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import compose
from bot.attendant.attendant import Attendant
from bot.packages.layout import Layout
from tests.attendant.conftest import ZONE
from tests.forges.gitlab.cast import PATH, Cast
from tests.forges.gitlab.merge_request import MergeRequest

BRANCH = "drafts/net/dns/ttl"


@dataclass
class Street:
    """Everything that a test of the attendant at GitLab needs."""

    cast: Cast
    place: Path

    def hire(self, place: Path | None = None, name: str = PATH) -> Attendant:
        """A new attendant, as a new process would have it."""
        url = self.cast.lab.url
        return compose.on_gitlab(
            compose.OnGitLab(
                name, self.cast.bot_token, Layout(), url, f"{url}/{name}.git", place or self.place
            )
        )

    @property
    def attendant(self) -> Attendant:
        return self.hire()

    @property
    def request(self) -> MergeRequest:
        """The newest merge request."""
        return self.cast.project.merge_request(max(self.cast.project.merge_requests))

    def draft(self, by: str = "ada", ttl: str = "60") -> MergeRequest:
        """A draft of the package, looked at once."""
        self.write(by, ttl)
        self.attendant.look_at_branch(BRANCH)
        return self.request

    def write(self, by: str, ttl: str, branch: str = BRANCH) -> str:
        return self.cast.commit(by, branch, {"net/dns/zone.yaml": ZONE.replace("300", ttl).encode()})

    def look(self) -> None:
        self.attendant.look(self.request.iid)

    def living(self) -> str:
        found = [each.body for each in self.request.notes.values() if "portico:living" in each.body]
        assert len(found) <= 1
        return found[0] if found else ""

    def ready(self, by: str = "ada") -> None:
        """Take the mark of a draft from the title of the newest merge request."""
        title = self.request.title.removeprefix("Draft: ")
        answer = self.cast.ask("PUT", f"/merge_requests/{self.request.iid}", {"title": title}, by)
        assert answer.status == 200, answer.body

    def say(self, by: str, text: str) -> None:
        assert self.cast.note(by, self.request, text).status in {201, 202}

    def approve(self, by: str) -> None:
        assert self.cast.approve(by, self.request).status == 201

    @property
    def tag(self) -> str:
        return self.cast.project.bare.ref("refs/tags/net/dns/v1")

    def tip(self, branch: str) -> str:
        return self.cast.project.bare.ref(f"refs/heads/{branch}")


def street_of(cast: Cast, place: Path, files: Mapping[str, bytes | None]) -> Street:
    """A street with `files` on the branch; attendants keep what they know at `place`."""
    cast.commit("root", "main", files)
    return Street(cast, place)
