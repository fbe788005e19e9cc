"""Drafts that people ask for on issues of GitHub, told by webhooks, doubled and delayed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import Refused
from tests.attendant.bureau import Bureau, github_bureau
from tests.attendant.github.hands import living_on, propose, readable, ref, writes
from tests.attendant.github.street import BRANCH, Street

NEW = "drafts/net/mail/v1"


@pytest.fixture
def bureau(street: Street, tmp_path: Path) -> Iterator[Bureau]:
    made = github_bureau(street, tmp_path / "bureau")
    yield made
    made.close()


def ours(street: Street, number: int) -> list[str]:
    """What the bot wrote on an issue, as people read it."""
    comments = street.cast.repo.comments_on(number)
    return [readable(each.body) for each in comments if each.user is street.cast.app.bot]


def marks(street: Street, number: int) -> list[str]:
    return [each.content for each in street.cast.repo.issues[number].reactions]


def test_an_issue_that_asks_for_a_package_gets_its_draft(street: Street, bureau: Bureau) -> None:
    number = street.cast.issue("ada", "We need mail.\n\n/init net/mail")
    bureau.rest()

    pull = street.pull
    head = street.cast.repo.bare.commit(pull.head_sha)
    assert (pull.head_ref, pull.draft, pull.number != number) == (NEW, True, True)
    assert (head.author.name, head.committer.name) == ("Ada", "Portico")
    assert "Draft · net/mail/v1" in living_on(street, pull)
    [answer] = ours(street, number)
    page = f"{street.cast.world.place.web}/acme/blueprints/pull/{pull.number}"
    assert f"@ada, /init: the draft net/mail/v1 is there, with you as its author. <{page}>" in answer
    assert marks(street, number) == ["eyes", "rocket"]


def test_a_comment_on_an_issue_is_heard_and_doubled_it_does_nothing_twice(
    street: Street, bureau: Bureau
) -> None:
    number = street.cast.issue("ada", "We need mail.")
    bureau.rest()
    writes(street)
    street.cast.ask("POST", f"/repos/acme/blueprints/issues/{number}/comments", {"body": "/init net/mail"})
    bureau.world.switchboard.double("issue_comment")
    bureau.rest()
    assert len(street.cast.repo.pulls) == 1
    assert len(ours(street, number)) == 1

    assert writes(street).count("POST pulls") == 1
    street.attendant.look_at_issue(number)
    assert writes(street) == []


def test_an_issue_on_which_nobody_speaks_to_us_costs_nothing(street: Street, bureau: Bureau) -> None:
    bureau.rest()
    number = street.cast.issue("ada", "It is slow, /init is said within a line.\n\n> /init net/mail\n")
    street.cast.ask("POST", f"/repos/acme/blueprints/issues/{number}/comments", {"body": "/assign @grace"})
    street.cast.hub.log.clear()
    bureau.rest()
    assert street.cast.hub.log == []
    assert ours(street, number) == []


def test_a_stranger_gets_a_mark_and_no_answer(street: Street, bureau: Bureau) -> None:
    number = street.cast.issue("eve", "/init net/mail")
    bureau.rest()
    assert (marks(street, number), ours(street, number)) == (["confused"], [])
    assert ref(street, f"refs/heads/{NEW}") == ""


def test_an_issue_that_was_edited_before_it_was_heard_is_not_carried_out(
    street: Street, bureau: Bureau
) -> None:
    number = street.cast.issue("ada", "/init net/mail")
    path = f"/repos/acme/blueprints/issues/{number}"
    assert street.cast.ask("PATCH", path, {"body": "/init net/web"}).status == 200
    bureau.rest()
    assert "What was edited is not carried out" in ours(street, number)[0]
    assert not street.cast.repo.pulls


def test_a_bot_that_may_not_write_to_issues_begins_nothing_there(street: Street) -> None:
    street.cast.installation.permissions["issues"] = "read"
    number = street.cast.issue("ada", "/init net/mail")
    with pytest.raises(Refused, match="Resource not accessible by integration"):
        street.attendant.look_at_issue(number)
    assert not street.cast.repo.pulls


def test_a_copy_and_a_comparison_on_a_change(street: Street, bureau: Bureau) -> None:
    pull = propose(street)
    street.cast.comment("ada", pull, "/copy as other\n/diff")
    bureau.rest()
    copied = street.cast.repo.pulls[max(street.cast.repo.pulls)]
    assert copied.head_ref == "drafts/net/dns/other"
    assert street.cast.repo.bare.ref(f"refs/heads/{BRANCH}") == pull.head_sha
    told = living_on(street, pull)
    assert f"the draft net/dns/other is there, with you as its author. <{bureau.world.place.web}" in told
    assert "the difference against main is shown below" in told


def test_a_word_whose_webhook_was_lost_is_heard_by_the_next_round(street: Street, bureau: Bureau) -> None:
    street.draft()
    bureau.rest()
    first = street.cast.issue("ada", "We need mail.\n\n/init net/mail")
    second = street.cast.issue("grace", "And the web.")
    path = f"/repos/acme/blueprints/issues/{second}/comments"
    assert street.cast.ask("POST", path, {"body": "/init net/web"}, "grace").status == 201
    street.cast.issue("ada", "It is slow.")
    bureau.world.switchboard.lose(lambda _held: True)
    bureau.tick()
    bureau.rest()
    assert "net/mail/v1 is there" in ours(street, first)[0]
    assert "net/web/v1 is there" in ours(street, second)[0]
    assert len(street.cast.repo.pulls) == 3


def test_a_round_over_issues_that_are_as_they_were_costs_one_request_and_no_quota(street: Street) -> None:
    street.cast.issue("ada", "/init net/mail")
    hired = street.hire()
    for _ in range(3):
        assert hired.look_at_all() == []
    street.cast.hub.log.clear()
    assert hired.look_at_all() == []
    asked = [each for each in street.cast.hub.log if "/issues" in each.path]
    assert [each.path for each in asked] == ["/api/v3/repos/acme/blueprints/issues"]
    assert "If-None-Match" in asked[0].headers or "if-none-match" in asked[0].headers
    assert not [each for each in street.cast.hub.log if b"query Issue" in each.body]


def test_a_bot_that_may_not_see_issues_looks_at_everything_else(street: Street) -> None:
    street.cast.installation.permissions = {
        name: level for name, level in street.cast.installation.permissions.items() if name != "issues"
    }
    street.cast.issue("ada", "/init net/mail")
    street.write("ada", "60")
    street.attendant.look_at_all()
    assert street.pull.head_ref == BRANCH
    assert len(street.cast.repo.pulls) == 1
