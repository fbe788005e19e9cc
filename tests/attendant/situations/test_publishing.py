"""Situations of approving and publishing, on both forges, when something comes between."""

from contextlib import suppress

import pytest

from bot.errors import Moved, Refused, UserError
from tests.attendant.conftest import KPTFILE, ZONE
from tests.attendant.contract.driver import DRAFT, OTHER, ZONE_FILE, Stands, zone
from tests.attendant.contract.hosted import Hosted
from tests.attendant.situations.acts import V1, approved, drafted, proposed, two_approved
from tests.forges.github.exchange import Response, as_json
from tests.forges.github.faults import failure

BY_HAND = "was merged by hand, and is not published"


def test_s15_a_push_between_reading_and_merging(forge: Hosted) -> None:
    """The approval is read, a push lands, and the merge is refused: looked at anew, not tried again."""
    approved(forge)
    main = forge.main()
    forge.race("merge", lambda: forge.write("ada", zone("5")))
    forge.sent("merge")
    with suppress(Moved):
        forge.look_at()
    assert forge.sent("merge") == 1
    forge.look_at()
    assert (forge.tags(), forge.main()) == ({}, main)
    assert "stale approval by @grace" in forge.told()


@pytest.mark.parametrize("by_word", [False, True], ids=["a review", "a word"])
def test_s22_an_approver_loses_the_permission(forge: Hosted, *, by_word: bool) -> None:
    """Who approved may not write any more when it would be published: the approval does not count."""
    forge.write_main({".portico.yaml": b"approvals: 2\napprovers: [ada, grace]\n"})
    forge.write("root", zone("60"))
    forge.look_at_branch()
    forge.propose()
    if by_word:
        forge.say("grace", "/portico approve")
    else:
        forge.approve("grace")
    forge.look_at()
    assert "Waiting for approvals: 1 of 2" in forge.told()

    forge.demote("grace")
    forge.approve("ada")
    forge.look_at()
    assert forge.tags() == {}
    assert "Waiting for approvals: 1 of 2" in forge.told()

    forge.promote("grace")
    forge.look_at()
    assert forge.tags().keys() == {V1}


def test_s23_a_draft_changes_another_package_too(forge: Hosted) -> None:
    """Files outside the package are in the change: it is sent back with a list of them, approved or not."""
    drafted(forge, {**zone("60"), "blue/Kptfile": KPTFILE.encode()})
    forge.propose()
    forge.approve("grace")
    forge.look_at()
    assert forge.stands() is Stands.DRAFT
    assert "The draft also changes 'blue/Kptfile', outside 'net/dns'" in forge.told()


def test_s25_another_bot_publishes_the_other_draft_just_before_the_merge(forge: Hosted) -> None:
    """What the merge made of both is not what was approved: it gets no tag, and that is said."""
    two_approved(forge)
    rival = forge.hire("rival")
    forge.race("merge", lambda: forge.look_at(OTHER, rival))
    forge.look_at()
    assert forge.tags().keys() == {V1}
    assert forge.stands(OTHER) is Stands.PUBLISHED
    assert forge.stands() is Stands.MERGED
    assert "was merged into something that nobody approved as it is there" in forge.told()


def test_s27_no_tag_can_be_made_beside_what_is_there(forge: Hosted) -> None:
    """Where a tag stands in the way of the name, nothing is merged, and the comment says which one."""
    before = forge.main()
    approved(forge)
    forge.create_tag("net/dns", before)
    with pytest.raises(Refused, match="stands in the way"):
        forge.look_at()
    assert forge.main() == before
    assert forge.stands() is Stands.PROPOSED
    assert "the tag 'net/dns' stands in the way of 'net/dns/v1'" in forge.told()


@pytest.mark.parametrize("what", ["verdict", "merge"])
def test_s27_the_tag_appears_before_or_during_the_merge(forge: Hosted, what: str) -> None:
    """What took the number between reading and merging is not moved: the next number is published."""
    elsewhere = forge.main()
    approved(forge)
    forge.race(what, lambda: forge.create_tag(V1, elsewhere))
    forge.look_at()
    assert forge.tags() == {V1: elsewhere, "net/dns/v2": forge.main()}
    assert "Published as v2" in forge.told()
    if what == "verdict":  # the last that is written before the merge
        assert "package revision net/dns/2" in forge.message(forge.main())


