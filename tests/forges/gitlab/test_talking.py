"""Notes, and the quick actions that GitLab takes out of them before anybody hears."""

import pytest

from tests.forges.gitlab import quick_actions
from tests.forges.gitlab.cast import BRANCH, Cast


def heard(cast: Cast) -> list[str]:
    return [each.name for each in cast.world.switchboard.waiting if each.name.startswith("note")]


def test_a_note_is_told_with_the_head(cast: Cast) -> None:
    held = cast.propose()
    answer = cast.note("grace", held, "/portico approve\n\nplease")
    assert answer.status == 201
    assert answer.json()["body"] == "/portico approve\n\nplease"
    [told] = cast.world.switchboard.select("note.create")
    assert told.payload["object_attributes"]["note"] == "/portico approve\n\nplease"
    assert told.payload["merge_request"]["last_commit"]["id"] == held.head
    assert told.payload["user"]["username"] == "grace"


def test_a_note_of_quick_actions_alone_is_none(cast: Cast) -> None:
    held = cast.propose()
    answer = cast.note("grace", held, "/approve")
    assert (answer.status, answer.json()["commands_changes"]) == (202, {"approve": True})
    assert "id" not in answer.json()
    assert heard(cast) == []
    assert [each.user.username for each in held.approvals] == ["grace"]
    assert cast.world.switchboard.select("merge_request.approved")


def test_quick_actions_are_stripped_and_the_rest_stays(cast: Cast) -> None:
    held = cast.propose()
    answer = cast.note("grace", held, "Well done\n/approve\n/draft\nthanks")
    assert (answer.status, answer.json()["body"]) == (201, "Well done\nthanks")
    assert held.is_draft
    assert held.approvals
    assert heard(cast) == ["note.create"]


@pytest.mark.parametrize(
    ("text", "left", "commands"),
    [
        ("/ready", "", ["ready"]),
        ("/READY", "", ["ready"]),
        ("/merge now\n/rebase", "", ["merge", "rebase"]),
        ("> /approve", "> /approve", []),
        ("```\n/approve\n```", "```\n/approve\n```", []),
        ("```\n/approve", "```\n/approve", []),
        (" /approve", " /approve", []),
        ("see /approve", "see /approve", []),
        ("/portico approve", "/portico approve", []),
        ("/propose", "/propose", []),
        ("/clone", "", ["clone"]),
        ("a\r\n/close\r\nb", "a\nb", ["close"]),
    ],
)
def test_what_gitlab_takes_for_itself(text: str, left: str, commands: list[str]) -> None:
    taken = quick_actions.extract(text)
    assert (taken.body, [name for name, _ in taken.commands]) == (left, commands)


def test_what_quick_actions_do(cast: Cast) -> None:
    held = cast.propose()
    assert cast.note("ada", held, "/draft").status == 202
    assert held.title == f"Draft: Propose {BRANCH}"
    assert cast.note("ada", held, "/ready\n/label ~new").status == 202
    assert (held.title, held.labels) == (f"Propose {BRANCH}", ["new"])
    assert cast.note("ada", held, "/close").status == 202
    assert held.state == "closed"
    assert cast.note("ada", held, "/reopen\n/title Blue\n/react :tada:").status == 202
    assert (held.state, held.title, held.awards[0].name) == ("opened", "Blue", "tada")
    assert cast.note("ada", held, "/merge").status == 400, "who may not merge may not by words"
    cast.commit("mia", "main", {"elsewhere.yaml": b"x: 1\n"})
    before = held.head
    assert cast.note("mia", held, "/rebase").status == 202
    assert held.head != before
    assert cast.note("mia", held, "/merge").status == 202
    assert held.state == "merged"
    assert heard(cast) == []


def test_who_may_edit_whose_note(cast: Cast) -> None:
    held = cast.propose()
    number = cast.note("ada", held, "Well").json()["id"]
    path = f"/merge_requests/{held.iid}/notes/{number}"
    assert cast.ask("PUT", path, {"body": "/portico approve"}, "grace").status == 403
    assert cast.ask("PUT", path, {"body": "/portico approve"}, "mia").status == 200
    [told] = cast.world.switchboard.select("note.update")
    assert (told.payload["user"]["username"], told.payload["object_attributes"]["author_id"]) == (
        "mia",
        cast.user("ada").id,
    )
    assert cast.ask("PUT", path, {"body": "/portico approve"}).status == 200
    assert len(cast.world.switchboard.select("note.update")) == 1, "the same words are no edit"


def test_gitlabs_own_notes_are_listed_and_told_to_nobody(cast: Cast) -> None:
    held = cast.propose()
    cast.commit("ada", BRANCH, {"blue/y.yaml": b"y: 1\n"})
    listed = cast.ask("GET", f"/merge_requests/{held.iid}/notes?sort=asc").json()
    assert [(each["system"], each["body"][:14]) for each in listed] == [(True, "added 1 commit")]
    path = f"/merge_requests/{held.iid}/notes/{listed[0]['id']}"
    assert cast.ask("DELETE", path, username="root").status == 403
    assert heard(cast) == []


def test_an_emoji_once_for_each(cast: Cast) -> None:
    held = cast.propose()
    number = cast.note("ada", held, "Well").json()["id"]
    path = f"/merge_requests/{held.iid}/notes/{number}/award_emoji"
    assert cast.ask("POST", path, {"name": "eyes"}).status == 201
    again = cast.ask("POST", path, {"name": "eyes"})
    assert (again.status, again.json()["message"]) == (
        404,
        "404 Award Emoji Name has already been taken Not Found",
    )
    assert cast.ask("POST", path, {"name": "eyes"}, "grace").status == 201
    told = cast.world.switchboard.select("emoji.award")
    assert [each.payload["object_attributes"]["awardable_id"] for each in told] == [number, number]
