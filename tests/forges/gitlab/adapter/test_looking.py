"""A change is read whole; what is ours is known by its author, and of what an approval is by its time."""

from typing import Any

import pytest

from bot.errors import NotFound
from bot.forges.gitlab.forge import GitLab
from bot.forges.gitlab.reading import MARKER, moment
from bot.forges.gitlab.title import as_draft, as_ready, is_draft
from bot.forges.ledger import knows_its_pusher
from bot.lifecycle.change import Answered, Arrival, ChangeAt, Living, Opinion, Remark, Signal
from bot.lifecycle.person import Person
from tests.forges.github.adapter.line import Line, Said
from tests.forges.gitlab.adapter.shapes import (
    CHANGE,
    HEAD,
    ME,
    MERGED,
    OTHER,
    PROJECT,
    approval,
    at,
    note,
    pushed,
    read_at,
    request,
    user,
    version,
)

ADA, GRACE = Person("ada", "Ada"), Person("grace", "Grace")
NOTES, EVENTS, VERSIONS = f"GET {CHANGE}/notes", f"GET {PROJECT}/events", f"GET {CHANGE}/versions"
STATUSES = f"GET {PROJECT}/repository/commits/{HEAD}/statuses"


@pytest.fixture(autouse=True)
def a_change(line: Line) -> None:
    line.on(f"GET {CHANGE}", request())
    line.on(EVENTS, [pushed("ada", 0, None, HEAD)])
    line.on(VERSIONS, [version(1, HEAD)])
    line.on(NOTES, [])


def approvals(line: Line, *given: Any) -> None:
    line.on(f"GET {CHANGE}/approvals", {"approved_by": list(given)})


def test_a_change_is_a_few_requests(line: Line, forge: GitLab) -> None:
    seen = forge.change(7)
    assert (seen.number, seen.title, seen.branch, seen.head) == (7, "Draft: A change", "drafts/web/x", HEAD)
    assert (seen.author, seen.target) == (ADA, "main")
    assert (seen.open, seen.draft, seen.foreign, seen.merged) == (True, True, False, "")
    assert seen.arrivals == (Arrival(ADA, read_at(0), "", HEAD),)
    assert seen.base == ""  # a target that is not there
    assert forge.requests == len(line.asked) == 8
    forge.change(7)
    assert forge.requests == 15


def test_where_the_target_stands_is_asked(line: Line, forge: GitLab) -> None:
    line.on(f"GET {CHANGE}", request(target_branch="release/1"))
    line.on(f"GET {PROJECT}/repository/branches/release/1", {"name": "release/1", "commit": {"id": OTHER}})
    assert forge.change(7).base == OTHER


def test_what_is_not_there(forge: GitLab) -> None:
    with pytest.raises(NotFound, match="no merge request 8"):
        forge.change(8)


def test_a_change_of_a_fork_is_read_no_further(line: Line, forge: GitLab) -> None:
    line.on(f"GET {CHANGE}", request(source_project_id=2), request(source_project_id=None))
    assert forge.change(7).foreign
    assert forge.change(7).foreign
    assert EVENTS not in line.names()


@pytest.mark.parametrize(
    ("more", "merged"),
    [
        ({"merge_commit_sha": MERGED, "squash_commit_sha": OTHER}, MERGED),
        ({"squash_commit_sha": OTHER}, OTHER),
        ({}, HEAD),
        ({"state": "closed", "merge_commit_sha": MERGED}, ""),
    ],
)
def test_the_commit_of_a_merge(line: Line, forge: GitLab, more: dict[str, Any], merged: str) -> None:
    line.on(f"GET {CHANGE}", request(**{"state": "merged", "merge_user": user("grace"), **more}))
    seen = forge.change(7)
    assert (seen.merged, seen.open) == (merged, False)
    assert seen.merged_by == (GRACE if merged else Person(""))


def test_when_it_was_proposed(line: Line, forge: GitLab) -> None:
    line.on(f"GET {CHANGE}", request(title="A change"))
    assert forge.change(7).proposed_at == read_at(1)
    ready = "marked this merge request as **ready**"
    # Newest first, as GitLab is asked for them.
    line.on(NOTES, [note(3, ready, minute=9), note(2, ready, minute=4, system=True)])
    assert forge.change(7).proposed_at == read_at(4)
    line.on(f"GET {CHANGE}", request())
    assert forge.change(7).proposed_at == ""


def test_an_approval_is_of_the_head_that_there_was(line: Line, forge: GitLab) -> None:
    line.on(EVENTS, [pushed("ada", 6, OTHER, HEAD), pushed("ada", 0, None, OTHER)])
    approvals(line, approval("grace", 7), approval("linus", 3))
    reviews = forge.change(7).reviews
    assert [(r.by.login, r.opinion, r.commit, r.at) for r in reviews] == [
        ("linus", Opinion.APPROVED, OTHER, read_at(3)),
        ("grace", Opinion.APPROVED, HEAD, read_at(7)),
    ]


