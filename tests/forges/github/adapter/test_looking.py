"""A change is read by one query, whole, and only what is ours is taken for ours."""

import pytest

from bot.errors import NotFound, Refused
from bot.forges.github.forge import GitHub
from bot.forges.github.reading import DRAFT_LABEL, MARKER
from bot.lifecycle.change import Answered, Arrival, ChangeAt, Living, Opinion, Remark, Review, Signal
from bot.lifecycle.person import Person
from tests.forges.github.adapter.line import Line, Said
from tests.forges.github.adapter.shapes import (
    HEAD,
    MERGED,
    OTHER,
    answer,
    comment,
    errors,
    listed,
    page,
    pull,
    review,
    who,
)

ACTIVITY = "GET /repos/acme/packages/activity"
PULLS = "GET /repos/acme/packages/pulls"
AT = "2026-03-01T12:00:00Z"
ADA = Person("ada")


def test_a_change_is_one_query_and_one_list_of_pushes(line: Line, forge: GitHub) -> None:
    line.on("Change", answer(pull()))
    seen = forge.change(7)
    assert line.names() == ["Change", ACTIVITY]
    assert (seen.number, seen.title, seen.branch, seen.head, seen.target) == (
        7,
        "A change",
        "drafts/web/x",
        HEAD,
        "main",
    )
    assert seen.author == Person("ada", "Ada", "ada@example.com")
    assert (seen.open, seen.draft, seen.foreign, seen.merged) == (True, False, False, "")
    assert seen.url == "https://github.com/acme/packages/pull/7"
    assert forge.requests == 2


def test_every_opinion_is_given_and_nothing_else(line: Line, forge: GitHub) -> None:
    states = ["APPROVED", "COMMENTED", "CHANGES_REQUESTED", "PENDING", "DISMISSED"]
    reviews = [review(number, state) for number, state in enumerate(states)]
    reviews.append(review(9, "APPROVED", commit=None, author=None, body="Fine."))
    line.on("Change", answer(pull(reviews=page(*reviews))))
    grace = Person("grace")
    assert forge.change(7).reviews == (
        Review("0", grace, Opinion.APPROVED, HEAD, AT),
        Review("2", grace, Opinion.REJECTED, HEAD, AT),
        Review("4", grace, Opinion.DISMISSED, HEAD, AT),
        Review("9", Person(""), Opinion.APPROVED, "", AT, "Fine."),
    )


def test_remarks_carry_our_own_marks(line: Line, forge: GitHub) -> None:
    shown = [("EYES",), ("EYES", "ROCKET"), ("EYES", "CONFUSED"), ("THUMBS_UP",)]
    comments = [comment(number, "/approve", "ada", *marks) for number, marks in enumerate(shown)]
    comments[0]["lastEditedAt"] = AT
    comments[3]["reactionGroups"].append({"content": "ROCKET", "viewerHasReacted": False})
    line.on("Change", answer(pull(comments=page(*comments))))
    assert forge.change(7).remarks == (
        Remark("0", ADA, "/approve", AT, Answered.SEEN, edited=True),
        Remark("1", ADA, "/approve", AT, Answered.DONE),
        Remark("2", ADA, "/approve", AT, Answered.REFUSED),
        Remark("3", ADA, "/approve", AT, Answered.NOT_YET),
    )


def test_the_living_comment_is_ours_by_author_and_marker(line: Line, forge: GitHub) -> None:
    comments = [
        comment(1, f"{MARKER}forged"),
        comment(2, f"> {MARKER}quoted", viewerDidAuthor=True),
        comment(3, f"{MARKER}first\r\nsecond".replace("\n<", "\r\n<"), viewerDidAuthor=True),
        comment(4, f"{MARKER}a double", viewerDidAuthor=True),
    ]
    line.on("Change", answer(pull(comments=page(*comments))))
    seen = forge.change(7)
    assert seen.living == Living("3", "first\nsecond")
    assert [remark.id for remark in seen.remarks] == ["1", "2"]


def test_pages_before_the_last_are_followed(line: Line, forge: GitHub) -> None:
    line.on(
        "Change",
        answer(pull(comments=page(comment(3, "c"), before="C1"), reviews=page(review(5, "APPROVED")))),
        answer(pull(comments=page(comment(2, "b"), before="C2"))),
        answer(pull(comments=page(comment(1, "a")))),
    )
    seen = forge.change(7)
    assert [remark.id for remark in seen.remarks] == ["1", "2", "3"]
    assert [one.id for one in seen.reviews] == ["5"]
    sent = line.bodies("Change")
    assert [asked["commentsBefore"] for asked in sent] == [None, "C1", "C2"]
    assert [asked["reviews"] for asked in sent] == [True, False, False]


