"""A merge is at one head, sent once, and every refusal says what it means."""

import pytest

from bot.errors import Later, Moved, NotFound, Outdated, Refused, UserError
from bot.forges.github.forge import GitHub
from bot.lifecycle.change import Change
from bot.lifecycle.person import Person
from tests.forges.github.adapter.line import BREAK, Line, Said
from tests.forges.github.adapter.shapes import HEAD, MERGED, OTHER, errors, standing

MERGE = "PUT /repos/acme/packages/pulls/7/merge"
REFS = "POST /repos/acme/packages/git/refs"
UNTAG = "DELETE /repos/acme/packages/git/refs/tags/apps/web/v1"
REF = "GET /repos/acme/packages/git/ref/tags/apps/web/v1"
DONE = {"sha": MERGED, "merged": True, "message": "Pull Request successfully merged"}
CHANGE = Change(number=7, title="", branch="drafts/web/x", head=HEAD, target="main", author=Person("ada"))


def merge(forge: GitHub) -> str:
    return forge.merge(CHANGE, HEAD, "Publish web v1", "Approved-by: @grace")


def refused(status: int, message: str) -> Said:
    return Said(status, {"message": message, "documentation_url": "https://docs.github.com"})


def test_the_head_and_the_words_are_sent(line: Line, forge: GitHub) -> None:
    line.on("Standing", standing())
    line.on(MERGE, DONE)
    assert merge(forge) == MERGED
    assert line.bodies(MERGE) == [
        {
            "sha": HEAD,
            "merge_method": "merge",
            "commit_title": "Publish web v1",
            "commit_message": "Approved-by: @grace",
        }
    ]


def test_the_first_method_that_the_settings_allow_is_taken(line: Line, forge: GitHub) -> None:
    line.on("Standing", standing(mergeCommitAllowed=False, squashMergeAllowed=False))
    line.on(MERGE, DONE)
    merge(forge)
    assert [body["merge_method"] for body in line.bodies(MERGE)] == ["rebase"]


def test_a_method_that_a_rule_forbids_leads_to_the_next(line: Line, forge: GitHub) -> None:
    line.on("Standing", standing())
    line.on(MERGE, refused(405, "Merge commits are not allowed on this repository."), DONE)
    assert merge(forge) == MERGED
    assert [body["merge_method"] for body in line.bodies(MERGE)] == ["merge", "squash"]


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ({"headRefOid": OTHER}, Moved),
        ({"state": "CLOSED"}, Moved),
        ({"isDraft": True}, Moved),
        ({"state": "MERGED", "headRefOid": OTHER}, Moved),
        ({"mergeable": "CONFLICTING"}, Refused),
    ],
)
def test_what_has_changed_meanwhile_is_not_merged(
    line: Line, forge: GitHub, before: dict[str, object], kind: type[UserError]
) -> None:
    line.on("Standing", standing(**before))
    with pytest.raises(kind):
        merge(forge)
    assert line.names() == ["Standing"]


def test_what_is_merged_already_is_said_again(line: Line, forge: GitHub) -> None:
    line.on("Standing", standing(state="MERGED", mergeCommit={"oid": MERGED}))
    assert merge(forge) == MERGED
    assert line.names() == ["Standing"]


@pytest.mark.parametrize(
    ("said", "kind", "text"),
    [
        (refused(409, "Head branch was modified. Review and try the merge again."), Moved, "Head branch"),
        (refused(405, "Base branch was modified. Review and try the merge again."), Moved, "Base branch"),
        (
            refused(405, "At least 1 approving review is required by reviewers with write access."),
            Refused,
            "1 approving review",
        ),
        (refused(405, 'Required status check "ci" is expected.'), Refused, 'check "ci"'),
        (refused(405, "You're not authorized to push to this branch."), Refused, "not authorized"),
        (refused(403, "Resource not accessible by integration"), Refused, "not accessible"),
        (
            refused(422, "Repository rule violations found\n\nCannot update this protected ref."),
            Refused,
            "protected ref",
        ),
        (refused(404, "Not Found"), NotFound, "Not Found"),
    ],
)
def test_each_refusal_is_what_it_means(
    line: Line, forge: GitHub, said: Said, kind: type[UserError], text: str
) -> None:
    line.on("Standing", standing())
    line.on(MERGE, said)
    with pytest.raises(kind, match=text) as caught:
        merge(forge)
    assert not isinstance(caught.value, Outdated)
    assert line.names().count(MERGE) == 1


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("The head branch is not up to date with the base branch.", {}),
        ("Repository rule violations found\n\nHead branch is out-of-date", {}),
        ("3 of 3 rules are not satisfied.", {"mergeStateStatus": "BEHIND"}),
    ],
)
def test_a_head_that_lacks_what_the_branch_got_since_is_known_as_such(
    line: Line, forge: GitHub, said: str, shown: dict[str, str]
) -> None:
    line.on("Standing", standing(**shown))
    line.on(MERGE, refused(405, said))
    with pytest.raises(Outdated):
        merge(forge)


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        ({"mergeable": "UNKNOWN"}, Refused),
        ({"mergeable": "CONFLICTING"}, Refused),
        ({"mergeStateStatus": "BLOCKED"}, Refused),
        ({"headRefOid": OTHER}, Moved),
        ({"state": "MERGED"}, Moved),
    ],
)
def test_not_mergeable_is_looked_into(
    line: Line, forge: GitHub, after: dict[str, object], kind: type[UserError]
) -> None:
    line.on("Standing", standing(), standing(**after))
    line.on(MERGE, refused(405, "Pull Request is not mergeable"))
    with pytest.raises(kind):
        merge(forge)


