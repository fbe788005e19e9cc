"""A merge request: what is wanted, how it stands, and who approves."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.forges.gitlab.note import Award, Note
from tests.forges.gitlab.people import User

if TYPE_CHECKING:
    from tests.forges.gitlab.project import Project

DRAFT = re.compile(r"\A\s*(?:\[draft\]|\(draft\)|draft:)\s*", re.IGNORECASE)
UNFINISHED = re.compile(r"\A\s*(?:\[draft\]|\(draft\)|draft:|fixup!\s|squash!\s)", re.IGNORECASE)
STATE_IDS = {"opened": 1, "closed": 2, "merged": 3, "locked": 4}


@dataclass(frozen=True)
class Approval:
    """Somebody's approval; it does not say of which commit."""

    user: User
    at: datetime


@dataclass(frozen=True)
class Version:
    """A head that a merge request had: where the target was, and where they parted."""

    id: int
    head: str
    base: str
    start: str
    at: datetime


@dataclass(frozen=True)
class Draft:
    """A title as a person reads it."""

    @staticmethod
    def has(title: str) -> bool:
        return DRAFT.match(title) is not None

    @staticmethod
    def without(title: str) -> str:
        while Draft.has(title):
            title = DRAFT.sub("", title, count=1)
        return title


@dataclass(eq=False)
class MergeRequest:
    """One wish to bring a branch into another."""

    id: int
    iid: int
    target: "Project"
    target_branch: str
    source: "Project | None"
    """None when a fork is gone."""
    source_id: int
    source_branch: str
    author: User
    title: str
    description: str | None
    made: datetime
    updated: datetime
    head: str = ""
    """Nothing when there is no such branch, which GitLab takes."""
    state: str = "opened"
    squash: bool = False
    removes_source: bool = False
    prepared: datetime | None = None
    asked: int = 0
    """How often it was looked at alone since something moved."""
    merged: datetime | None = None
    merged_by: User | None = None
    merge_commit: str | None = None
    squash_commit: str | None = None
    closed: datetime | None = None
    closed_by: User | None = None
    merge_error: str | None = None
    auto_merge: User | None = None
    edited: datetime | None = None
    edited_by: User | None = None
    updated_by: User | None = None
    approvals: list[Approval] = field(default_factory=list)
    wants_changes: list[User] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)
    reviewers: list[User] = field(default_factory=list)
    notes: dict[int, Note] = field(default_factory=dict)
    awards: list[Award] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    train: dict[str, Any] | None = None
    """The car of a merge train that it is on, or was."""

    @property
    def is_draft(self) -> bool:
        return Draft.has(self.title)

    @property
    def unresolved(self) -> int:
        """How many threads are open still."""
        return len({each.thread for each in self.notes.values() if each.thread and not each.resolved_by})

    @property
    def is_open(self) -> bool:
        return self.state == "opened"

    @property
    def version(self) -> Version | None:
        return self.versions[-1] if self.versions else None

    @property
    def path(self) -> str:
        return f"{self.target.full_path}/-/merge_requests/{self.iid}"
