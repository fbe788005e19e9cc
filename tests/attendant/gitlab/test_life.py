"""The lifecycle on GitLab's merge requests, by what people do there."""

import pytest

from bot.errors import Later
from bot.forges.gitlab.hear import hear
from tests.attendant.gitlab.street import BRANCH, Street
from tests.forges.github.exchange import as_json
from tests.forges.github.faults import failure
from tests.forges.gitlab.cast import PATH, TOKEN


def test_from_a_push_to_a_published_revision(street: Street) -> None:
    assert street.draft().is_draft
    assert "📝 Draft" in street.living()

    street.ready()
    street.look()
    assert "Waiting for approvals" in street.living()

    street.approve("grace")
    street.look()

    assert street.tag == street.tip("main") != ""
    assert street.tip(BRANCH) == ""
    assert "✅ Published as v1" in street.living()


def proposed(street: Street) -> None:
    street.draft()
    street.ready()
    street.look()


def test_looking_twice_writes_nothing(street: Street) -> None:
    proposed(street)
    street.say("ada", "/portico explain")
    street.look()
    before = street.cast.lab.writes()
    street.look()
    street.attendant.look_at_all()
    street.hire(street.place / "another").look(street.request.iid)
    assert street.cast.lab.writes() == before


def test_an_approval_of_what_was_pushed_over_does_not_count(street: Street) -> None:
    proposed(street)
    street.approve("grace")
    street.write("ada", "61")
    street.look()
    assert "stale approval by &#64;grace" in street.living()
    assert street.tag == ""

    street.cast.ask("POST", f"/merge_requests/{street.request.iid}/unapprove", {}, "grace")
    street.approve("grace")
    street.look()
    assert street.tag == street.tip("main")


def test_what_was_pushed_back_is_approved_still(street: Street) -> None:
    proposed(street)
    street.approve("grace")
    street.write("ada", "61")
    street.write("ada", "60")
    street.look()
    assert street.tag == street.tip("main") != ""


def test_gitlabs_own_word_is_heard_by_what_it_does(street: Street) -> None:
    proposed(street)
    street.say("grace", "/approve")
    street.look()
    assert street.tag == street.tip("main") != ""


def test_our_word_approves_too(street: Street) -> None:
    proposed(street)
    street.say("grace", "Fine by me.\n\n/portico approve")
    street.look()
    assert street.tag == street.tip("main") != ""


def test_an_author_does_not_approve(street: Street) -> None:
    proposed(street)
    street.approve("ada")
    street.say("ada", "/portico approve")
    street.look()
    assert street.tag == ""


def test_an_approval_that_is_taken_back_is_none(street: Street) -> None:
    street.draft()
    street.approve("grace")
    street.cast.ask("POST", f"/merge_requests/{street.request.iid}/unapprove", {}, "grace")
    street.ready()
    street.look()
    assert "Waiting for approvals" in street.living()
    assert street.tag == ""


def test_a_rejection_makes_it_a_draft_again(street: Street) -> None:
    proposed(street)
    street.say("grace", "/reject the ttl is too short")
    street.look()
    assert street.request.is_draft
    assert "the ttl is too short" in street.living()


def test_who_may_not_push_is_not_obeyed(street: Street) -> None:
    proposed(street)
    street.say("eve", "/reject because")
    street.look()
    assert not street.request.is_draft
    assert "because" not in street.living()  # a stranger gets a mark and no answer


def test_help_says_what_gitlab_takes_for_itself(street: Street) -> None:
    proposed(street)
    street.say("eve", "/help")
    street.look()
    assert "portico approve" in street.living()


def test_a_merge_by_hand_is_tagged_when_it_was_approved(street: Street) -> None:
    proposed(street)
    street.approve("grace")
    street.cast.settle(street.request)
    merged = street.cast.ask("PUT", f"/merge_requests/{street.request.iid}/merge", {}, "mia")
    assert merged.status == 200, merged.body
    street.look()
    assert street.tag == street.tip("main")


def test_a_merge_by_hand_is_not_tagged_when_it_was_not(street: Street) -> None:
    proposed(street)
    street.cast.settle(street.request)
    assert street.cast.ask("PUT", f"/merge_requests/{street.request.iid}/merge", {}, "mia").status == 200
    street.look()
    assert street.tag == ""
    assert "was merged by hand, and is not published" in street.living()


@pytest.mark.parametrize("method", ["merge", "rebase_merge", "ff"])
@pytest.mark.parametrize("squash", ["never", "always"])
def test_every_way_to_merge(street: Street, method: str, squash: str) -> None:
    settings = street.cast.project.settings
    settings.merge_method, settings.squash_option = method, squash
    proposed(street)
    street.approve("grace")
    street.look()
    assert street.tag == street.tip("main") != ""


def test_a_draft_without_a_change_is_found(street: Street) -> None:
    street.write("ada", "60")
    assert street.attendant.look_at_all() == []
    assert street.request.is_draft
    assert "📝 Draft" in street.living()


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


def test_every_webhook_of_a_life_is_heard(street: Street) -> None:
    proposed(street)
    street.say("grace", "/reject because")
    street.look()
    street.ready()
    street.approve("grace")
    street.look()
    told = [
        hear(delivery.headers, delivery.body, [TOKEN.encode()])
        for delivery in street.cast.world.switchboard.waiting
    ]
    assert {(heard.repository, heard.number or heard.branch) for heard in told if heard} == {
        (PATH, 1),
        (PATH, BRANCH),
        (PATH, "main"),
        (PATH, ""),
    }
