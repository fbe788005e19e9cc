"""Situations of approving, each as it happens on a forge: who counts, for what, and for how long.

They are numbered as in the list of situations that every forge must come through.
"""

import html

import pytest

from tests.attendant.conftest import ZONE
from tests.attendant.github.approving import (
    approve,
    commit,
    marks,
    proposed,
    say,
    says,
)
from tests.attendant.github.hands import ZONE_FILE
from tests.attendant.github.street import BRANCH, Street
from tests.forges.git_half import Person

HERS = Person("G. Hopper", "4711+grace@users.noreply.github.com")
ADAS = Person("Ada", "ada@example.com")
PORTICO = Person("Portico", "portico@localhost")


@pytest.mark.parametrize(
    ("author", "committer", "message"),
    [
        (ADAS, HERS, "Committed by another"),
        (ADAS, ADAS, f"Together\n\nCo-authored-by: {HERS.name} <{HERS.email}>"),
        (HERS, PORTICO, "What `rpkg clone` and `rpkg upgrade` write for whoever ran them"),
        (HERS, ADAS, "Written by another"),
    ],
    ids=["committer", "co-author", "who ran a command", "author"],
)
def test_s13_whoever_contributed_approves(
    street: Street, author: Person, committer: Person, message: str
) -> None:
    """Not the opener of the change but a contributor approves, known by GitHub's address for hidden ones."""
    street.cast.user("grace").name = "Rear Admiral"
    commit(street, street.cast.user("ada"), author, committer, message)
    street.attendant.look_at_branch(BRANCH)
    street.ready()
    approve(street, "grace")
    street.look()

    assert street.tag == ""
    assert "approved by @grace, which does not count" in says(street)
    assert "Waiting for approvals: 0 of 1, from @ada" not in says(street)


def test_s13_whoever_pushed_approves(street: Street) -> None:
    """Commits name others only, and the one who pushed them approves."""
    proposed(street)
    commit(street, street.cast.user("grace"), ADAS)
    approve(street, "grace")
    street.look()

    assert street.tag == ""
    assert "approved by @grace, which does not count" in says(street)


def test_s13_whoever_merged_into_the_draft_approves(street: Street) -> None:
    """A pull request into the draft's branch is squashed by the approver, under its writer's name."""
    proposed(street)
    cast, draft = street.cast, street.pull
    cast.commit("ada", "ideas", {ZONE_FILE: ZONE.replace("300", "5").encode()}, start=BRANCH)
    body = {"title": "An idea", "head": "ideas", "base": BRANCH, "body": ""}
    number = cast.ask("POST", "/repos/acme/blueprints/pulls", body, "ada").json()["number"]
    path = f"/repos/acme/blueprints/pulls/{number}/merge"
    assert cast.ask("PUT", path, {"merge_method": "squash"}, "grace").status == 200
    assert cast.repo.bare.commit(draft.head_sha).author.name == "Ada"
    assert cast.review("grace", draft).status == 200
    street.attendant.look(draft.number)

    assert street.tag == ""
    [comment] = cast.repo.comments_on(draft.number)
    assert "approved by @grace, which does not count" in html.unescape(comment.body)


def test_s16_a_word_in_the_second_of_a_push(street: Street) -> None:
    """`/approve` and a push bear the same second: nobody knows what its writer saw, so it is refused."""
    proposed(street)
    word = say(street, "grace", "/approve")
    new = street.write("ada", "5")
    [pushed] = [each for each in street.cast.repo.activities if each.after == new]
    word.created = word.updated = pushed.at
    street.look()

    assert street.tag == ""
    assert marks(street, word) == ["eyes", "confused"]


def test_s18_an_objection_is_dismissed(street: Street) -> None:
    """Approved, then changes requested by the same person, then that dismissed: the approval stays gone."""
    pull = street.draft()
    approve(street, "grace")
    street.cast.review("grace", pull, "REQUEST_CHANGES", "Too short.")
    path = f"/repos/acme/blueprints/pulls/{pull.number}/reviews/{pull.reviews[-1].id}/dismissals"
    assert street.cast.ask("PUT", path, {"message": "She is away."}, "root").status == 200
    street.ready()
    street.look()

    assert street.tag == ""
    assert not pull.draft
    assert "Waiting for approvals: 0 of 1" in says(street)
    approve(street, "grace")
    street.look()
    assert street.tag


@pytest.mark.parametrize("ttl", ["60", "5"], ids=["the same package", "another one"])
def test_s20_a_rebase_after_an_approval(street: Street, ttl: str) -> None:
    """Force pushed onto a branch that moved elsewhere: the approval counts for the same package tree only."""
    street.draft()
    approve(street, "grace")
    street.cast.commit("root", "main", {"blue/x.yaml": b"a: 1\n"})
    old = street.pull.head_sha
    new = commit(street, street.cast.user("ada"), ADAS, upon="main", ttl=ttl)
    assert not street.cast.repo.bare.is_ancestor(old, new)
    street.ready()
    street.look()

    assert bool(street.tag) == (ttl == "60")
    assert ("stale approval by @grace" in says(street)) == (ttl != "60")


def test_s22_an_approver_leaves_the_team(street: Street) -> None:
    """Who approved is no member of the approving team any more when it would be published."""
    team = street.cast.world.team(street.cast.acme, "net", "ada", "grace")
    street.cast.commit("root", "main", {".portico.yaml": b"approvers: ['@acme/net']\n"})
    street.draft()
    approve(street, "grace")
    del team.members["grace"]
    street.ready()
    street.look()

    assert street.tag == ""
    assert "approved by @grace, which does not count: @grace may not decide about 'net/dns'" in says(street)
    team.members["grace"] = "member"
    street.look()
    assert street.tag


def test_s24_a_review_of_an_outdated_commit(street: Street) -> None:
    """The review that approves names an older commit than the head: shown as stale, and not counted."""
    proposed(street)
    old = street.pull.head_sha
    street.write("ada", "5")
    approve(street, "grace", old)
    street.look()

    assert street.tag == ""
    assert f"stale approval by @grace at {old[:10]}" in says(street)