def test_pages_are_bounded(line: Line, forge: GitHub) -> None:
    line.on("Change", answer(pull(comments=page(comment(1, "again"), before="C"))))
    assert len(forge.change(7).remarks) == 10


@pytest.mark.parametrize(
    ("more", "proposed_at"),
    [
        ({}, "2026-03-01T11:00:00Z"),
        ({"isDraft": True}, ""),
        ({"labels": page({"name": DRAFT_LABEL})}, ""),
        (
            {
                "timelineItems": page(
                    {"__typename": "ReadyForReviewEvent", "createdAt": "2026-03-02T11:00:00Z"},
                    {"__typename": "ReadyForReviewEvent", "createdAt": "2026-03-03T11:00:00Z"},
                    {
                        "__typename": "UnlabeledEvent",
                        "createdAt": "2026-03-04T11:00:00Z",
                        "label": {"name": "bug"},
                    },
                )
            },
            "2026-03-03T11:00:00Z",
        ),
        (
            {
                "timelineItems": page(
                    {
                        "__typename": "UnlabeledEvent",
                        "createdAt": "2026-03-04T11:00:00Z",
                        "label": {"name": DRAFT_LABEL},
                    }
                )
            },
            "2026-03-04T11:00:00Z",
        ),
    ],
)
def test_when_it_was_proposed(line: Line, forge: GitHub, more: dict[str, object], proposed_at: str) -> None:
    line.on("Change", answer(pull(**more)))
    seen = forge.change(7)
    assert (seen.proposed_at, seen.draft) == (proposed_at, not proposed_at)


def test_a_merged_change(line: Line, forge: GitHub) -> None:
    line.on(
        "Change",
        answer(pull(state="MERGED", mergeCommit={"oid": MERGED}, mergedBy=who("portico", "Bot"))),
        answer(pull(state="MERGED", mergeCommit=None)),
        answer(pull(state="CLOSED", mergeCommit={"oid": MERGED})),
    )
    seen = forge.change(7)
    assert (seen.open, seen.merged, seen.merged_by) == (False, MERGED, Person("portico[bot]"))
    assert forge.change(7).merged == HEAD  # its head was pushed to the branch
    assert forge.change(7).merged == ""  # the commit of the trial merge is none


@pytest.mark.parametrize("more", [{"isCrossRepository": True}, {"headRepository": None}])
def test_a_fork_is_foreign_and_its_pushes_are_not_asked_for(
    line: Line, forge: GitHub, more: dict[str, object]
) -> None:
    line.on("Change", answer(pull(**more)))
    assert forge.change(7).foreign
    assert line.names() == ["Change"]


def test_arrivals_are_pushes_to_the_branch_oldest_first(line: Line, forge: GitHub) -> None:
    line.on("Change", answer(pull()))
    made = {"ref": "refs/heads/drafts/web/x", "timestamp": AT, "actor": {"login": "ada", "type": "User"}}
    line.on(
        ACTIVITY,
        [
            {**made, "activity_type": "force_push", "before": OTHER, "after": HEAD, "actor": None},
            {**made, "activity_type": "push", "before": OTHER, "after": HEAD, "ref": "refs/heads/another"},
            {**made, "activity_type": "branch_deletion", "before": OTHER, "after": "0" * 40},
            {**made, "activity_type": "branch_creation", "before": "0" * 40, "after": OTHER},
        ],
    )
    assert forge.change(7).arrivals == (Arrival(ADA, AT, "", OTHER), Arrival(Person(""), AT, OTHER, HEAD))
    assert line.asked[-1].query["ref"] == "refs/heads/drafts/web/x"


STATUS = {"context": {"state": "SUCCESS", "creator": who("portico-user")}}


@pytest.mark.parametrize(
    ("commit", "signal"),
    [
        ({"oid": HEAD, "status": STATUS}, Signal.GOOD),
        ({"oid": OTHER, "status": STATUS}, None),
        ({"oid": HEAD, "status": {"context": {"state": "SUCCESS", "creator": who("mallory")}}}, None),
        ({"oid": HEAD, "status": {"context": None}}, None),
        (
            {"oid": HEAD, "status": {"context": {"state": "PENDING", "creator": who("portico-user")}}},
            Signal.WAITING,
        ),
    ],
)
def test_the_signal_is_that_of_our_own_status(
    line: Line, forge: GitHub, commit: dict[str, object], signal: Signal | None
) -> None:
    line.on("Change", answer(pull(commits=page({"commit": commit}))))
    assert forge.change(7).signal is signal


