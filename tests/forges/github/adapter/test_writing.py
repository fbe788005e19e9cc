"""What is written is found rather than doubled, and not written when it is there."""

import pytest

from bot.errors import Later, Moved, NotFound, Refused
from bot.forges.github.forge import GitHub
from bot.forges.github.reading import DRAFT_LABEL, MARKER
from bot.lifecycle.change import Answered, Change, Living, Remark, Rights
from bot.lifecycle.person import Person
from tests.forges.github.adapter.line import Line, Said
from tests.forges.github.adapter.shapes import HEAD, errors, listed, standing

PULLS = "POST /repos/acme/packages/pulls"
LIST = "GET /repos/acme/packages/pulls"
LABELS = "POST /repos/acme/packages/issues/7/labels"
UNLABEL = f"DELETE /repos/acme/packages/issues/7/labels/{DRAFT_LABEL}"
COMMENTS = "POST /repos/acme/packages/issues/7/comments"
SAID = "GET /repos/acme/packages/issues/7/comments"
COMMENT = "PATCH /repos/acme/packages/issues/comments/5"
REACTIONS = "POST /repos/acme/packages/issues/comments/9/reactions"
ADA = Person("ada")
MADE = Said(201, {"number": 7})


def change(*, living: Living | None = None, labels: tuple[str, ...] = ()) -> Change:
    return Change(
        number=7,
        title="",
        branch="drafts/web/x",
        head=HEAD,
        target="main",
        author=ADA,
        living=living,
        labels=labels,
    )


def invalid(*messages: object) -> Said:
    return Said(422, {"message": "Validation Failed", "errors": list(messages)})


def opened(forge: GitHub) -> int:
    return forge.open_change("drafts/web/x", "web: x", "Words.")


def test_a_draft_is_opened_to_the_registered_branch(line: Line, forge: GitHub) -> None:
    line.on(PULLS, MADE)
    assert opened(forge) == 7
    asked = {"title": "web: x", "head": "drafts/web/x", "base": "main", "body": "Words.", "draft": True}
    assert line.bodies(PULLS) == [asked]


def test_without_drafts_a_label_says_it_from_then_on(line: Line, forge: GitHub) -> None:
    no_drafts = invalid({"message": "Draft pull requests are not supported in this repository."})
    line.on(PULLS, no_drafts, MADE)
    line.on(
        LABELS, Said(502), []
    )  # it does no harm to ask for a label again, and without it this is no draft
    assert opened(forge) == opened(forge) == 7
    assert [body["draft"] for body in line.bodies(PULLS)] == [True, False, False]
    assert line.bodies(LABELS) == [{"labels": [DRAFT_LABEL]}] * 3
    line.on("Home", home())
    assert not forge.home().has_drafts


def home() -> object:
    found = {"nameWithOwner": "acme/packages", "defaultBranchRef": {"name": "main"}, "mergeQueue": None}
    return {"data": {"viewer": {"login": "portico-user"}, "repository": found}}


@pytest.mark.parametrize(
    "said", [invalid({"message": "A pull request already exists for acme:drafts/web/x."}), Said(502)]
)
def test_the_one_that_there_is_is_found(line: Line, forge: GitHub, said: Said) -> None:
    line.on(PULLS, said)
    line.on(LIST, [listed(6)])
    assert opened(forge) == 6
    assert line.names().count(PULLS) == 1
    asked = line.asked[-1].query
    assert (asked["state"], asked["head"], asked["base"]) == ("open", "acme:drafts/web/x", "main")


def test_an_unclear_answer_does_not_make_two(line: Line, forge: GitHub) -> None:
    line.on(PULLS, Said(502))
    line.on(LIST, [])
    with pytest.raises(Later):
        opened(forge)
    assert line.names().count(PULLS) == 1


@pytest.mark.parametrize(
    ("said", "kind", "text"),
    [
        (invalid({"message": "No commits between main and drafts/web/x"}), Refused, "push a change first"),
        (invalid({"resource": "PullRequest", "field": "head", "code": "invalid"}), Moved, "not on GitHub"),
        (invalid({"message": "Something else"}), Refused, "Something else"),
        (Said(403, {"message": "GitHub Actions is not permitted to create"}), Refused, "not permitted"),
    ],
)
def test_what_cannot_be_opened(
    line: Line, forge: GitHub, said: Said, kind: type[Exception], text: str
) -> None:
    line.on(PULLS, said)
    with pytest.raises(kind, match=text):
        opened(forge)


def test_the_default_branch_is_the_registered_one_where_none_is_named(line: Line, forge: GitHub) -> None:
    forge._place.branch = ""
    line.on("Home", home())
    line.on(PULLS, MADE)
    opened(forge)
    assert line.bodies(PULLS)[0]["base"] == "main"


@pytest.mark.parametrize(("draft", "mutation"), [(True, "Draft"), (False, "Ready")])
def test_a_change_is_marked_once(line: Line, forge: GitHub, *, draft: bool, mutation: str) -> None:
    line.on("Standing", standing(isDraft=not draft), standing(isDraft=draft))
    line.on(mutation, {"data": {}})
    forge.mark(change(), draft=draft)
    forge.mark(change(), draft=draft)
    assert line.names() == ["Standing", mutation, "Standing"]
    assert line.bodies(mutation) == [{"id": "PR_7"}]


def test_a_closed_change_is_not_marked(line: Line, forge: GitHub) -> None:
    line.on("Standing", standing(state="CLOSED"))
    with pytest.raises(Moved, match="no longer open"):
        forge.mark(change(), draft=True)