@pytest.mark.parametrize("weakness", [Said(502, b"<html>"), Said(BREAK)])
def test_a_merge_that_nobody_knows_of_is_looked_for_and_never_sent_again(
    line: Line, forge: GitHub, weakness: Said
) -> None:
    line.on("Standing", standing(), standing(state="MERGED", mergeCommit={"oid": MERGED}))
    line.on(MERGE, weakness)
    assert merge(forge) == MERGED
    line.on("Standing", standing())
    with pytest.raises(Later):
        merge(forge)
    assert line.names().count(MERGE) == 2


def test_a_queue_is_joined_at_the_head_and_once(line: Line, forge: GitHub) -> None:
    queue = {"mergeQueue": {"id": "MQ_1"}}
    line.on("Standing", standing(**queue), standing(**queue, isInMergeQueue=True))
    line.on("Enqueue", {"data": {"enqueuePullRequest": {"mergeQueueEntry": {"id": "MQE_1"}}}})
    assert merge(forge) == merge(forge) == ""
    assert line.bodies("Enqueue") == [{"id": "PR_7", "head": HEAD}]
    assert MERGE not in line.names()


def test_a_queue_may_refuse(line: Line, forge: GitHub) -> None:
    line.on("Standing", standing(mergeQueue={"id": "MQ_1"}))
    line.on("Enqueue", {"data": None, "errors": errors("UNPROCESSABLE", "Pull request is in draft state")})
    with pytest.raises(Refused, match="in draft state"):
        merge(forge)


def test_a_push_before_the_queue_is_moved(line: Line, forge: GitHub) -> None:
    line.on("Standing", standing(mergeQueue={"id": "MQ_1"}))
    line.on("Enqueue", {"data": None, "errors": errors("UNPROCESSABLE", "Head branch was modified.")})
    with pytest.raises(Moved, match="Head branch"):
        merge(forge)


def test_a_tag_is_created(line: Line, forge: GitHub) -> None:
    line.on(REFS, Said(201, {"ref": "refs/tags/apps/web/v1"}))
    forge.create_tag("apps/web/v1", MERGED)
    assert line.bodies(REFS) == [{"ref": "refs/tags/apps/web/v1", "sha": MERGED}]


EXISTS = Said(422, {"message": "Reference already exists"})


@pytest.mark.parametrize("said", [EXISTS, Said(409, {"message": "Conflict"}), Said(502), Said(BREAK)])
def test_a_tag_that_stands_there_is_no_error(line: Line, forge: GitHub, said: Said) -> None:
    line.on(REFS, said)
    line.on(REF, {"ref": "refs/tags/apps/web/v1", "object": {"type": "commit", "sha": MERGED}})
    forge.create_tag("apps/web/v1", MERGED)


def test_an_annotated_tag_stands_at_its_commit(line: Line, forge: GitHub) -> None:
    line.on(REFS, EXISTS)
    line.on(REF, {"object": {"type": "tag", "sha": OTHER}})
    line.on(f"GET /repos/acme/packages/git/tags/{OTHER}", {"object": {"type": "commit", "sha": MERGED}})
    forge.create_tag("apps/web/v1", MERGED)


def test_a_tag_is_never_moved(line: Line, forge: GitHub) -> None:
    line.on(REFS, EXISTS)
    line.on(REF, {"object": {"type": "commit", "sha": OTHER}})
    with pytest.raises(Moved, match=f"'apps/web/v1' already stands at {OTHER[:12]}"):
        forge.create_tag("apps/web/v1", MERGED)


def test_a_tag_that_a_rule_forbids(line: Line, forge: GitHub) -> None:
    line.on(REFS, Said(422, {"message": "Repository rule violations found\n\nCannot create ref"}))
    with pytest.raises(Refused, match="rule violations found Cannot create ref"):
        forge.create_tag("apps/web/v1", MERGED)


def test_a_tag_is_deleted_where_it_is_meant(line: Line, forge: GitHub) -> None:
    here, there = ({"object": {"type": "commit", "sha": sha}} for sha in (MERGED, OTHER))
    line.on(REF, here, there, Said(404, {"message": "Not Found"}))
    line.on(UNTAG, Said(204))
    forge.delete_tag("apps/web/v1", MERGED)
    with pytest.raises(Moved, match="not the one that was meant"):
        forge.delete_tag("apps/web/v1", MERGED)
    forge.delete_tag("apps/web/v1", MERGED)
    assert len(line.bodies(UNTAG)) == 1


def test_a_tag_that_somebody_else_just_deleted_is_no_error(line: Line, forge: GitHub) -> None:
    line.on(REF, {"object": {"type": "commit", "sha": MERGED}}, Said(404, {"message": "Not Found"}))
    line.on(UNTAG, Said(422, {"message": "Reference does not exist"}))
    forge.delete_tag("apps/web/v1", MERGED)


def test_a_tag_that_a_rule_keeps(line: Line, forge: GitHub) -> None:
    line.on(REF, {"object": {"type": "commit", "sha": MERGED}})
    line.on(UNTAG, Said(422, {"message": "Repository rule violations found\n\nCannot delete this ref"}))
    with pytest.raises(Refused, match="Cannot delete this ref"):
        forge.delete_tag("apps/web/v1", MERGED)
