"""Situations S36 to S42: branches, forks and repositories at GitHub that are not as they were."""

import pytest

from bot.errors import AccessDenied, InvalidName
from tests.attendant.conftest import KPTFILE, PIPELINE, ZONE
from tests.attendant.github.hands import (
    MAIN,
    ZONE_FILE,
    approve,
    approved,
    content,
    living_on,
    propose,
    ref,
    tags,
    while_rendering,
    writes,
)
from tests.attendant.github.street import BRANCH, Street
from tests.forges.github.exchange import Response
from tests.forges.github.pull_request import PullRequest

REPO = "/repos/acme/blueprints"
HEAD = f"refs/heads/{BRANCH}"
FUNCTIONS = {"net/dns/Kptfile": PIPELINE.encode()}


def delete(street: Street, branch: str = BRANCH) -> None:
    assert street.cast.ask("DELETE", f"{REPO}/git/refs/heads/{branch}").status == 204


def force(street: Street, ttl: str) -> str:
    """Another draft, with functions, in the place of what was there; its commit."""
    made = street.cast.commit("ada", "scratch", {**FUNCTIONS, ZONE_FILE: ZONE.replace("300", ttl).encode()})
    moved = street.cast.ask("PATCH", f"{REPO}/git/refs/heads/{BRANCH}", {"sha": made, "force": True})
    assert moved.status == 200
    return made


def edit(street: Street, pull: PullRequest, **words: str) -> Response:
    answer = street.cast.ask("PATCH", f"{REPO}/pulls/{pull.number}", words)
    assert answer.status == 200, answer.body
    return answer


def test_s36_the_branch_of_a_draft_is_deleted(street: Street) -> None:
    """The pull request closes by itself and nothing more is done about it."""
    pull = street.draft()
    delete(street)
    writes(street)

    street.attendant.look_at_branch(BRANCH)
    assert street.attendant.look_at_all() == []

    assert not pull.is_open
    assert writes(street) == []


def test_s36_the_branch_is_made_again(street: Street) -> None:
    """That is a new draft with a pull request of its own; approvals of the old one are not its."""
    old = approved(street)
    delete(street)
    street.attendant.look_at_branch(BRANCH)

    street.write("ada", "90")
    street.attendant.look_at_branch(BRANCH)
    street.ready()
    street.look()

    assert street.pull is not old
    assert (street.pull.is_open, old.is_open) == (True, False)
    assert tags(street) == {}


def test_s36_the_branch_is_deleted_while_its_functions_run(street: Street) -> None:
    """The work ends quietly: nothing is pushed, nothing is said."""
    street.cast.commit("ada", BRANCH, FUNCTIONS)
    attendant, slow = while_rendering(street, lambda: delete(street))

    assert attendant.look_at_branch(BRANCH) is None

    assert slow.renderings == 1
    assert ref(street, HEAD) == ""
    assert not street.pull.is_open
    assert street.living() == ""


def test_s37_a_force_push_while_functions_run(street: Street) -> None:
    """What was rendered of the old head is thrown away, and the new head is rendered instead."""
    old = street.cast.commit("ada", BRANCH, FUNCTIONS)
    attendant, slow = while_rendering(street, lambda: force(street, "7"))

    attendant.look_at_branch(BRANCH)

    assert slow.renderings == 2
    head = street.cast.repo.bare.commit(ref(street, HEAD))
    assert str(head.parent_ids[0]) == ref(street, "refs/heads/scratch")
    assert "team: net" in content(street, str(head.id))
    assert "'7'" in content(street, str(head.id))
    assert street.cast.repo.runs_of(old) == []
    assert street.cast.repo.runs_of(str(head.id)) != []


def test_s37_a_force_push_after_an_approval(street: Street) -> None:
    """What was approved is not there any more, so nothing is published."""
    pull = approved(street)
    force(street, "8")

    street.look()

    assert tags(street) == {}
    assert pull.is_open
    assert "does not count any more" in living_on(street, pull)


