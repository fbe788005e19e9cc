"""An issue: what people write where there is no pull request, with a number of the same row."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.forges.github.apps import App
from tests.forges.github.comment import Reaction
from tests.forges.github.people import User


@dataclass(eq=False)
class Issue:
    """One issue; reactions to its own text are its own."""

    id: int
    number: int
    user: User
    title: str
    body: str
    created: datetime
    updated: datetime
    app: App | None = None
    reactions: list[Reaction] = field(default_factory=list)
