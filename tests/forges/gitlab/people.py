"""Who acts on GitLab: users, bots of access tokens, and the groups that people belong to."""

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.forges.git_half import Person

NONE, GUEST, REPORTER, DEVELOPER, MAINTAINER, OWNER = 0, 10, 20, 30, 40, 50
LEVELS = {
    NONE: "No one",
    GUEST: "Guest",
    REPORTER: "Reporter",
    DEVELOPER: "Developers + Maintainers",
    MAINTAINER: "Maintainers",
    OWNER: "Owner",
}


@dataclass(eq=False)
class User:
    """An account; `is_bot` is that of an access token of a project or group."""

    id: int
    username: str
    name: str
    made: datetime
    is_bot: bool = False
    state: str = "active"

    @property
    def email(self) -> str:
        return f"{self.username}@noreply.gitlab.test"

    @property
    def person(self) -> Person:
        """Who the account's commits name."""
        return Person(self.name, self.email)


@dataclass(frozen=True)
class Membership:
    """How somebody belongs to a group or project."""

    user: User
    level: int
    made: datetime
    expires: date | None = None


@dataclass(eq=False)
class Group:
    """A group or, with a `parent`, a subgroup; whoever belongs to it belongs to all below."""

    id: int
    path: str
    name: str
    made: datetime
    parent: "Group | None" = None
    members: dict[int, Membership] = field(default_factory=dict)

    @property
    def full_path(self) -> str:
        return f"{self.parent.full_path}/{self.path}" if self.parent else self.path

    @property
    def full_name(self) -> str:
        return f"{self.parent.full_name} / {self.name}" if self.parent else self.name

    def line(self) -> list["Group"]:
        """The group and those above it, itself first."""
        return [self, *(self.parent.line() if self.parent else [])]


@dataclass(eq=False)
class Token:
    """An access token: whose it is and for how long."""

    id: int
    text: str
    name: str
    user: User
    scopes: tuple[str, ...]
    made: datetime
    expires: date | None = None
    revoked: bool = False
    used: datetime | None = None

    def is_expired(self, today: date) -> bool:
        return self.expires is not None and self.expires <= today
