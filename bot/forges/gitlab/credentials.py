"""Who portico is on GitLab: the bearer of a token of a project, a group, a service account or a person."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Token:
    """An access token with the scope `api`; OAuth tokens do, too."""

    value: str = field(repr=False)
