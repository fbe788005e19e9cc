"""What GitLab itself writes beneath a merge request when somebody did something."""

from tests.forges.gitlab.merge_request import MergeRequest
from tests.forges.gitlab.note import Note
from tests.forges.gitlab.people import User
from tests.forges.gitlab.world import World


def say(world: World, held: MergeRequest, user: User, body: str) -> None:
    """A system note, by the name of whoever did it; no hook hears of it."""
    now = world.clock.now
    made = Note(world.next(), user, body, now, now, system=True)
    held.notes[made.id] = made
