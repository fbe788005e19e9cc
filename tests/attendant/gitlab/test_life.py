"""The lifecycle on GitLab's merge requests, by what people do there."""

import pytest

from bot.errors import Later
from tests.attendant.gitlab.street import Street
from tests.forges.github.exchange import as_json
from tests.forges.github.faults import failure


def proposed(street: Street) -> None:
    street.draft()
    street.ready()
    street.look()


def test_gitlabs_own_word_is_heard_by_what_it_does(street: Street) -> None:
    proposed(street)
    street.say("grace", "/approve")
    street.look()
    assert street.tag == street.tip("main") != ""


def test_an_approval_that_is_taken_back_is_none(street: Street) -> None:
    street.draft()
    street.approve("grace")
    street.cast.ask("POST", f"/merge_requests/{street.request.iid}/unapprove", {}, "grace")
    street.ready()
    street.look()
    assert "Waiting for approvals" in street.living()
    assert street.tag == ""


def test_help_says_what_gitlab_takes_for_itself(street: Street) -> None:
    proposed(street)
    street.say("eve", "/help")
    street.look()
    assert "portico approve" in street.living()


@pytest.mark.parametrize("method", ["merge", "rebase_merge", "ff"])
@pytest.mark.parametrize("squash", ["never", "always"])
def test_s30_every_way_to_merge(street: Street, method: str, squash: str) -> None:
    settings = street.cast.project.settings
    settings.merge_method, settings.squash_option = method, squash
    proposed(street)
    street.approve("grace")
    street.look()
    assert street.tag == street.tip("main") != ""


def test_a_merge_whose_answer_was_lost_is_not_made_again(street: Street) -> None:
    proposed(street)
    street.approve("grace")
    street.cast.world.faults.order("PUT", "/merge$", failure(502), after=True)
    street.look()
    assert street.tag == street.tip("main") != ""
    assert [write.rpartition("/")[2] for write in street.cast.lab.writes()].count("merge") == 1


def test_a_push_between_the_look_and_the_merge_is_not_merged(street: Street) -> None:
    proposed(street)
    street.approve("grace")

    def push(_: object) -> None:
        street.write("ada", "99")

    street.cast.world.faults.race("PUT", "/merge$", push)
    street.look()
    assert street.tag == ""
    assert "stale approval by &#64;grace" in street.living()


def test_a_tag_whose_answer_was_lost_stands(street: Street) -> None:
    proposed(street)
    street.approve("grace")
    street.cast.world.faults.order("POST", "/repository/tags$", failure(502), after=True)
    street.look()
    assert street.tag == street.tip("main") != ""


def test_a_forge_that_asks_to_wait_is_waited_for(street: Street) -> None:
    proposed(street)
    street.cast.world.faults.order("GET", "/notes$", as_json(429, {}, {"Retry-After": "9"}))
    with pytest.raises(Later) as raised:
        street.look()
    assert raised.value.seconds == 9


def test_programs_do_not_approve(street: Street) -> None:
    proposed(street)
    token = street.cast.world.access_token(street.cast.project, "another", 40)
    path = f"/projects/{street.cast.project.id}/merge_requests/{street.request.iid}/approve"
    assert street.cast.ask_as(token, "POST", path, {}).status == 201
    street.look()
    assert street.tag == ""
