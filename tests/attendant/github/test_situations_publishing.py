"""Situations S25 to S32: publishing, merges and tags at GitHub, when something comes between."""

import pytest

from bot.errors import Moved, Refused
from tests.attendant.conftest import ZONE
from tests.attendant.github.conftest import Street
from tests.attendant.github.hands import (
    MAIN,
    approved,
    content,
    living_on,
    ref,
    tags,
    writes,
)
from tests.forges.github.exchange import Response, as_json
from tests.forges.github.faults import base_modified, failure

OTHER = "drafts/net/dns/mx"
NEWER = "Revision v1 reached the branch since"


def test_s25_two_drafts_of_one_package_approved_at_once(street: Street) -> None:
    """The first gets v1, the second is a draft again and told why; nothing is overwritten silently."""
    first = approved(street)
    second = approved(street, OTHER, {"net/dns/mx.yaml": ZONE.replace("zone", "mx").encode()})

    assert street.attendant.look_at_all() == []

    assert tags(street) == {"net/dns/v1": ref(street, MAIN)}
    assert "60" in content(street, ref(street, MAIN))
    assert first.merged
    assert (second.draft, second.is_open) == (True, True)
    assert NEWER in living_on(street, second)
    assert "portico rpkg rebase" in living_on(street, second)


def test_s25_two_packages_approved_at_once(street: Street) -> None:
    """Drafts of other packages do not stand in one another's way."""
    approved(street)
    approved(street, "drafts/blue/two", {"blue/zone.yaml": ZONE.encode()})

    assert street.attendant.look_at_all() == []

    assert set(tags(street)) == {"net/dns/v1", "blue/v1"}


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


def test_s27_the_tag_is_there_at_another_commit(street: Street) -> None:
    """A number that is taken is not fought over: the tag stays, and the next number is published."""
    elsewhere = ref(street, MAIN)
    approved(street)
    street.cast.repo.bare.git.references.create("refs/tags/net/dns/v1", elsewhere)

    street.look()

    assert tags(street) == {"net/dns/v1": elsewhere, "net/dns/v2": ref(street, MAIN)}


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