def test_an_approval_in_a_hole_of_the_record_is_of_nothing(line: Line, forge: GitLab) -> None:
    line.on(EVENTS, [pushed("ada", 6, MERGED, HEAD), pushed("ada", 0, None, OTHER)])
    line.on(VERSIONS, [])
    approvals(line, approval("linus", 3), approval("early", None))
    assert [review.commit for review in forge.change(7).reviews] == ["", ""]


def test_versions_fill_what_events_lack(line: Line, forge: GitLab) -> None:
    line.on(f"GET {CHANGE}", request(sha=OTHER))
    line.on(EVENTS, [pushed("ada", 6, OTHER, HEAD), pushed("ada", 0, None, OTHER)])
    line.on(VERSIONS, [version(9, OTHER), version(6, HEAD), version(1, OTHER)])
    approvals(line, approval("grace", 8), approval("linus", 10))
    seen = forge.change(7)
    assert [review.commit for review in seen.reviews] == [HEAD, OTHER]
    assert seen.arrivals[-1] == Arrival(Person(""), read_at(9), HEAD, OTHER)
    line.on(EVENTS, Said(403))
    assert [push.after for push in forge.change(7).arrivals] == [OTHER, HEAD, OTHER]


@pytest.mark.parametrize(("clock", "known"), [("12:20", False), ("13:40", True)])
def test_whose_push_it_was_is_waited_for(line: Line, forge: GitLab, clock: str, *, known: bool) -> None:
    told = [pushed("ada", 0, None, OTHER)]
    line.on(EVENTS, Said(200, told, {"Date": f"Sun, 01 Mar 2026 {clock}:00 GMT"}))
    line.on(VERSIONS, [version(9, HEAD), version(1, OTHER)])
    seen = forge.change(7)
    assert knows_its_pusher(seen) is known
    assert [push.by for push in seen.arrivals] == [ADA, *([Person("")] if known else [])]


def test_a_push_of_many_branches_may_have_been_that_of_the_head(line: Line, forge: GitLab) -> None:
    many = {"ref": None, "ref_count": 5, "commit_to": None}
    told = [pushed("grace", 10, None, None, **many), pushed("linus", 40, None, None, **many)]
    line.on(EVENTS, [*told, pushed("ada", 0, None, OTHER)])
    line.on(VERSIONS, [version(9, HEAD), version(1, OTHER)])
    assert forge.change(7).arrivals[1:] == (Arrival(GRACE, read_at(9), OTHER, HEAD),)


def test_an_older_server_says_in_a_note_when_it_was_approved(line: Line, forge: GitLab) -> None:
    line.on(NOTES, [note(2, "approved this merge request", "grace", 4, system=True)])
    approvals(line, approval("grace", None))
    assert forge.change(7).reviews[0][3:5] == (HEAD, read_at(4))


def test_changes_are_requested_while_the_reviewer_says_so(line: Line, forge: GitLab) -> None:
    line.on(NOTES, [note(2, "requested changes", "grace", 4, system=True)])
    line.on(f"GET {CHANGE}/reviewers", [{"user": user("grace"), "state": "requested_changes"}])
    objection = forge.change(7).reviews[0]
    assert (objection.by, objection.opinion, objection.at) == (GRACE, Opinion.REJECTED, read_at(4))
    line.on(f"GET {CHANGE}/reviewers", [{"user": user("grace"), "state": "unreviewed"}])
    assert forge.change(7).reviews == ()


def test_other_branches_pushes_are_not_of_the_change(line: Line, forge: GitLab) -> None:
    line.on(
        EVENTS,
        [
            pushed("ada", 8, HEAD, None),
            pushed("ada", 7, None, OTHER, ref="drafts/web/y"),
            pushed("ada", 6, None, OTHER, ref_type="tag"),
            pushed("grace", 0, None, HEAD),
        ],
    )
    assert forge.change(7).arrivals == (Arrival(GRACE, read_at(0), "", HEAD),)


def test_remarks_carry_our_own_marks(line: Line, forge: GitLab) -> None:
    line.on(
        NOTES, [note(number, "/reject", minute=9 - number) for number in (4, 3, 2, 1)] + [note(9, "Fine.")]
    )
    marks = (("eyes",), ("eyes", "rocket"), ("confused", "eyes"), ())
    for number, names in enumerate(marks, 1):
        awards = [{"name": name, "user": user(ME)} for name in names]
        line.on(
            f"GET {CHANGE}/notes/{number}/award_emoji", [*awards, {"name": "rocket", "user": user("ada")}]
        )
    remarks = {remark.id: remark for remark in forge.change(7).remarks}
    assert remarks["1"] == Remark("1", ADA, "/reject", read_at(8), Answered.SEEN)
    answered = [remarks[number].answered for number in ("2", "3", "4", "9")]
    assert answered == [Answered.DONE, Answered.REFUSED, Answered.NOT_YET, Answered.NOT_YET]
    before = forge.requests
    forge.change(7)
    assert forge.requests - before == 7 + 2  # what was done or refused stays so