def test_s38_an_archived_repository_is_only_read(street: Street) -> None:
    """Nothing is tried that GitHub would refuse, and nothing fails; it goes on when it is opened again."""
    pull = approved(street)
    street.cast.repo.archived = True
    writes(street)

    assert street.attendant.look(pull.number) is None
    assert street.attendant.look_at_branch(BRANCH) is None
    assert street.attendant.look_at_all() == []
    assert writes(street) == []

    street.cast.repo.archived = False
    street.look()
    assert tags(street) == {"net/dns/v1": ref(street, MAIN)}


def test_s38_a_renamed_repository(street: Street) -> None:
    """Nothing is done under the old name, and the error says what to do; under the new one it goes on."""
    pull = approved(street)
    street.cast.world.rename(street.cast.repo, "acme/plans")

    with pytest.raises(AccessDenied, match="one that was renamed must be registered anew"):
        street.look()
    assert tags(street) == {}

    street.hire(street.place / "anew", "acme/plans").look(pull.number)
    assert tags(street) == {"net/dns/v1": ref(street, MAIN)}


def test_s38_the_registered_branch_is_renamed(street: Street) -> None:
    """Changes go into another branch then: they wait, and say so."""
    pull = approved(street)
    repo = street.cast.repo
    repo.bare.git.references.create("refs/heads/trunk", ref(street, MAIN))
    edit(street, pull, base="trunk")
    repo.bare.git.references.delete(MAIN)
    repo.default_branch = "trunk"

    assert street.attendant.look_at_all() == []

    assert tags(street) == {}
    assert pull.is_open
    assert "goes into 'trunk'; packages are published on 'main' only" in living_on(street, pull)


ODD = ("drafts/dns", "drafts/Net/dns/ttl", "drafts/net/dns/TTL", "drafts/nét/dns/ttl", "drafts/net/dns/a.b")


@pytest.mark.parametrize("branch", ODD)
def test_s39_a_branch_whose_name_is_no_draft(street: Street, branch: str) -> None:
    """Who pushed it is told the rule that its name breaks; other drafts are not kept waiting by it."""
    street.write("ada", "60", branch)
    street.write("ada", "70")

    with pytest.raises(InvalidName, match="must"):
        street.attendant.look_at_branch(branch)
    assert street.attendant.look_at_all() == []

    assert [pull.head_ref for pull in street.cast.repo.pulls.values()] == [BRANCH]


def test_s39_a_change_from_such_a_branch(street: Street) -> None:
    """A pull request that a person opened from it says why it is no draft."""
    street.write("ada", "60", "drafts/net/dns/TTL")
    body = {"title": "Mine", "head": "drafts/net/dns/TTL", "base": "main"}
    assert street.cast.ask("POST", f"{REPO}/pulls", body).status == 201

    street.look()

    assert "The workspace 'TTL' must be lower-case letters" in living_on(street, street.pull)


def test_s39_a_nested_package(street: Street) -> None:
    """A package may lie as deep as it likes."""
    pull = approved(street, "drafts/a/b/c/ws", {"a/b/c/Kptfile": KPTFILE.replace("dns", "c").encode()})

    street.look()

    assert pull.merged
    assert set(tags(street)) == {"a/b/c/v1"}


def forked(street: Street) -> PullRequest:
    """A pull request of eve, who may not push, from a fork's branch of the same name."""
    fork = street.cast.world.fork(street.cast.repo, "eve")
    street.cast.commit("eve", BRANCH, {**FUNCTIONS, ZONE_FILE: ZONE.replace("300", "6").encode()}, repo=fork)
    body = {"title": "Mine", "head": f"eve:{BRANCH}", "base": "main"}
    answer = street.cast.ask("POST", f"{REPO}/pulls", body, "eve")
    assert answer.status == 201, answer.body
    return street.pull


