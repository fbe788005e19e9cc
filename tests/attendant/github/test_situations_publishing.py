"""Situations S25 to S32: publishing, merges and tags at GitHub, when something comes between."""

import pytest

from bot.errors import Moved, Refused, UserError
from tests.attendant.conftest import KPTFILE, ZONE
from tests.attendant.github.hands import (
    MAIN,
    ZONE_FILE,
    approve,
    approved,
    living_on,
    propose,
    ref,
    tags,
    writes,
)
from tests.attendant.github.street import BRANCH, Street
from tests.forges.github.exchange import Response, as_json
from tests.forges.github.faults import base_modified, failure

OTHER = "drafts/net/dns/mx"
NEWER = "Revision v1 reached the branch since"


def test_s25_another_bot_publishes_the_other_draft_just_before_the_merge(street: Street) -> None:
    """What the merge made of both is not what was approved: it gets no tag, and that is said."""
    first = approved(street)
    second = approved(street, OTHER, {"net/dns/mx.yaml": ZONE.replace("zone", "mx").encode()})
    rival = street.hire(street.place / "rival")
    street.cast.world.faults.race("PUT", rf"/pulls/{first.number}/merge", lambda _: rival.look(second.number))

    street.attendant.look(first.number)

    assert tags(street) == {"net/dns/v1": second.merge_commit}
    assert "was merged into something that nobody approved as it is there" in living_on(street, first)


def test_s26_the_base_was_modified_while_it_was_merged(street: Street) -> None:
    """GitHub's 405 passes by itself: everything is read anew and the merge is asked for again."""
    approved(street)
    street.cast.world.faults.order("PUT", "/merge", base_modified(), times=2)

    street.look()

    assert tags(street) == {"net/dns/v1": ref(street, MAIN)}


def test_s26_a_base_that_is_always_modified_is_left_for_later(street: Street) -> None:
    """The tries of one look are few; the queue comes back after a pause that grows."""
    approved(street)
    street.cast.world.faults.order("PUT", "/merge", base_modified(), times=1000)
    writes(street)

    with pytest.raises(Moved):
        street.look()

    assert 1 < len([each for each in writes(street) if each.endswith("/merge")]) <= 8


def test_s26_mergeable_is_unknown_for_long(street: Street) -> None:
    """It is asked for a few times and then said, and a later look goes on."""
    pull = approved(street)
    street.cast.repo.settings.mergeable_after = 10_000
    not_yet = as_json(405, {"message": "Pull Request is not mergeable"})
    street.cast.world.faults.order("PUT", "/merge", not_yet)

    with pytest.raises(Refused, match="not worked out"):
        street.look()
    assert "has not worked out whether the change can be merged" in living_on(street, pull)

    street.look()
    assert tags(street) == {"net/dns/v1": ref(street, MAIN)}
    assert "not worked out" not in living_on(street, pull)


def test_s27_no_tag_can_be_made_beside_what_is_there(street: Street) -> None:
    """Where a tag stands in the way of the name, nothing is merged, and the comment says which one."""
    before = ref(street, MAIN)
    pull = approved(street)
    street.cast.repo.bare.git.references.create("refs/tags/net/dns", before)

    with pytest.raises(Refused, match="stands in the way"):
        street.look()

    assert ref(street, MAIN) == before
    assert pull.is_open
    assert "the tag 'net/dns' stands in the way of 'net/dns/v1'" in living_on(street, pull)
    assert tags(street) == {"net/dns": before}


def test_s27_the_tag_appears_before_the_merge(street: Street) -> None:
    """What took the number between reading and merging is seen before the merge."""
    elsewhere = ref(street, MAIN)
    pull = approved(street)
    bare = street.cast.repo.bare

    def taken(_: object) -> None:
        bare.git.references.create("refs/tags/net/dns/v1", elsewhere)

    street.cast.world.faults.race("POST", "/check-runs", taken)  # the last that is written before the merge
    street.look()

    assert pull.merge_commit
    assert tags(street) == {"net/dns/v1": elsewhere, "net/dns/v2": pull.merge_commit}
    assert "package revision net/dns/2" in bare.commit(pull.merge_commit).message


def test_s27_the_tag_appears_during_the_merge(street: Street) -> None:
    """It is not moved even then: the merge is tagged with the next number."""
    elsewhere = ref(street, MAIN)
    pull = approved(street)

    def taken(_: object) -> None:
        street.cast.repo.bare.git.references.create("refs/tags/net/dns/v1", elsewhere)

    street.cast.world.faults.race("PUT", "/merge", taken)
    street.look()

    assert tags(street) == {"net/dns/v1": elsewhere, "net/dns/v2": pull.merge_commit}
    assert "Published as v2" in living_on(street, pull)


