"""What is written to GitLab is written once, and nothing of it is carried out as an order."""

import pytest

from bot.errors import Later, Moved, Refused
from bot.forges.gitlab.forge import GitLab
from bot.forges.gitlab.reading import MARKER
from bot.lifecycle.change import Answered, Change, Living, Remark, Signal, Verdict
from bot.lifecycle.person import Person
from tests.forges.github.adapter.line import BREAK, Line, Said
from tests.forges.gitlab.adapter.shapes import CHANGE, HEAD, ME, OTHER, PROJECT, request, user

SEEN = Change(
    number=7, title="A change", branch="drafts/web/x", head=HEAD, target="main", author=Person("ada")
)
REQUESTS, GET, PUT = f"{PROJECT}/merge_requests", f"GET {CHANGE}", f"PUT {CHANGE}"
NOTES, TAGS = f"{CHANGE}/notes", f"{PROJECT}/repository/tags"
STATUS, STATUSES = f"POST {PROJECT}/statuses/{HEAD}", f"GET {PROJECT}/repository/commits/{HEAD}/statuses"
REMARK = Remark("3", Person("ada"), "/reject", "")
WAITING = Verdict(Signal.WAITING, "Waiting for approvals")


def test_a_draft_is_opened(line: Line, forge: GitLab) -> None:
    line.on(f"POST {REQUESTS}", Said(201, request()))
    assert forge.open_change("drafts/web/x", "web/x", "Text.\n/close\n") == 7
    assert line.bodies(f"POST {REQUESTS}") == [
        {
            "source_branch": "drafts/web/x",
            "target_branch": "main",
            "title": "Draft: web/x",
            "description": "Text.\n&#47;close\n",
            "remove_source_branch": False,
        }
    ]


@pytest.mark.parametrize(
    "said", [Said(409, {"message": ["Another open merge request already exists"]}), Said(BREAK)]
)
def test_the_one_that_there_is_is_found(line: Line, forge: GitLab, said: Said) -> None:
    line.on(f"POST {REQUESTS}", said)
    line.on(f"GET {REQUESTS}", [request()])
    assert forge.open_change("drafts/web/x", "web/x", "") == 7
    assert line.names().count(f"POST {REQUESTS}") == 1
    line.on(f"GET {REQUESTS}", [])
    with pytest.raises((Moved, Later)):
        forge.open_change("drafts/web/x", "web/x", "")


@pytest.mark.parametrize(
    ("title", "draft", "written"),
    [
        ("A change", True, "Draft: A change"),
        ("[Draft] A change", True, None),
        ("Draft: (draft) A change", False, "A change"),
        ("Draft:", False, "drafts/web/x"),
        ("A change", False, None),
    ],
)
def test_a_title_says_what_it_is(
    line: Line, forge: GitLab, title: str, *, draft: bool, written: str | None
) -> None:
    line.on(GET, request(title=title, draft=title != "A change"))
    line.on(PUT, request())
    forge.mark(SEEN, draft=draft)
    assert line.bodies(PUT) == ([{"title": written}] if written else [])


@pytest.mark.parametrize("state", ["closed", "merged", "locked"])
def test_what_is_not_open_is_not_marked(line: Line, forge: GitLab, state: str) -> None:
    line.on(GET, request(state=state))
    with pytest.raises(Moved):
        forge.mark(SEEN, draft=False)
    assert PUT not in line.names()


def test_it_is_closed_once(line: Line, forge: GitLab) -> None:
    line.on(GET, request(), request(state="closed"))
    line.on(PUT, request())
    forge.close(SEEN)
    forge.close(SEEN)
    assert line.bodies(PUT) == [{"state_event": "close"}]


def test_the_living_note_is_written_once_and_obeys_nobody(line: Line, forge: GitLab) -> None:
    line.on(f"POST {NOTES}", Said(201, {"id": 4}))
    line.on(f"PUT {NOTES}/4", {"id": 4})
    forge.keep_living(SEEN, "Hello\n /merge\n")
    body = f"{MARKER}Hello\n &#47;merge\n"
    assert line.bodies(f"POST {NOTES}") == [{"body": body}]
    there = Change(
        number=7, title="", branch="", head="", target="", author=Person(""),
        living=Living("4", body.removeprefix(MARKER).rstrip()),
    )  # fmt: skip
    forge.keep_living(there, "Hello\n /merge\n")
    assert len(line.asked) == 2
    forge.keep_living(there, "Else")
    assert line.bodies(f"PUT {NOTES}/4") == [{"body": f"{MARKER}Else"}]
    line.on(f"PUT {NOTES}/4", Said(404))
    forge.keep_living(there, "Else")
    assert line.names()[-2] == f"POST {NOTES}"


