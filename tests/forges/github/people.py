"""Who acts on GitHub: users, bots, organizations and teams."""

from dataclasses import dataclass, field

from tests.forges.git_half import Person

# From the least to the most.
ROLES = ("none", "read", "triage", "write", "maintain", "admin")
# What an older answer knows of the roles.
PERMISSIONS = {"maintain": "write", "triage": "read"}


@dataclass(eq=False)
class User:
    """An account; `kind` is User, Bot or Organization."""

    id: int
    login: str
    kind: str = "User"
    name: str = ""
    is_paid: bool = False
    """Whether the account's plan has drafts in private repositories."""

    @property
    def person(self) -> Person:
        """Who the account's commits name."""
        return Person(self.name or self.login, f"{self.id}+{self.login}@users.noreply.github.test")


@dataclass(eq=False)
class Team:
    """Some of an organization's members."""

    id: int
    name: str
    members: dict[str, str] = field(default_factory=dict)
    """Their roles, member or maintainer, by login."""

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")


@dataclass(eq=False)
class Organization(User):
    """An account that people belong to."""

    members: dict[str, str] = field(default_factory=dict)
    """Their roles, member or admin, by login."""
    teams: dict[str, Team] = field(default_factory=dict)
    grants: str = "read"
    """The role that every member has in every repository."""


def least(role: str, wanted: str) -> bool:
    """Whether `role` is `wanted` or more."""
    return ROLES.index(role) >= ROLES.index(wanted)


def most(*roles: str) -> str:
    return max(roles, key=ROLES.index)
