"""A GitHub in small with one package on its branch, and the attendant that looks after it as an App."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import compose
from bot.attendant.attendant import Attendant
from bot.packages.layout import Layout
from tests.attendant.conftest import ZONE
from tests.forges.github.cast import Cast
from tests.forges.github.pull_request import PullRequest

BRANCH = "drafts/net/dns/ttl"
# The published description of comments does not know these among the events of an App.
ALWAYS_SENT = {"installation", "installation_repositories", "ping", "merge_group"}


@dataclass
class Street:
    """Everything that a test of the attendant at GitHub needs."""

    cast: Cast
    place: Path

    def hire(self, place: Path | None = None, name: str = "acme/blueprints") -> Attendant:
        """A new attendant, as a new process would have it."""
        app = self.cast.app
        access = compose.GitHubAccess(app=str(app.id), key=app.pem)
        return compose.on_github(
            compose.OnGitHub(
                name,
                access,
                Layout(),
                self.cast.hub.api,
                f"{self.cast.world.place.web}/{name}.git",
                place or self.place,
            )
        )

    @property
    def attendant(self) -> Attendant:
        return self.hire()

    @property
    def pull(self) -> PullRequest:
        """The newest pull request."""
        return self.cast.repo.pull(max(self.cast.repo.pulls))

    def draft(self, by: str = "ada", ttl: str = "60") -> PullRequest:
        """A draft of the package, looked at once."""
        self.write(by, ttl)
        self.attendant.look_at_branch(BRANCH)
        return self.pull

    def write(self, by: str, ttl: str, branch: str = BRANCH) -> str:
        return self.cast.commit(by, branch, {"net/dns/zone.yaml": ZONE.replace("300", ttl).encode()})

    def look(self) -> None:
        self.attendant.look(self.pull.number)

    def living(self) -> str:
        comments = self.cast.repo.comments_on(self.pull.number)
        found = [each.body for each in comments if "portico:living" in each.body]
        assert len(found) <= 1
        return found[0] if found else ""

    def ready(self, by: str = "ada", *, draft: bool = False, pull: PullRequest | None = None) -> None:
        """Press the button of a pull request, the newest if none is given."""
        name = "convertPullRequestToDraft" if draft else "markPullRequestReadyForReview"
        document = f"mutation($id: ID!) {{ {name}(input: {{pullRequestId: $id}}) {{ clientMutationId }} }}"
        answer = self.cast.graph(document, by, id=self.cast.world.place.node("PR", (pull or self.pull).id))
        assert "errors" not in answer, answer

    @property
    def tag(self) -> str:
        return self.cast.repo.bare.ref("refs/tags/net/dns/v1")


def street_of(cast: Cast, place: Path, files: Mapping[str, bytes | None]) -> Street:
    """A street with `files` on the branch; attendants keep what they know at `place`."""
    cast.app.events = tuple(event for event in cast.app.events if event not in ALWAYS_SENT)
    cast.commit("root", "main", files)
    return Street(cast, place)
