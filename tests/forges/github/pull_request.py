"""A pull request and its reviews."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.forges.github.apps import App
from tests.forges.github.people import User

if TYPE_CHECKING:
    from tests.forges.github.repository import Repository


@dataclass(eq=False)
class Review:
    """What a reviewer decided at `commit`; `state` in capitals, as REST says it."""

    id: int
    user: User
    state: str
    commit: str
    body: str
    submitted: datetime | None
    app: App | None = None


@dataclass(eq=False)
class Label:
    """A word on a pull request."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(eq=False)
class PullRequest:
    """One wish to bring a branch into another; it is an issue too, by the same number."""

    id: int
    number: int
    base: "Repository"
    base_ref: str
    base_sha: str
    head: "Repository | None"
    """None when a fork is gone."""
    head_ref: str
    head_sha: str
    head_owner: User
    user: User
    title: str
    body: str | None
    created: datetime
    updated: datetime
    draft: bool = False
    state: str = "open"
    closed: datetime | None = None
    merged: datetime | None = None
    merged_by: User | None = None
    merge_commit: str | None = None
    maintainer_can_modify: bool = False
    reviews: list[Review] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    reviewers: list[User] = field(default_factory=list)
    last_pusher: User | None = None
    app: App | None = None
    asked: int = 0
    """How often mergeability was asked for since something moved."""
    queued: datetime | None = None
    queued_head: str = ""

    @property
    def is_fork(self) -> bool:
        return self.head is not self.base

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def head_label(self) -> str:
        return f"{self.head_owner.login}:{self.head_ref}"

    def moved(self) -> None:
        """Forget what was computed."""
        self.asked = 0

    def latest(self) -> dict[str, Review]:
        """The last opinion of each reviewer, by login; comments are none, and what was dismissed stays so."""
        opinions = (r for r in self.reviews if r.state in {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})
        return {each.user.login: each for each in opinions}