def test_an_edited_remark_is_known_by_its_text_and_not_by_an_award(line: Line, forge: GitLab) -> None:
    line.on(NOTES, [note(number, "/reject", updated_at=at(20)) for number in (2, 1)])
    line.on(
        "Edits",
        {
            "data": {
                "project": {
                    "mergeRequest": {
                        "notes": {
                            "pageInfo": {"hasNextPage": False},
                            "nodes": [
                                {"id": "gid://gitlab/DiffNote/1", "lastEditedAt": None},
                                {"id": "gid://gitlab/Note/2", "lastEditedAt": at(20)},
                            ],
                        }
                    }
                }
            }
        },
    )
    assert [remark.edited for remark in forge.change(7).remarks] == [False, True]


def test_where_nobody_says_whether_it_was_edited_it_was(line: Line, forge: GitLab) -> None:
    line.on(NOTES, [note(2, "/reject", updated_at=at(20)), note(1, "/reject")])
    line.on("Edits", {"errors": [{"message": "Field 'lastEditedAt' doesn't exist"}]})
    assert [remark.edited for remark in forge.change(7).remarks] == [False, True]


def test_the_living_note_is_ours_by_author_and_marker(line: Line, forge: GitLab) -> None:
    line.on(
        NOTES,
        [
            note(4, f"{MARKER}second", ME),
            note(3, f"{MARKER}first\r\nline", ME),
            note(2, f"> {MARKER}quoted", ME),
            note(1, f"{MARKER}forged"),
        ],
    )
    seen = forge.change(7)
    assert seen.living == Living("3", "first\nline")
    assert [remark.id for remark in seen.remarks] == ["1", "2"]


@pytest.mark.parametrize(
    ("status", "by", "signal"),
    [
        ("success", ME, Signal.GOOD),
        ("pending", ME, Signal.WAITING),
        ("failed", ME, Signal.BAD),
        ("success", "ada", None),
    ],
)
def test_our_own_verdict_alone_counts(
    line: Line, forge: GitLab, status: str, by: str, signal: Signal | None
) -> None:
    given = [("portico", "failed", ME, 1), ("portico", status, by, 2), ("ci", "success", ME, 3)]
    line.on(
        STATUSES,
        [{"id": n, "name": name, "status": said, "author": user(who)} for name, said, who, n in given],
    )
    assert forge.change(7).signal is signal


def test_changes_are_listed_once(line: Line, forge: GitLab) -> None:
    line.on(
        f"GET {PROJECT}/merge_requests",
        [request(), request(iid=9, title="Ready")],
        [request(state="merged"), request(iid=3, state="closed", source_project_id=2)],
    )
    assert forge.changes() == [
        ChangeAt(3, "drafts/web/x", HEAD, read_at(2), open=False, foreign=True),
        ChangeAt(7, "drafts/web/x", HEAD, read_at(2), open=False),
        ChangeAt(9, "drafts/web/x", HEAD, read_at(2), draft=False),
    ]


def test_the_newest_change_of_a_branch(line: Line, forge: GitLab) -> None:
    line.on(
        f"GET {PROJECT}/merge_requests",
        [
            request(iid=9, source_project_id=2),
            request(iid=8, source_branch="other"),
            request(),
            request(iid=2),
        ],
    )
    assert forge.change_of("drafts/web/x") == 7
    assert line.asked[-1].query["source_branch"] == "drafts/web/x"


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Draft: x", "x"),
        ("[draft] (DRAFT) draft:x", "x"),
        ("Drafty: x", None),
        ("WIP: x", None),
        ("x Draft:", None),
    ],
)
def test_titles_of_drafts(title: str, rest: str | None) -> None:
    assert is_draft(title) is (rest is not None)
    assert as_ready(title) == (title if rest is None else rest)
    assert as_draft(title) == (f"Draft: {title}" if rest is None else title)


def test_times_are_compared_in_utc() -> None:
    assert moment("2026-03-01T14:00:00.500+02:00") == "2026-03-01T12:00:00.500000Z"
    assert moment("2026-03-01T12:00:00.5Z") == "2026-03-01T12:00:00.500000Z"
    assert moment(None) == moment("soon") == moment("2026-03-01T12:00:00") == ""


def test_a_draft_comes_before_what_is_closed_or_goes_elsewhere(line: Line, forge: GitLab) -> None:
    elsewhere = [request(iid=9, target_branch="elsewhere"), request(iid=8, state="closed")]
    line.on(f"GET {PROJECT}/merge_requests", [*elsewhere, request()])
    assert forge.change_of("drafts/web/x") == 7
    line.on(f"GET {PROJECT}/merge_requests", elsewhere)
    assert forge.change_of("drafts/web/x") == 9


@pytest.mark.parametrize(
    "said",
    [
        "changed target branch from `elsewhere` to `main`",
        "deleted the `elsewhere` branch. This merge request now targets the `main` branch",
    ],
)
def test_when_it_was_aimed_at_this_branch(line: Line, forge: GitLab, said: str) -> None:
    line.on(NOTES, [note(3, said, minute=9), note(2, said, minute=4, system=True)])
    assert forge.change(7).retargeted_at == read_at(4)
    line.on(NOTES, [note(3, said, minute=9)])
    assert forge.change(7).retargeted_at == ""
