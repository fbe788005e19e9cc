"""A project on GitLab: what it is set to, who may what, and what is in it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.forges.git_half import HEADS, Bare
from tests.forges.gitlab.approval_rule import ApprovalRule
from tests.forges.gitlab.issue import Issue
from tests.forges.gitlab.merge_request import MergeRequest
from tests.forges.gitlab.people import DEVELOPER, MAINTAINER, NONE, OWNER, REPORTER, Group, Membership, User
from tests.forges.gitlab.refusal import absent
from tests.forges.gitlab.status import Status

VISIBILITIES = {"private": 0, "internal": 10, "public": 20}


@dataclass(eq=False)
class Settings:
    """What an owner may choose, and how far the instance lets them."""

    merge_method: str = "merge"
    """merge, rebase_merge (semi-linear) or ff."""
    squash_option: str = "default_off"
    needs_pipeline: bool = False
    needs_resolved: bool = False
    removes_source: bool = True
    is_paid: bool = False
    """Whether what follows is there at all: it is Premium."""
    approvals: int = 0
    """How many are required."""
    rules: dict[int, ApprovalRule] = field(default_factory=dict)
    """Those that name people, by id."""
    resets_on_push: bool = True
    tells_resets: bool = False
    """Whether a reset by a push makes a webhook, as since 18.6."""
    author_may_approve: bool = True
    committers_may_approve: bool = True
    has_trains: bool = False
    shows_approved_at: bool = True
    prepared_after: int = 0
    """How often one merge request is looked at before it is prepared."""
    checked_after: int = 1
    """The same before it is known whether it can be merged."""
    conflict_status: int = 422
    """What a merge of sides in conflict is answered: 406 by older GitLabs."""
    push_rules: dict[str, Any] | None = None
    """Those that are set, None where nobody ever set any. Nothing is held to them here."""
    hooks_limit: int = 3
    """How many branches, or tags, may move by one push for it to be told to hooks."""
    activities_limit: int = 3
    """The same for an event of each; beyond it there is one for all."""


@dataclass(eq=False)
class Protection:
    """Names that are protected, with `*` for any; levels are 0, 30 or 40."""

    id: int
    name: str
    push: int = MAINTAINER
    merge: int = MAINTAINER
    force: bool = False

    def covers(self, name: str) -> bool:
        return re.fullmatch(re.escape(self.name).replace(r"\*", ".*"), name) is not None


@dataclass(frozen=True)
class Event:
    """What somebody did, as the project remembers it."""

    id: int
    author: User
    at: datetime
    name: str
    """`pushed to`, `opened`, `accepted` and so on."""
    push: dict[str, Any] | None = None
    target: Any = None


@dataclass(eq=False)
class Project:
    """One project; what is by number or id is in order of it."""

    id: int
    group: Group
    path: str
    name: str
    bare: Bare
    made: datetime
    creator: User
    visibility: str = "private"
    archived: bool = False
    default_branch: str = "main"
    description: str | None = None
    parent: "Project | None" = None
    settings: Settings = field(default_factory=Settings)
    members: dict[int, Membership] = field(default_factory=dict)
    merge_requests: dict[int, MergeRequest] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    branches: dict[str, Protection] = field(default_factory=dict)
    """Protected branches by name."""
    tags: dict[str, Protection] = field(default_factory=dict)
    """Protected tags by name; `push` is who may create."""
    events: list[Event] = field(default_factory=list)
    pipelines: dict[tuple[str, str], int] = field(default_factory=dict)
    """Ids by commit and branch."""
    active: datetime | None = None

    @property
    def full_path(self) -> str:
        return f"{self.group.full_path}/{self.path}"

    @property
    def folder(self) -> Path:
        return self.bare.path

    # Levels

    def memberships(self, today: date) -> dict[int, Membership]:
        """Everybody by id, with the highest of their levels, inherited ones too."""
        found: dict[int, Membership] = {}
        for members in (self.members, *(each.members for each in self.group.line())):
            for each in members.values():
                is_over = each.expires is not None and each.expires <= today
                known = found.get(each.user.id)
                if not is_over and (known is None or known.level < each.level):
                    found[each.user.id] = each
        return found

    def level(self, user: User | None, today: date) -> int:
        """What somebody may do here at most; NONE for strangers."""
        held = self.memberships(today).get(user.id) if user and user.state == "active" else None
        return held.level if held else NONE

    def is_seen(self, user: User | None, today: date) -> bool:
        if self.visibility == "public" or (self.visibility == "internal" and user):
            return True
        return self.level(user, today) > NONE

    def reads_code(self, user: User | None, today: date) -> bool:
        return self.visibility == "public" or self.level(user, today) >= REPORTER

    # Protection

    def protections(self, branch: str) -> list[Protection]:
        return [each for each in self.branches.values() if each.covers(branch)]

    def tag_protections(self, tag: str) -> list[Protection]:
        return [each for each in self.tags.values() if each.covers(tag)]

    def may_push(self, level: int, branch: str) -> bool:
        """Whether a level may move a branch; of several protections the mildest counts."""
        held = self.protections(branch)
        return level >= DEVELOPER and (not held or any(_allows(each.push, level) for each in held))

    def may_merge(self, level: int, branch: str) -> bool:
        held = self.protections(branch)
        if level >= DEVELOPER and not held:
            return True
        return any(_allows(each.merge, level) or _allows(each.push, level) for each in held)

    def may_force(self, branch: str) -> bool:
        held = self.protections(branch)
        return not held or any(each.force for each in held)

    def may_tag(self, level: int, tag: str) -> bool:
        held = self.tag_protections(tag)
        return level >= DEVELOPER and (not held or any(_allows(each.push, level) for each in held))

    # Things

    def merge_request(self, iid: int) -> MergeRequest:
        """A merge request; `Refused` when there is none."""
        if iid not in self.merge_requests:
            raise absent()
        return self.merge_requests[iid]

    def issue(self, iid: int) -> Issue:
        """An issue; `Refused` when there is none."""
        if iid not in self.issues:
            raise absent()
        return self.issues[iid]

    def tip(self, branch: str) -> str:
        return self.bare.ref(HEADS + branch)

    def statuses_of(self, sha: str) -> list[Status]:
        return [each for each in self.statuses if each.sha == sha]


def _allows(wanted: int, level: int) -> bool:
    return wanted != NONE and level >= min(wanted, OWNER)