def test_the_label_stands_for_a_draft_where_there_are_none(line: Line, forge: GitHub) -> None:
    line.on("Standing", standing())
    line.on("Draft", {"errors": errors("UNPROCESSABLE", "Draft pull requests are not supported")})
    line.on(LABELS, [])
    forge.mark(change(), draft=True)
    assert line.bodies(LABELS) == [{"labels": [DRAFT_LABEL]}]
    line.on(UNLABEL, Said(200, []), Said(404, {"message": "Label does not exist"}))
    forge.mark(change(labels=(DRAFT_LABEL,)), draft=False)
    forge.mark(change(labels=(DRAFT_LABEL,)), draft=False)
    assert line.names().count(UNLABEL) == 2


def test_close(line: Line, forge: GitHub) -> None:
    line.on("PATCH /repos/acme/packages/pulls/7", {"number": 7})
    forge.close(change())
    assert line.asked[0].body == {"state": "closed"}


def test_the_living_comment_is_made_then_edited_then_left_alone(line: Line, forge: GitHub) -> None:
    line.on(COMMENTS, Said(201, {"id": 5}))
    line.on(COMMENT, {"id": 5})
    forge.keep_living(change(), "Draft.")
    forge.keep_living(change(living=Living("5", "Draft.\n")), "Draft.")
    forge.keep_living(change(living=Living("5", "Draft.")), "Proposed.")
    assert line.names() == [COMMENTS, SAID, COMMENT]
    assert line.bodies(COMMENTS) == [{"body": f"{MARKER}Draft."}]
    assert line.bodies(COMMENT) == [{"body": f"{MARKER}Proposed."}]


def test_a_living_comment_that_was_deleted_is_made_anew(line: Line, forge: GitHub) -> None:
    line.on(COMMENTS, Said(201, {"id": 6}))
    forge.keep_living(change(living=Living("5", "Draft.")), "Proposed.")
    assert line.names() == [COMMENT, COMMENTS, SAID]


def test_a_long_comment_is_cut_and_then_the_same(line: Line, forge: GitHub) -> None:
    line.on(COMMENTS, Said(201, {"id": 5}))
    text = "A line.\n" * 10_000
    forge.keep_living(change(), text)
    (sent,) = line.bodies(COMMENTS)
    assert 65_000 < len(sent["body"]) <= 65_536
    forge.keep_living(change(living=Living("5", sent["body"].removeprefix(MARKER))), text)
    assert line.names() == [COMMENTS, SAID]


@pytest.mark.parametrize(
    ("answered", "mark"),
    [(Answered.SEEN, "eyes"), (Answered.DONE, "rocket"), (Answered.REFUSED, "confused")],
)
def test_a_mark_is_set(line: Line, forge: GitHub, answered: Answered, mark: str) -> None:
    line.on(REACTIONS, Said(201, {"id": 1}), Said(404, {"message": "Not Found"}))
    forge.react(change(), Remark("9", ADA, "/approve", ""), answered)
    assert line.bodies(REACTIONS) == [{"content": mark}]
    forge.react(change(), Remark("9", ADA, "/approve", "", answered), answered)
    assert line.names() == [REACTIONS]
    forge.react(change(), Remark("9", ADA, "/approve", ""), answered)  # it was deleted meanwhile


def test_no_mark_is_taken_away(line: Line, forge: GitHub) -> None:
    forge.react(change(), Remark("9", ADA, "/approve", "", Answered.SEEN), Answered.NOT_YET)
    assert line.names() == []


PERMISSION = "GET /repos/acme/packages/collaborators/ada/permission"


@pytest.mark.parametrize(
    ("said", "rights"),
    [
        ({"permission": "admin", "role_name": "admin"}, Rights.ADMIN),
        ({"permission": "write", "role_name": "maintain"}, Rights.WRITE),
        ({"permission": "write", "role_name": "a role of ours"}, Rights.WRITE),
        ({"permission": "read", "role_name": "triage"}, Rights.READ),
        ({"permission": "none", "role_name": ""}, Rights.NONE),
        ({}, Rights.NONE),
        (Said(404, {"message": "ada is not a user"}), Rights.NONE),
        (Said(403, {"message": "Must have push access"}), Rights.NONE),
    ],
)
def test_rights(line: Line, forge: GitHub, said: object, rights: Rights) -> None:
    line.on(PERMISSION, said)
    assert forge.rights(ADA) is rights


def test_nobody_may_do_nothing(line: Line, forge: GitHub) -> None:
    assert forge.rights(Person("", "Ada", "ada@example.com")) is Rights.NONE
    assert forge.rights(Person("../../ada")) is Rights.NONE
    assert line.asked == []


def test_rights_are_asked_for_once_in_a_look(line: Line, forge: GitHub) -> None:
    line.on(PERMISSION, {"role_name": "write"}, {"role_name": "read"})
    assert forge.rights(ADA) is forge.rights(Person("Ada")) is Rights.WRITE
    with pytest.raises(NotFound):
        forge.change(8)
    assert forge.rights(ADA) is Rights.READ


MEMBERS = "GET /orgs/acme/teams/reviewers/members"


def test_members_of_a_team(line: Line, forge: GitHub) -> None:
    following = Said(200, [{"login": "ada"}], {"Link": '<https://x/y?page=2>; rel="next", <z>; rel="last"'})
    line.on(MEMBERS, following, [{"login": "grace"}])
    assert forge.members("acme/reviewers") == ["ada", "grace"]
    assert forge.members("acme/reviewers") == ["ada", "grace"]
    assert len(line.asked) == 2


@pytest.mark.parametrize("team", ["acme/unknown", "reviewers", "acme/../../user", "acme/a/b", ""])
def test_a_team_that_cannot_be_read(forge: GitHub, team: str) -> None:
    with pytest.raises(NotFound, match="team"):
        forge.members(team)
