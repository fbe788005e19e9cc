"""An issue is read with our own marks, and what was edited is known as such."""

import pytest

from bot.errors import NotFound
from bot.forges.gitlab.forge import GitLab
from bot.forges.gitlab.reading import MARKER
from bot.lifecycle.change import Answered, Living, Remark
from bot.lifecycle.person import Person
from tests.forges.github.adapter.line import Line
from tests.forges.gitlab.adapter.shapes import ME, PROJECT, at, note, read_at, user

ISSUE = f"{PROJECT}/issues/7"
ADA = Person("ada", "Ada")


@pytest.fixture(autouse=True)
def an_issue(line: Line) -> None:
    issue = {"iid": 7, "author": user("ada"), "description": "/init web", "created_at": at(0)}
    line.on(f"GET {ISSUE}", {**issue, "web_url": "https://gitlab.test/acme/-/issues/7"})
    line.on(f"GET {ISSUE}/notes", [])


def test_its_own_text_is_the_first_remark(line: Line, forge: GitLab) -> None:
    awards = [{"name": "rocket", "user": user("ada")}, {"name": "eyes", "user": user(ME)}]
    line.on(f"GET {ISSUE}/award_emoji", awards)
    line.on(f"GET {ISSUE}/notes", [note(2, f"{MARKER}Hello", ME), note(1, "Well.")])
    seen = forge.issue(7)
    assert (seen.number, seen.url) == (7, "https://gitlab.test/acme/-/issues/7")
    assert seen.remarks[0] == Remark("", ADA, "/init web", read_at(0), Answered.SEEN)
    assert [remark.id for remark in seen.remarks] == ["", "1"]
    assert seen.living == Living("2", "Hello")


def test_a_text_was_edited_when_gitlab_says_so_and_a_note_when_its_own_text_was(
    line: Line, forge: GitLab
) -> None:
    line.on(f"GET {ISSUE}/award_emoji", [])
    notes = [note(number, "/help", updated_at=at(20)) for number in (3, 2)]
    line.on(f"GET {ISSUE}/notes", [*notes, note(1, "changed the description", system=True)])
    for number in (2, 3):
        line.on(f"GET {ISSUE}/notes/{number}/award_emoji", [])
    nodes = [{"id": "gid://gitlab/Note/3", "lastEditedAt": at(20)}]
    found = {"notes": {"pageInfo": {"hasNextPage": False}, "nodes": nodes}}
    line.on("Edits", {"data": {"project": {"issue": found}}})
    assert [(remark.id, remark.edited) for remark in forge.issue(7).remarks] == [
        ("", True),
        ("2", False),
        ("3", True),
    ]


def test_what_is_not_there(forge: GitLab) -> None:
    with pytest.raises(NotFound, match="The project has no issue"):
        forge.issue(8)
