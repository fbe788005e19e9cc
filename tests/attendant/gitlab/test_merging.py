"""Merging on GitLab, where it may wait, be held back, or not be what somebody may."""

import pytest

from bot.errors import AccessDenied, Later, Refused, UserError
from bot.lifecycle.change import Rights
from bot.lifecycle.person import Person
from tests.attendant.contract.driver import Stands
from tests.attendant.contract.gitlab_driver import GitLabDriver
from tests.attendant.contract.test_life import V1, proposed
from tests.forges.github.exchange import as_json
from tests.forges.gitlab.cast import PATH
from tests.forges.gitlab.limits import locked
from tests.forges.gitlab.merging import run_train
from tests.forges.gitlab.people import DEVELOPER, OWNER, REPORTER
from tests.forges.gitlab.project import Protection

NOT_NOW = {405: "405 Method Not Allowed", 422: "Branch cannot be merged", 406: "Branch cannot be merged"}


def approved(town: GitLabDriver) -> None:
    proposed(town)
    town.approve("grace")


def never_wait(town: GitLabDriver) -> None:
    """Pauses of the bot pass at once."""
    town.bot.room.forge._session.pause = lambda _: None  # type: ignore[attr-defined] # it is GitLab's


@pytest.mark.parametrize("status", NOT_NOW)
def test_s26_a_merge_that_cannot_be_just_now(town: GitLabDriver, status: int) -> None:
    """GitLab could merge it and does not: that is waited for, and tried by a later look."""
    approved(town)
    town.fail("merge", as_json(status, {"message": NOT_NOW[status]}))
    with pytest.raises(Later):
        town.look_at()
    town.look_at()
    assert town.tags() == {V1: town.main()}


def test_s26_a_lock_of_gitlabs_own_passes(town: GitLabDriver) -> None:
    approved(town)
    town.fail("merge", locked())
    with pytest.raises(Later):
        town.look_at()
    assert town.tags() == {}
    town.look_at()
    assert town.tags() == {V1: town.main()}


def test_s26_whether_it_can_be_merged_is_never_known(town: GitLabDriver) -> None:
    """It is asked for a few times, and left for later; a later look goes on."""
    approved(town)
    settings = town.street.cast.project.settings
    settings.checked_after = 10_000
    never_wait(town)
    before = len(town.log)
    with pytest.raises(Later, match="still works out"):
        town.look_at()
    assert len(town.log) - before < 60
    settings.checked_after = 0
    town.look_at()
    assert town.tags() == {V1: town.main()}


def test_s26_it_is_known_after_a_while(town: GitLabDriver) -> None:
    town.street.cast.project.settings.prepared_after = 2
    approved(town)
    town.request().prepared, town.request().asked = None, 0
    never_wait(town)
    town.look_at()
    assert town.tags() == {V1: town.main()}


@pytest.mark.parametrize("passes", [True, False])
def test_s33_a_merge_train(town: GitLabDriver, *, passes: bool) -> None:
    """It is put on the train once, and tagged when the train has merged it."""
    cast = town.street.cast
    cast.project.settings.is_paid = cast.project.settings.has_trains = True
    approved(town)
    town.look_at()
    town.look_at()
    boarded = [each for each in cast.lab.writes() if "merge_trains" in each]
    assert len(boarded) == 1
    assert town.tags() == {}
    assert town.request().train is not None
    assert "stands in the merge queue" in town.told()

    run_train(cast.world, town.request(), passes=passes)
    town.look_at()
    assert (town.stands() is Stands.PUBLISHED) == passes


def test_s33_the_train_throws_it_off(town: GitLabDriver) -> None:
    """That is said once, and it is not put on again until somebody does something about it."""
    cast = town.street.cast
    cast.project.settings.is_paid = cast.project.settings.has_trains = True
    approved(town)
    town.look_at()
    run_train(cast.world, town.request(), passes=False)
    town.look_at()
    assert "The merge queue took it out without merging it (the pipeline did not succeed)" in town.told()
    before = town.written()
    town.look_at()
    assert town.written() == before
    assert town.request().train is None

    town.approve("grace")
    town.look_at()
    assert town.request().train is not None


