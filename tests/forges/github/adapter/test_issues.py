"""An issue is read by one query, page by page, with its own text as the first remark."""

from typing import Any

import pytest

from bot.errors import NotFound
from bot.forges.github.forge import GitHub
from bot.forges.github.reading import MARKER
from bot.lifecycle.change import Answered, Living, Remark
from bot.lifecycle.person import Person
from tests.forges.github.adapter.line import Line, Said
from tests.forges.github.adapter.shapes import comment, errors, page, who

AT = "2026-03-01T12:00:00Z"


def answer(comments: Any, **more: Any) -> Any:
    issue = {
        "number": 7,
        "url": "https://github.com/acme/packages/issues/7",
        "body": "/init web",
        "createdAt": AT,
        "lastEditedAt": None,
        "viewerDidAuthor": False,
        "reactionGroups": [{"content": "EYES", "viewerHasReacted": True}],
        "author": who("ada"),
        "comments": comments,
        **more,
    }
    return {"data": {"viewer": {"login": "portico"}, "repository": {"issue": issue}}}


def test_its_own_text_is_the_first_remark(line: Line, forge: GitHub) -> None:
    older = page(comment(1, "Well."), comment(2, f"{MARKER}Hello", viewerDidAuthor=True))
    newer = page(comment(3, "/help"))
    newer["pageInfo"] = {"hasPreviousPage": True, "startCursor": "x"}
    line.on("Issue", answer(newer), answer(older))
    seen = forge.issue(7)
    assert seen.remarks[0] == Remark("", Person("ada"), "/init web", AT, Answered.SEEN)
    assert [remark.id for remark in seen.remarks] == ["", "1", "3"]
    assert (seen.living, line.names()) == (Living("2", "Hello"), ["Issue", "Issue"])


def test_what_is_not_there_or_is_a_pull_request(line: Line, forge: GitHub) -> None:
    line.on("Issue", {"errors": errors("NOT_FOUND", "Could not resolve to an Issue", "repository")})
    with pytest.raises(NotFound, match="Could not resolve"):
        forge.issue(7)
    line.on("Issue", {"data": {"repository": {"issue": None}}})
    with pytest.raises(NotFound, match="The repository has no issue"):
        forge.issue(7)


def listed(number: int, day: int, **more: Any) -> Any:
    at = f"2026-03-{day:02}T12:00:00Z"
    return {"number": number, "updated_at": at, "comments": 1, "body": None, **more}


def test_the_list_is_read_as_far_back_as_what_changed_lately(line: Line, forge: GitHub) -> None:
    following = {"link": f'<{line.address}/repos/acme/packages/issues?page=2>; rel="next"'}
    issues = "GET /repos/acme/packages/issues"
    first = [listed(9, 9), listed(8, 9, pull_request={}), listed(7, 8, comments=0)]
    line.on(issues, Said(200, first, following), Said(200, [listed(6, 7), listed(5, 1)], following))
    assert [(one.number, one.updated[:10]) for one in forge.recent_issues()] == [
        (6, "2026-03-07"),
        (9, "2026-03-09"),
    ]
    assert line.names() == [issues, issues]
    assert line.asked[1].query["page"] == "2"


@pytest.mark.parametrize("status", [403, 404, 410])
def test_issues_that_are_not_shown_are_none(line: Line, forge: GitHub, status: int) -> None:
    line.on("GET /repos/acme/packages/issues", Said(status, {"message": "Issues are disabled"}))
    assert forge.recent_issues() == ()
