"""A repository on GitHub: what it is set to, who may what, and what is in it."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.forges.git_half import HEADS, Bare
from tests.forges.github.apps import Caller
from tests.forges.github.check import CheckRun, Status
from tests.forges.github.comment import Comment
from tests.forges.github.issue import Issue
from tests.forges.github.people import Organization, User, most
from tests.forges.github.pull_request import Label, PullRequest
from tests.forges.github.refusal import absent
from tests.forges.github.rules import Demands, Protection, Ruleset, demands


@dataclass(frozen=True)
class Activity:
    """A change of a branch, as the repository remembers it."""

    id: int
    before: str
    after: str
    ref: str
    at: datetime
    kind: str
    actor: User


@dataclass(eq=False)
class Settings:
    """What an owner may choose."""

    allow_merge_commit: bool = True
    allow_squash_merge: bool = True
    allow_rebase_merge: bool = True
    allow_auto_merge: bool = False
    allow_update_branch: bool = False
    delete_branch_on_merge: bool = False
    actions_may_open_pulls: bool = False
    """Whether workflows' tokens may make and approve pull requests."""
    mergeable_after: int = 1
    """How many times `mergeable` is null before it is computed."""

    def allows(self, method: str) -> bool:
        allowed = {
            "merge": self.allow_merge_commit,
            "squash": self.allow_squash_merge,
            "rebase": self.allow_rebase_merge,
        }
        return allowed[method]


@dataclass(eq=False)
class Repository:
    """One repository; what is by number or id is in order of it."""

    id: int
    owner: User
    name: str
    bare: Bare
    made: datetime
    private: bool = False
    archived: bool = False
    default_branch: str = "main"
    description: str | None = None
    parent: "Repository | None" = None
    pushed: datetime | None = None
    settings: Settings = field(default_factory=Settings)
    collaborators: dict[str, str] = field(default_factory=dict)
    """Roles by login."""
    teams: dict[str, str] = field(default_factory=dict)
    """Roles by slug."""
    pulls: dict[int, PullRequest] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    runs: dict[int, CheckRun] = field(default_factory=dict)
    rulesets: dict[int, Ruleset] = field(default_factory=dict)
    protections: dict[str, Protection] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    numbers: int = 0

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    @property
    def path(self) -> Path:
        return self.bare.path

    # Roles

    def role(self, user: User | None) -> str:
        """What somebody may do here at most."""
        role = "none" if self.private else "read"
        if user is None:
            return role
        found = [role, self.collaborators.get(user.login, "none")]
        if user is self.owner:
            return "admin"
        if isinstance(self.owner, Organization) and user.login in self.owner.members:
            if self.owner.members[user.login] == "admin":
                return "admin"
            found.append(self.owner.grants)
            found += [
                given for slug, given in self.teams.items() if user.login in self.owner.teams[slug].members
            ]
        return most(*found)

    def association(self, user: User) -> str:
        """How somebody belongs to the repository, as its comments say; no permission."""
        if user is self.owner:
            return "OWNER"
        if isinstance(self.owner, Organization) and user.login in self.owner.members:
            return "MEMBER"
        if user.login in self.collaborators:
            return "COLLABORATOR"
        merged = any(each.user is user and each.merged for each in self.pulls.values())
        return "CONTRIBUTOR" if merged else "NONE"

    # Rules

    def rulesets_for(self, ref: str, caller: Caller | None = None) -> list[Ruleset]:
        """The rules for a full ref name; those that `caller` may pass by are left out."""
        return [
            each
            for each in self.rulesets.values()
            if each.covers(ref, self.default_branch) and not (caller and self.passes(each, caller))
        ]

    def demands(self, branch: str) -> Demands:
        """What is wanted of a pull request into `branch`, whoever merges it."""
        return demands(self.protections.get(branch), self.rulesets_for(f"{HEADS}{branch}"))

    def passes_all(self, branch: str, caller: Caller) -> bool:
        """Whether the rules for a branch do not hold `caller`."""
        protection = self.protections.get(branch)
        is_admin = self.role(caller.user) == "admin" and not caller.is_app
        held = protection is not None and (protection.holds_admins or not is_admin)
        return not held and not self.rulesets_for(f"{HEADS}{branch}", caller)

    def passes(self, ruleset: Ruleset, caller: Caller) -> bool:
        if caller.app:
            return ("Integration", caller.app.id) in ruleset.bypass
        if not caller.user:
            return False
        if ("RepositoryRole", 5) in ruleset.bypass and self.role(caller.user) == "admin":
            return True
        if not isinstance(self.owner, Organization):
            return False
        teams = self.owner.teams.values()
        return any(("Team", team.id) in ruleset.bypass for team in teams if caller.user.login in team.members)

    # Things

    def pull(self, number: int) -> PullRequest:
        """A pull request; `Refused` when there is none."""
        if number not in self.pulls:
            raise absent()
        return self.pulls[number]

    def issue(self, number: int) -> Issue | PullRequest:
        """An issue, which every pull request is too; `Refused` when there is none."""
        return self.issues[number] if number in self.issues else self.pull(number)

    def comment(self, number: int) -> Comment:
        """A comment by its id; `Refused` when there is none."""
        if number not in self.comments:
            raise absent()
        return self.comments[number]

    def comments_on(self, number: int) -> list[Comment]:
        return [each for each in self.comments.values() if each.number == number]

    def runs_of(self, sha: str) -> list[CheckRun]:
        return [each for each in self.runs.values() if each.sha == sha]

    def statuses_of(self, sha: str) -> list[Status]:
        return [each for each in self.statuses if each.sha == sha]

    def number(self) -> int:
        """The next number of an issue or pull request."""
        self.numbers += 1
        return self.numbers

    def label(self, name: str, id: int) -> Label:  # noqa: A002 it is GitHub's word
        """A label, made when there was none."""
        return self.labels.setdefault(name.lower(), Label(id, name))
