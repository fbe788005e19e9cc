"""What is said about a commit: statuses by anybody who may write, check runs by Apps alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.forges.github.apps import App
from tests.forges.github.people import User

GOOD = ("success", "neutral", "skipped")
CONCLUSIONS = ("success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required")
MOST_ANNOTATIONS = 50  # in one request
MOST_STATUSES = 1000  # for one commit and context
LONGEST_DESCRIPTION = 140
LONGEST_OUTPUT = 65_535


@dataclass(eq=False)
class Status:
    """A commit's status; a later one of the same context stands for the earlier."""

    id: int
    sha: str
    state: str
    context: str
    creator: User
    created: datetime
    description: str | None = None
    target: str | None = None

    @property
    def verdict(self) -> str:
        return "failure" if self.state == "error" else self.state


@dataclass(eq=False)
class CheckRun:
    """A run of a check by an App; `output` is as it was sent, its annotations apart."""

    id: int
    suite: int
    name: str
    sha: str
    app: App
    status: str = "queued"
    conclusion: str | None = None
    external: str = ""
    details: str | None = None
    started: datetime | None = None
    completed: datetime | None = None
    output: dict[str, Any] = field(default_factory=dict)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        if self.status != "completed":
            return "pending"
        return "success" if self.conclusion in GOOD else "failure"


def newest(statuses: Iterable[Status]) -> list[Status]:
    """The last status of each context, whatever its capitals."""
    last = {each.context.lower(): each for each in statuses}
    return list(last.values())


def combined(verdicts: Iterable[str]) -> str:
    """One word for several: the worst; `pending` for none."""
    said = set(verdicts)
    return next((word for word in ("failure", "pending") if word in said), "success" if said else "pending")