def test_s34_the_branch_is_merged_into_by_others(town: GitLabDriver) -> None:
    """The sentence names the setting; nothing is hammered."""
    approved(town)
    branches = town.street.cast.project.branches
    branches["main"] = Protection(1, "main", OWNER, OWNER)
    town.sent("merge")
    with pytest.raises(Refused, match="Allowed to merge"):
        town.look_at()
    assert town.sent("merge") == 1
    assert "it must be among those who are 'Allowed to merge'" in town.told()

    branches["main"] = Protection(1, "main")
    town.look_at()
    assert town.tags() == {V1: town.main()}


def test_s38_a_project_that_moved(town: GitLabDriver) -> None:
    """Nothing is done under the old name, and the error says what to do; under the new one it goes on."""
    approved(town)
    cast, merges = town.street.cast, town.sent("merge")
    cast.world.rename(cast.project, "acme/platform/plans")
    town.restart()
    with pytest.raises(UserError, match=r"renamed|could not be"):
        town.look_at()
    assert (town.tags(), merges) == ({}, 0)
    town.street.hire(town.street.place / "anew", "acme/platform/plans").look(town.number())
    assert town.tags() == {V1: town.main()}


def test_s53_the_token_is_revoked(town: GitLabDriver) -> None:
    """No new one is to be had by ourselves: the error says who must do what, and with another it goes on."""
    approved(town)
    cast = town.street.cast
    cast.world.tokens[cast.bot_token].revoked = True
    with pytest.raises(AccessDenied, match="give a new one"):
        town.look_at()
    assert town.tags() == {}
    cast.bot_token = cast.world.token(cast.bot_user)
    town.restart()
    town.look_at()
    assert town.tags() == {V1: town.main()}


@pytest.mark.parametrize("status", [403, 404])
def test_where_nobody_pays_there_are_no_rules_to_tell(town: GitLabDriver, status: int) -> None:
    """The endpoints of Premium are not there: what is left out is left out, and nothing fails."""
    for path in ("/approval_rules", "/merge_trains", "/protected_tags", "/members/all$"):
        town.faults.order("GET", path, as_json(status, {"message": f"{status} Forbidden"}), times=1000)
    approved(town)
    town.look_at()
    assert town.tags() == {V1: town.main()}


def test_rights_come_from_groups_above(town: GitLabDriver) -> None:
    """They need no place in the project: grace has one in acme/platform, and mia one in acme."""
    forge = town.bot.room.forge
    assert forge.home().full_name == PATH == "acme/platform/blueprints"
    assert forge.rights(Person("grace")) is Rights.WRITE
    assert forge.rights(Person("mia")) is Rights.ADMIN
    assert forge.rights(Person("eve")) is Rights.READ
    assert forge.rights(Person("mallory")) is Rights.NONE


def test_a_group_below_a_group_approves(town: GitLabDriver) -> None:
    """Its own members, and not those whom it has from above; the bot must be let in to see them."""
    cast = town.street.cast
    group = cast.world.group("acme/platform/net", grace=DEVELOPER)
    cast.world.add(group, cast.bot_user.username, REPORTER)
    town.write_main({".portico.yaml": b"approvals: 1\napprovers: ['@acme/platform/net']\n"})
    proposed(town)
    town.approve("mia")
    town.rest()
    assert town.tags() == {}
    assert "approved by @mia, which does not count" in town.told()
    town.approve("grace")
    town.rest()
    assert town.tags().keys() == {V1}


@pytest.mark.parametrize("above", [True, False])
def test_bots_of_tokens_are_no_people(town: GitLabDriver, *, above: bool) -> None:
    """Neither a project's nor a group's token approves, commands, or is counted among those who may."""
    cast = town.street.cast
    holder = cast.world.groups["acme"] if above else cast.project
    token = cast.world.access_token(holder, "grace", 40)
    town.write_main({".portico.yaml": b"approvals: 1\n"})
    proposed(town)
    path = f"/projects/{cast.project.id}/merge_requests/{town.number()}"
    assert cast.ask_as(token, "POST", f"{path}/approve", {}).status == 201
    assert cast.ask_as(token, "POST", f"{path}/notes", {"body": "/portico approve"}).status == 201
    town.rest()
    assert town.stands() is Stands.PROPOSED
    assert town.tags() == {}
    assert "Waiting for approvals: 0 of 1" in town.told()
