"""Situations S25 to S32: publishing, merges and tags at GitHub, when something comes between."""

import pytest

from bot.errors import Moved, Refused
from tests.attendant.conftest import ZONE
from tests.attendant.github.hands import (
    MAIN,
    ZONE_FILE,
    approve,
    approved,
    living_on,
    ref,
    tags,
    writes,
)
from tests.attendant.github.street import BRANCH, Street
from tests.forges.github.exchange import as_json
from tests.forges.github.faults import base_modified

OTHER = "drafts/net/dns/mx"
NEWER = "Revision v1 reached the branch since"


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
        assert "Approved-by: Grace (@grace)\n" in merge.message


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
