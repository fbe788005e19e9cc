"""What a program said about a commit, and the steps that GitLab allows from word to word."""

from dataclasses import dataclass
from datetime import datetime

from tests.forges.gitlab.people import User
from tests.forges.gitlab.refusal import Refused

# The step that leads to a state, and where it may begin.
STEPS = {
    "pending": ("enqueue", {"created"}),
    "running": ("run", {"created", "pending"}),
    "success": ("success", {"created", "pending", "running"}),
    "failed": ("drop", {"created", "pending", "running"}),
    "canceled": ("cancel", {"created", "pending", "running"}),
    "skipped": ("skip", {"created", "pending"}),
}
UNFINISHED = {"created", "pending", "running"}


@dataclass(eq=False)
class Status:
    """A commit's status; a later one of the same name stands for the earlier, once that is finished."""

    id: int
    sha: str
    ref: str
    name: str
    author: User
    made: datetime
    pipeline: int
    state: str = "created"
    description: str | None = None
    target: str | None = None
    started: datetime | None = None
    finished: datetime | None = None
    is_old: bool = False
    """Whether a later one stands for it."""

    def step(self, state: str, moment: datetime) -> None:
        """Become another state; `Refused` when there is no such step, as from a state to itself."""
        event, origins = STEPS[state]
        if self.state not in origins:
            reason = f'Reason(s): Status cannot transition via "{event}"'
            raise Refused(400, f"Cannot transition status via :{event} from :{self.state} ({reason})")
        self.state = state
        if state == "running":
            self.started = moment
        if state not in UNFINISHED:
            self.finished = moment


def combined(statuses: list[Status]) -> str:
    """What a pipeline of these is: the worst that is not over first."""
    states = {each.state for each in statuses if not each.is_old}
    order = ("running", "pending", "failed", "canceled")
    return next((each for each in order if each in states), "success" if states else "")