def test_s40_a_change_from_a_fork(street: Street) -> None:
    """Nothing of it is run or published, whoever approves and asks; the comment explains."""
    pull = forked(street)
    approve(street, pull)
    street.cast.comment("grace", pull, "/approve")
    attendant, renderer = while_rendering(street, lambda: None)

    assert attendant.look(pull.number) is None
    assert attendant.look_at_all() == []

    assert renderer.renderings == 0
    assert pull.is_open
    assert tags(street) == {}
    assert "lies in a fork, so nothing of it is run" in living_on(street, pull)
    assert street.cast.repo.comments_on(pull.number)[0].reactions == []


def test_s40_our_own_draft_of_the_same_name(street: Street) -> None:
    """A fork's branch of the same name is not taken for ours, nor ours for its."""
    theirs = forked(street)
    street.write("ada", "60")
    street.attendant.look_at_branch(BRANCH)
    ours = street.pull
    assert ours is not theirs

    street.ready()
    approve(street, ours)
    assert street.attendant.look_at_all() == []

    assert (ours.merged is not None, theirs.is_open) == (True, True)
    assert tags(street) == {"net/dns/v1": ours.merge_commit}


def test_s40_the_fork_is_deleted(street: Street) -> None:
    """A head that is nowhere any more is no reason to fail."""
    pull = forked(street)
    fork = pull.head
    assert fork is not None
    street.cast.world.delete(fork)

    assert street.attendant.look_at_all() == []
    assert "lies in a fork" in living_on(street, pull)


def test_s41_a_change_is_aimed_at_another_branch(street: Street) -> None:
    """It waits, and says why; what is approved meanwhile is not published."""
    pull = propose(street)
    street.cast.commit("root", "elsewhere", {"README.md": b"Another.\n"})
    edit(street, pull, base="elsewhere")
    approve(street, pull)

    street.look()

    assert tags(street) == {}
    assert (pull.is_open, pull.draft) == (True, False)
    assert "goes into 'elsewhere'" in living_on(street, pull)


def test_s41_what_was_approved_for_another_branch(street: Street) -> None:
    """An approval was for what the change did to that branch: aimed back, it must be approved anew."""
    pull = propose(street)
    street.cast.commit("root", "elsewhere", {"README.md": b"Another.\n"})
    edit(street, pull, base="elsewhere")
    approve(street, pull)
    street.cast.comment("grace", pull, "/approve")
    edit(street, pull, base="main")

    street.look()
    assert tags(street) == {}
    assert "0 of 1" in living_on(street, pull)

    approve(street, pull)
    street.look()
    assert tags(street) == {"net/dns/v1": pull.merge_commit}


def test_s42_a_person_was_faster(street: Street) -> None:
    """The pull request that a person opened is taken over: there are never two."""
    street.write("ada", "60")
    body = {"title": "Mine", "head": BRANCH, "base": "main", "draft": True}

    def opened(_: object) -> None:
        assert street.cast.ask("POST", f"{REPO}/pulls", body).status == 201

    street.cast.world.faults.race("POST", "/pulls$", opened)
    street.attendant.look_at_branch(BRANCH)

    assert len(street.cast.repo.pulls) == 1
    assert "📝 Draft" in living_on(street, street.pull)


def test_s42_a_second_change_of_the_same_branch(street: Street) -> None:
    """One that goes elsewhere does not hide the one that is the draft's."""
    ours = street.draft()
    street.cast.commit("root", "elsewhere", {"README.md": b"Another.\n"})
    body = {"title": "Mine", "head": BRANCH, "base": "elsewhere"}
    assert street.cast.ask("POST", f"{REPO}/pulls", body).status == 201
    street.write("ada", "61")

    street.attendant.look_at_branch(BRANCH)

    assert len(street.cast.repo.pulls) == 2
    assert ours.head_sha[:10] in living_on(street, ours)
