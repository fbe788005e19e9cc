"""An issue, which has notes and emoji as a merge request has, and a number of a row of its own."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.forges.gitlab.merge_request import MergeRequest
from tests.forges.gitlab.note import Award, Note
from tests.forges.gitlab.people import User

if TYPE_CHECKING:
    from tests.forges.gitlab.project import Project


@dataclass(eq=False)
class Issue:
    """One issue; `target` is its project."""

    id: int
    iid: int
    target: "Project"
    author: User
    title: str
    description: str | None
    made: datetime
    updated: datetime
    edited: datetime | None = None
    edited_by: User | None = None
    notes: dict[int, Note] = field(default_factory=dict)
    awards: list[Award] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"{self.target.full_path}/-/issues/{self.iid}"


# Beneath what people write.
Noteable = MergeRequest | Issue


def kind(held: Noteable) -> str:
    """What GitLab calls it."""
    return "Issue" if isinstance(held, Issue) else "MergeRequest"
