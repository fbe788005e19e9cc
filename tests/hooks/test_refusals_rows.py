"""Every missing row of the lifecycle table is the refusal, and names what is possible instead."""

from collections.abc import Iterator

import pytest

from bot.lifecycle.commands import EVERY, OWN, Command, Save
from bot.lifecycle.transitions import BY_STATE_AND_COMMAND, possible
from bot.packages.revision import Lifecycle
from tests.hooks.gate import house, refused, refused_request
from tests.hooks.world import World, published

NAMES = {
    Lifecycle.ABSENT: "apps/absent/none",
    Lifecycle.DRAFT: "apps/draft/ws",
    Lifecycle.PROPOSED: "apps/proposed/ws",
    Lifecycle.PUBLISHED: "apps/published/v1",
    Lifecycle.DELETION_PROPOSED: "apps/doomed/v1",
}
WORKSPACES = {
    **NAMES,
    Lifecycle.PUBLISHED: "apps/published/ws",
    Lifecycle.DELETION_PROPOSED: "apps/doomed/ws",
}
MISSING = [
    (state, asked)
    for state in NAMES
    for asked in EVERY
    if asked not in OWN and (state, asked) not in BY_STATE_AND_COMMAND
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One revision in each state."""
    for world in house(tmp_path_factory.mktemp("rows")):
        ada = world["ada"]
        for path in ("apps/published", "apps/doomed"):
            published(world, path, "ws")
        ada.ask("propose-delete", "apps/doomed/v1")
        for path in ("apps/draft", "apps/proposed"):
            ada.start()
            ada.package(path)
            ada.commit(path)
            ada.draft(path, "ws")
        ada.ask("propose", "apps/proposed/ws")
        yield world


@pytest.mark.parametrize(("state", "asked"), MISSING, ids=lambda value: getattr(value, "word", str(value)))
def test_a_missing_row_is_refused_with_what_is_possible(
    world: World, state: Lifecycle, asked: type[Command]
) -> None:
    grace = world["grace"]
    says: list[str] = [f"`{word}`" for word in possible(state) if word != "push"]
    if state is Lifecycle.ABSENT:
        says = ["There is no revision", "push a draft to 'drafts/apps/absent/none' first"]
    if asked is Save:
        _start_over(world, state)
        name = WORKSPACES[state]
        says += ["its content cannot change", "push to a new workspace"]
        refused(grace, f"HEAD:refs/heads/drafts/{name}", says=tuple(says))
    else:
        commit = "" if state is not Lifecycle.ABSENT else grace.head("origin/main")
        refused_request(grace, asked.word, NAMES[state], says=tuple(says), commit=commit)


def _start_over(world: World, state: Lifecycle) -> None:
    grace = world["grace"]
    grace.start()
    grace.package(NAMES[state].rpartition("/")[0], namespace="other")
    grace.commit("Other content")


def test_what_is_missing_was_counted() -> None:
    said = [asked for asked in EVERY if asked not in OWN]
    rows = [asked for _, asked in BY_STATE_AND_COMMAND if asked in said]
    assert len(MISSING) + len(rows) == len(NAMES) * len(said)