@pytest.mark.parametrize("answer", [failure(502), as_json(403, {"message": "Resource not accessible"})])
def test_s28_the_merge_is_done_and_the_tag_is_not(forge: Hosted, answer: Response) -> None:
    """A later look, in a process that knows nothing, makes the tag on the same merge."""
    approved(forge)
    fault = forge.fail("tag", answer, times=1000)
    with pytest.raises(UserError):
        forge.look_at()
    merge = forge.main()
    assert (forge.stands(), forge.tags()) == (Stands.MERGED, {})

    fault.times = 0
    forge.write_main({"README.md": b"Somebody goes on.\n"})
    forge.look_at(DRAFT, forge.hire("anew"))
    assert forge.tags() == {V1: merge}
    assert forge.head() == ""
    assert "Published as v1" in forge.told()


def test_s29_the_number_is_used_up_elsewhere(forge: Hosted) -> None:
    """Numbers come from the refs, and creating the tag decides: no number is given twice."""
    approved(forge)
    forge.look_at()
    approved(forge, draft=OTHER, files=zone("70"))
    rival = forge.hire("rival")
    forge.race("tag", lambda: forge.look_at(OTHER, rival))
    forge.look_at(OTHER)
    assert forge.tags().keys() == {V1, "net/dns/v2"}
    assert forge.tags()["net/dns/v2"] == forge.main()


def test_s31_a_person_pushes_the_draft_to_the_branch(forge: Hosted) -> None:
    """What reached the branch past its change is flagged, and no tag says that somebody approved it."""
    proposed(forge)
    clone = forge.cast.clone("root")
    assert forge.cast.git(clone, "push", "-q", "origin", f"origin/drafts/{DRAFT}:main").ok
    forge.look_at()
    assert forge.stands() is Stands.MERGED
    assert BY_HAND in forge.told()


def test_s32_a_conflict_with_the_branch(forge: Hosted) -> None:
    """It stays proposed; the comment lists the files and what to do, and nobody's commits are rewritten."""
    red = "red/apps/one"
    approved(forge, {"red/apps/Kptfile": KPTFILE.replace("dns", "apps").encode()}, red)
    head = forge.head(red)
    forge.write_main({"red": b"a file where the draft has a directory\n"})
    with pytest.raises(Refused, match="conflicts with the branch"):
        forge.look_at(red)
    assert (forge.stands(red), forge.head(red)) == (Stands.PROPOSED, head)
    assert "'red'" in forge.told(red)
    assert "portico rpkg rebase" in forge.told(red)


def test_s32_both_changed_the_same_lines(forge: Hosted) -> None:
    """A package that moved on is a draft again (S25): the comment lists the files of the conflict."""
    approved(forge)
    forge.write_main(zone("5"))
    forge.look_at()
    assert forge.stands() is Stands.DRAFT
    assert f"Both sides changed '{ZONE_FILE}'" in forge.told()


def test_s35_a_rollback(forge: Hosted) -> None:
    """What v1 held is a new draft, and with somebody else's approval v3; v1 and v2 stay where they are."""
    for workspace, ttl in (("one", "60"), ("two", "70")):
        approved(forge, zone(ttl), f"net/dns/{workspace}")
        forge.look_at(f"net/dns/{workspace}")
    before, back = forge.tags(), "net/dns/back"
    proposed(forge, {ZONE_FILE: ZONE.encode()}, back)
    forge.say("grace", "/rollback v1", back)
    forge.look_at(back)
    assert "'60'" in forge.show(forge.head(back))
    forge.approve("grace", back)
    forge.look_at(back)
    assert forge.tags() == before  # she asked for it, so she wrote it

    forge.write_main({".portico.yaml": b"approvals: 1\n"})
    forge.approve("root", back)
    forge.look_at(back)
    assert forge.tags() == before | {"net/dns/v3": forge.main()}


def test_s34_a_permission_is_missing(forge: Hosted) -> None:
    """One sentence names it, in the comment; nothing is hammered, and a second try says the same."""
    approved(forge)
    fault = forge.fail("merge", as_json(403, {"message": "403 Forbidden"}), times=1000)
    forge.sent("merge")
    with pytest.raises(Refused, match="403 Forbidden"):
        forge.look_at()
    assert forge.sent("merge") == 1
    assert "403 Forbidden" in forge.told()
    before = forge.told()
    with pytest.raises(Refused):
        forge.look_at(DRAFT, forge.hire("anew"))
    assert forge.told() == before
    fault.times = 0
    forge.look_at()
    assert forge.tags().keys() == {V1}