@pytest.mark.parametrize("answer", [failure(502), as_json(403, {"message": "Resource not accessible"})])
def test_s28_the_merge_is_done_and_the_tag_is_not(street: Street, answer: Response) -> None:
    """A later look, in a process that knows nothing, makes the tag on the same merge."""
    pull = approved(street)
    fault = street.cast.world.faults.order("POST", "/git/refs", answer, times=1000)
    with pytest.raises(UserError):
        street.look()
    merge = ref(street, MAIN)
    assert (pull.merge_commit, tags(street)) == (merge, {})

    fault.times = 0
    street.cast.commit("root", "main", {"README.md": b"Somebody goes on.\n"})
    street.hire(street.place / "anew").look(pull.number)

    assert tags(street) == {"net/dns/v1": merge}
    assert ref(street, f"refs/heads/{BRANCH}") == ""
    assert "Published as v1" in living_on(street, pull)


def test_s29_the_number_is_used_up_elsewhere(street: Street) -> None:
    """Numbers come from the refs, and creating the tag decides: no number is given twice."""
    first = approved(street)
    street.look()
    second = approved(street, OTHER)
    rival = street.hire(street.place / "rival")
    street.cast.world.faults.race("POST", "/git/refs", lambda _: rival.look(second.number))

    street.attendant.look(second.number)

    assert tags(street) == {"net/dns/v1": first.merge_commit, "net/dns/v2": second.merge_commit}


@pytest.mark.parametrize("method", ["squash", "rebase"])
def test_s30_a_repository_that_allows_no_merge_commits(street: Street, method: str) -> None:
    """The tag is on the commit that GitHub reports, whose tree of the package is the one approved."""
    settings = street.cast.repo.settings
    settings.allow_merge_commit = False
    settings.allow_squash_merge, settings.allow_rebase_merge = method == "squash", method == "rebase"
    street.write("ada", "70")
    pull = approved(street)
    head = pull.head_sha

    street.look()

    assert tags(street) == {"net/dns/v1": pull.merge_commit}
    merge = street.cast.repo.bare.commit(ref(street, MAIN))
    assert str(merge.id) == pull.merge_commit != head
    assert len(merge.parent_ids) == 1
    assert merge.tree["net/dns"].id == street.cast.repo.bare.commit(head).tree["net/dns"].id
    if method == "squash":
        assert '"workspaceName":"ttl"' in merge.message
        assert "Approved-by: Grace" in merge.message


@pytest.mark.parametrize("method", ["squash", "rebase"])
def test_s30_who_wrote_a_part_of_a_squashed_draft_is_still_an_author(street: Street, method: str) -> None:
    """Authors are read from the draft's own commits, not from those that the merge made of them."""
    street.write("ada", "60")
    clone = street.cast.clone("ada")
    for name, value in (("grace", "70"), ("ada", "80")):
        who = street.cast.user(name).person
        author = ("-c", f"user.name={who.name}", "-c", f"user.email={who.email}")
        street.cast.git(clone, "switch", "-q", BRANCH)
        (clone / ZONE_FILE).write_text(ZONE.replace("300", value))
        assert street.cast.git(clone, *author, "commit", "-qam", f"{name} writes").ok
    assert street.cast.git(clone, "push", "-q", "origin", BRANCH).ok
    street.attendant.look_at_branch(BRANCH)
    pull = street.pull
    street.ready()
    approve(street, pull)
    merge = f"/repos/acme/blueprints/pulls/{pull.number}/merge"
    assert street.cast.ask("PUT", merge, {"merge_method": method}).status == 200

    street.look()

    assert tags(street) == {}
    assert "is not published" in living_on(street, pull)


def test_s31_a_person_pushes_the_draft_to_the_branch(street: Street) -> None:
    """What reached the branch past its change is flagged, and no tag says that somebody approved it."""
    pull = propose(street)
    clone = street.cast.clone("ada")
    assert street.cast.git(clone, "push", "-q", "origin", f"origin/{BRANCH}:main").ok

    street.look()

    assert pull.merged
    assert tags(street) == {}
    assert "was merged by hand, and is not published" in living_on(street, pull)


def test_s32_a_conflict_with_the_branch(street: Street) -> None:
    """It stays proposed; the comment lists the files and what to do, and nobody's commits are rewritten."""
    pull = approved(
        street, "drafts/red/apps/one", {"red/apps/Kptfile": KPTFILE.replace("dns", "apps").encode()}
    )
    head = pull.head_sha
    street.cast.commit("root", "main", {"red": b"a file where the draft has a directory\n"})

    with pytest.raises(Refused, match="conflicts with the branch"):
        street.look()

    assert (pull.draft, pull.is_open, pull.head_sha) == (False, True, head)
    assert "'red'" in living_on(street, pull)
    assert "portico rpkg rebase" in living_on(street, pull)
    assert tags(street) == {}


def test_s32_both_changed_the_same_lines(street: Street) -> None:
    """A package that moved on is a draft again (S25): the comment lists the files of the conflict."""
    pull = approved(street)
    street.cast.commit("root", "main", {ZONE_FILE: ZONE.replace("300", "5").encode()})

    street.look()

    assert pull.draft
    assert "Both sides changed 'net/dns/zone.yaml'" in living_on(street, pull)
    assert "portico rpkg rebase" in living_on(street, pull)