@pytest.mark.parametrize(
    ("slug", "run", "signal"),
    [
        ("portico", {"status": "COMPLETED", "conclusion": "FAILURE"}, Signal.BAD),
        ("portico", {"status": "IN_PROGRESS", "conclusion": None}, Signal.WAITING),
        ("portico", {"status": "COMPLETED", "conclusion": "STALE"}, None),
        ("another", {"status": "COMPLETED", "conclusion": "SUCCESS"}, None),
    ],
)
def test_the_signal_is_that_of_our_own_check(
    line: Line, forge: GitHub, slug: str, run: dict[str, object], signal: Signal | None
) -> None:
    suites = page({"app": {"slug": slug}, "checkRuns": page(run)})
    found = pull(commits=page({"commit": {"oid": HEAD, "status": None, "checkSuites": suites}}))
    line.on("Change", answer(found, me="portico[bot]"))
    assert forge.change(7).signal is signal


def test_what_a_token_may_not_see_is_left_out(line: Line, forge: GitHub) -> None:
    found = answer(pull(commits=page({"commit": {"oid": HEAD, "status": STATUS, "checkSuites": None}})))
    path = ("repository", "pullRequest", "commits", "nodes", "0", "commit", "checkSuites")
    found["errors"] = errors("FORBIDDEN", "Resource not accessible by personal access token", *path)
    line.on("Change", found)
    assert forge.change(7).signal is Signal.GOOD


def test_what_must_be_seen_is_not_left_out(line: Line, forge: GitHub) -> None:
    found = answer(pull())
    found["errors"] = errors("FORBIDDEN", "Resource not accessible", "repository", "pullRequest", "reviews")
    line.on("Change", found)
    with pytest.raises(Refused, match="Resource not accessible"):
        forge.change(7)


def test_a_token_that_may_not_see_addresses_asks_without_them_from_then_on(line: Line, forge: GitHub) -> None:
    scopes = "Your token has not been granted the required scopes. The 'email' field requires 'read:user'."
    line.on("Change", {"errors": errors("INSUFFICIENT_SCOPES", scopes)}, answer(pull()))
    forge.change(7)
    forge.change(7)
    asked = [request.body["query"] for request in line.asked if request.operation]
    assert [" email" in document for document in asked] == [True, False, False]


def test_a_change_that_is_not_there(line: Line, forge: GitHub) -> None:
    line.on("Change", {"errors": errors("NOT_FOUND", "Could not resolve to a PullRequest", "repository")})
    with pytest.raises(NotFound, match="Could not resolve"):
        forge.change(7)
    line.on("Change", {"data": {"repository": {"pullRequest": None}}})
    with pytest.raises(NotFound, match="no pull request 7"):
        forge.change(7)


def test_all_changes_by_two_lists(line: Line, forge: GitHub) -> None:
    closed = listed(2, "drafts/b/x", state="closed", draft=False)
    foreign = listed(3, head={"ref": "drafts/c/x", "sha": HEAD, "repo": None})
    labelled = listed(4, "drafts/d/x", draft=False, labels=[{"name": DRAFT_LABEL}])
    line.on(PULLS, [labelled, listed(1, "drafts/a/x"), listed(2), foreign], [closed])
    assert forge.changes() == [
        ChangeAt(1, "drafts/a/x", HEAD, AT),
        ChangeAt(2, "drafts/b/x", HEAD, AT, draft=False, open=False),
        ChangeAt(3, "drafts/c/x", HEAD, AT, foreign=True),
        ChangeAt(4, "drafts/d/x", HEAD, AT),
    ]
    assert [asked.query["state"] for asked in line.asked] == ["open", "closed"]


def test_a_list_that_is_as_it_was_costs_nothing(line: Line, forge: GitHub) -> None:
    tagged = {"ETag": '"1"', "Link": f'<{line.address}/repos/acme/packages/pulls?page=2>; rel="next"'}
    same = Said(304, None, tagged)
    line.on(
        PULLS,
        Said(200, [listed(1)], tagged),
        Said(200, [listed(2)], {"ETag": '"2"'}),
        Said(200, [], {"ETag": '"3"'}),
        same,
        same,
        same,
    )
    assert forge.changes() == forge.changes()
    tags = [asked.headers.get("if-none-match") for asked in line.asked]
    assert tags == [None, None, None, '"1"', '"2"', '"3"']
    assert line.asked[1].query["page"] == "2"
    # A page of a hundred is megabytes; what is remembered of it is what was read.
    kept = [item for _, answer in forge._session._known.values() for item in answer.body]
    assert kept == [ChangeAt(1, "drafts/web/x", HEAD, AT), ChangeAt(2, "drafts/web/x", HEAD, AT)]


def test_the_newest_change_of_a_branch(line: Line, forge: GitHub) -> None:
    line.on(PULLS, [])
    assert forge.change_of("drafts/web/x") == 0
    foreign = listed(9, head={"ref": "drafts/web/x", "sha": HEAD, "repo": {"id": 2}})
    line.on(PULLS, [foreign, listed(8), listed(3), listed(10, "another")])
    assert forge.change_of("drafts/web/x") == 8
    assert line.asked[-1].query["head"] == "acme:drafts/web/x"