@pytest.mark.parametrize("theirs", [3, 5])
def test_of_two_living_notes_the_older_stays(line: Line, forge: GitLab, theirs: int) -> None:
    living = [{"id": number, "body": f"{MARKER}x", "author": {"username": ME}} for number in (4, theirs)]
    line.on(f"POST {NOTES}", Said(201, living[0]))
    line.on(f"GET {NOTES}", living)
    line.on(f"DELETE {NOTES}/4", Said(204))
    forge.keep_living(SEEN, "Hello")
    assert (line.names()[-1] == f"DELETE {NOTES}/4") == (theirs < 4)


def test_marks_are_added_and_none_twice(line: Line, forge: GitLab) -> None:
    award = f"POST {NOTES}/3/award_emoji"
    line.on(
        award, Said(201, {}), Said(404, {"message": "404 Award Emoji Name has already been taken Not Found"})
    )
    for answered in (Answered.SEEN, Answered.DONE, Answered.REFUSED, Answered.NOT_YET):
        forge.react(SEEN, REMARK, answered)
    forge.react(SEEN, REMARK._replace(answered=Answered.DONE), Answered.DONE)
    assert [body["name"] for body in line.bodies(award)] == ["eyes", "rocket", "confused"]


@pytest.mark.parametrize("said", [Said(400, {"message": "Tag web/v1 already exists"}), Said(BREAK)])
def test_a_tag_that_is_there_stands_where_it_must(line: Line, forge: GitLab, said: Said) -> None:
    line.on(f"POST {TAGS}", Said(201, {}), said)
    forge.create_tag("web/v1", HEAD)
    assert line.bodies(f"POST {TAGS}") == [{"tag_name": "web/v1", "ref": HEAD}]
    line.on(f"GET {TAGS}/web/v1", {"name": "web/v1", "commit": {"id": HEAD}}, {"commit": {"id": OTHER}})
    forge.create_tag("web/v1", HEAD)
    with pytest.raises(Moved, match="never moved"):
        forge.create_tag("web/v1", HEAD)


def test_a_tag_that_may_not_be_is_told(line: Line, forge: GitLab) -> None:
    line.on(
        f"POST {TAGS}", Said(400, {"message": "You are not allowed to create this tag as it is protected."})
    )
    with pytest.raises(Refused, match="protected"):
        forge.create_tag("web/v1", HEAD)


def test_a_tag_is_deleted_where_it_is_meant(line: Line, forge: GitLab) -> None:
    line.on(
        f"GET {TAGS}/web/v1",
        {"commit": {"id": HEAD}},
        {"commit": {"id": OTHER}},
        Said(404, {"message": "404 Tag Not Found"}),
    )
    line.on(f"DELETE {TAGS}/web/v1", Said(204, None))
    forge.delete_tag("web/v1", HEAD)
    with pytest.raises(Moved, match="not the one that was meant"):
        forge.delete_tag("web/v1", HEAD)
    forge.delete_tag("web/v1", HEAD)
    assert len(line.bodies(f"DELETE {TAGS}/web/v1")) == 1


def test_a_tag_that_may_not_be_deleted_is_told(line: Line, forge: GitLab) -> None:
    line.on(f"GET {TAGS}/web/v1", {"commit": {"id": HEAD}})
    line.on(f"DELETE {TAGS}/web/v1", Said(403, {"message": "403 Forbidden"}))
    with pytest.raises(Refused, match="role that may"):
        forge.delete_tag("web/v1", HEAD)


def test_a_verdict_is_written_once(line: Line, forge: GitLab) -> None:
    line.on(STATUSES, [])
    line.on(STATUS, Said(201, {}))
    forge.judge(SEEN, HEAD, WAITING)
    asked = {
        "state": "pending",
        "description": "Waiting; the comment of portico says for what",
        "name": "portico",
        "ref": "drafts/web/x",
    }
    assert line.bodies(STATUS) == [asked]
    shown = {"id": 1, "name": "portico", "status": "pending", "author": user(ME)}
    line.on(STATUSES, [{**shown, "description": "Waiting; the comment of portico says for what"}])
    forge.judge(SEEN, HEAD, WAITING)
    assert len(line.bodies(STATUS)) == 1


def test_a_status_that_cannot_become_itself_is_right(line: Line, forge: GitLab) -> None:
    line.on(STATUSES, [])
    line.on(
        STATUS, Said(400, {"message": "Cannot transition status via :enqueue from :pending (Reason(s): …)"})
    )
    forge.judge(SEEN, HEAD, WAITING)
    line.on(STATUS, Said(403, {"message": "403 Forbidden"}))
    with pytest.raises(Refused):
        forge.judge(SEEN, HEAD, Verdict(Signal.GOOD, "Approved"))
