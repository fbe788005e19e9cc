"""Comments beneath a pull request, and reactions to them."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.forges.github.apps import App
from tests.forges.github.people import User

CONTENTS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
LONGEST = 65_536  # characters of a comment


@dataclass(eq=False)
class Reaction:
    """One person's answer without words."""

    id: int
    user: User
    content: str
    created: datetime


@dataclass(eq=False)
class Comment:
    """What somebody wrote beneath pull request `number`."""

    id: int
    number: int
    user: User
    body: str
    created: datetime
    updated: datetime
    app: App | None = None
    """The App that wrote it, when one did."""
    reactions: list[Reaction] = field(default_factory=list)
    minimized: str = ""
    """Why it is folded away, in capitals."""
