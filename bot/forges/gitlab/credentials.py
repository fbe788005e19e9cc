"""Who portico is on GitLab: the bearer of a token of a project, a group, a service account or a person."""

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Token:
    """An access token with the scope `api`; OAuth tokens do, too."""

    value: str = field(repr=False)


class GitCredentials(NamedTuple):
    """What Git is to answer when it is asked for a user and a password; never part of a URL."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"GitCredentials({self.user!r}, …)"
