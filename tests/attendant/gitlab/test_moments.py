"""Approvals on GitLab name no commit: what they are of is told by when they were given."""

from dataclasses import replace

import pytest

from bot.errors import Moved
from tests.attendant.contract.driver import DRAFT, Stands, zone
from tests.attendant.contract.gitlab_driver import GitLabDriver
from tests.attendant.contract.test_life import V1, proposed
from tests.forges.git_half import HEADS, Change
from tests.forges.gitlab.pushing import after_push

REF = f"{HEADS}drafts/{DRAFT}"


def unapprove(town: GitLabDriver, by: str) -> None:
    town.ask("POST", "/unapprove", DRAFT, by)


def test_an_approval_of_nobody_knows_what_is_explained_and_asked_for_again(town: GitLabDriver) -> None:
    """An older GitLab does not say when it was given, and the note that did is gone."""
    town.street.cast.project.settings.shows_approved_at = False
    proposed(town)
    town.approve("grace")
    request = town.request()
    request.notes = {k: note for k, note in request.notes.items() if "approved" not in note.body}
    town.rest()
    assert town.tags() == {}
    assert "@grace has approved, which does not count, because the forge does not say of which" in town.told()
    assert "@grace must approve again" in town.told()

    town.approve("grace")
    town.rest()
    assert town.tags().keys() == {V1}
    assert "must approve again" not in town.told()


def test_it_is_given_again_by_a_word(town: GitLabDriver) -> None:
    town.street.cast.project.settings.shows_approved_at = False
    proposed(town)
    town.approve("grace")
    town.request().notes.clear()
    town.rest()
    town.say("grace", "/portico approve")
    town.rest()
    assert town.tags().keys() == {V1}


def test_who_may_not_approve_is_not_asked_to_again(town: GitLabDriver) -> None:
    town.street.cast.project.settings.shows_approved_at = False
    proposed(town)
    town.approve("grace")
    town.request().notes.clear()
    town.demote("grace")
    town.restart()
    town.rest()
    assert "must approve again" not in town.told()


@pytest.mark.parametrize("back", [False, True])
def test_an_approval_in_the_moment_of_a_push_is_of_nobody_knows_what(
    town: GitLabDriver, *, back: bool
) -> None:
    proposed(town)
    old = town.head()
    town.write("ada", zone("61"))
    town.approve("grace")
    request = town.request()
    events = town.street.cast.project.events
    [pushed] = [each for each in events if (each.push or {}).get("commit_from") == old]
    request.approvals = [replace(each, at=pushed.at) for each in request.approvals]
    if back:
        town.write("ada", zone("60"))
    town.rest()
    assert town.stands() is Stands.PROPOSED
    assert "@grace must approve again" in town.told()


def test_an_approval_before_the_push_is_told_waits_for_that(town: GitLabDriver) -> None:
    """Git has the commit and the event is late: nothing is decided on what was there before."""
    proposed(town)
    town.approve("grace")
    cast, old = town.street.cast, town.head()
    tree = town.bare.tree({"net/dns/zone.yaml": zone("61")["net/dns/zone.yaml"]}, old)
    before = town.bare.refs()
    made = town.bare.make(tree, [old], "More", cast.user("ada").person, cast.world.clock.tick())
    town.bare.move([Change(REF, old, made)])
    with pytest.raises(Moved, match="does not show the newest commit"):
        town.look_at()
    assert town.tags() == {}

    after_push(cast.world, cast.project, cast.user("ada"), before)
    event = cast.project.events.pop()
    assert (event.push or {}).get("commit_to") == made
    with pytest.raises(Moved, match="who pushed the newest commit"):
        town.look_at()

    cast.project.events.append(event)
    town.rest()
    assert town.tags() == {}
    assert "stale approval by @grace" in town.told()


@pytest.mark.parametrize("tells", [False, True])
def test_s21_a_push_takes_approvals_away_with_or_without_a_word(town: GitLabDriver, *, tells: bool) -> None:
    """GitLab resets what a push made stale, and tells it since 18.6: what stands there now is what counts."""
    settings = town.street.cast.project.settings
    settings.is_paid, settings.tells_resets = True, tells
    proposed(town)
    town.approve("grace")
    town.write("ada", zone("61"))
    assert town.request().approvals == []
    for heard in town.events():
        town.look(heard)
    assert town.tags() == {}
    assert "Waiting for approvals: 0 of 1" in town.told()

    town.write("ada", zone("60"))
    town.rest()
    assert town.tags() == {}, "an approval that was taken away does not come back with the content"
    town.approve("grace")
    town.rest()
    assert town.tags().keys() == {V1}


def test_s21_one_of_two_takes_theirs_back(town: GitLabDriver) -> None:
    """GitLab says `unapproved` though the other's is left: who is on the list is asked anew."""
    town.write_main({".portico.yaml": b"approvals: 2\napprovers: [ada, grace, mia]\n"})
    proposed(town)
    for by in ("grace", "mia"):
        town.approve(by)
    unapprove(town, "mia")
    for heard in town.events():
        town.look(heard)
    assert town.tags() == {}
    assert "Waiting for approvals: 1 of 2" in town.told()


def test_approvals_that_a_bot_reset_are_none(town: GitLabDriver) -> None:
    proposed(town)
    town.approve("grace")
    cast = town.street.cast
    path = f"/projects/{cast.project.id}/merge_requests/{town.number()}/reset_approvals"
    assert cast.ask_as(cast.bot_token, "PUT", path).status in {200, 202}
    town.rest()
    assert town.tags() == {}
    assert "Waiting for approvals: 0 of 1" in town.told()
