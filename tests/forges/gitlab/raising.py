"""Issues: raised and edited; GitLab tells of an edit by a note of its own."""

from tests.forges.gitlab import quick_actions
from tests.forges.gitlab.issue import Issue
from tests.forges.gitlab.note import Note
from tests.forges.gitlab.people import DEVELOPER, User
from tests.forges.gitlab.project import Project
from tests.forges.gitlab.refusal import forbidden
from tests.forges.gitlab.telling import tell_issue
from tests.forges.gitlab.world import World


def open_issue(world: World, held: Project, user: User, title: str, description: str) -> Issue:
    """A new issue; lines that are quick actions are taken out of its text."""
    if held.archived:
        raise forbidden()
    now = world.clock.tick()
    iid = max(held.issues, default=0) + 1
    text = quick_actions.extract(description).body
    made = Issue(world.next(), iid, held, user, title, text, now, now)
    held.issues[iid] = made
    world.remember(held, user, "opened", target=made)
    tell_issue(world, made, "open", user)
    return made


def describe(world: World, held: Issue, user: User, description: str) -> None:
    """Another text, by whoever wrote it or a developer."""
    if user is not held.author and held.target.level(user, world.today) < DEVELOPER:
        raise forbidden()
    now = world.clock.tick()
    held.description, held.updated, held.edited, held.edited_by = description, now, now, user
    told = Note(world.next(), user, "changed the description", now, now, system=True)
    held.notes[told.id] = told
    tell_issue(world, held, "update", user)
