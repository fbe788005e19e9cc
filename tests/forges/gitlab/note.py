"""What is written beneath a merge request, by people, by bots, and by GitLab itself."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from tests.forges.gitlab.people import User

LONGEST = 1_000_000  # characters of a note


@dataclass(eq=False)
class Award:
    """One person's emoji."""

    id: int
    user: User
    name: str
    made: datetime


@dataclass(eq=False)
class Note:
    """A note; `system` is one in which GitLab says what somebody did."""

    id: int
    user: User
    body: str
    made: datetime
    updated: datetime
    system: bool = False
    internal: bool = False
    edited_by: User | None = None
    awards: list[Award] = field(default_factory=list)
    thread: int = 0
    """The id of the note that began the thread it is in, 0 for a note that stands alone."""
    resolved_by: User | None = None

    @property
    def discussion(self) -> str:
        return hashlib.sha1(str(self.thread or self.id).encode()).hexdigest()  # noqa: S324 no secret

    @property
    def kind(self) -> str | None:
        return "DiscussionNote" if self.thread else None
