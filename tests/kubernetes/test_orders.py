"""What people write into an object is asked of Git; from nobody known, only what needs nobody's leave."""

from bot.kubernetes.orders import wish_of
from tests.cli.person import git
from tests.kubernetes.street import Street

DRAFT = "shop.dns.add-mx"


def head(street: Street, ref: str) -> str:
    return git(street.bare, "for-each-ref", "--format=%(objectname)", ref)


def test_a_draft_is_proposed(street: Street) -> None:
    street.draft()
    street.go()
    street.ask(DRAFT, "Proposed")
    assert street.go() == []
    assert street.told(DRAFT) == ("True", "")
    assert street.revisions()[DRAFT] == "Proposed"
    assert street.told(DRAFT) == ("True", "")
    assert head(street, "refs/heads/proposed/dns/add-mx")
    assert not head(street, "refs/heads/drafts/dns/add-mx")


def test_an_approval_by_nobody_known_is_refused_and_told(street: Street) -> None:
    street.draft()
    street.go()
    street.ask(DRAFT, "Proposed")
    street.go()
    street.ask(DRAFT, "Published", user="grace")
    street.go()
    assert street.revisions()[DRAFT] == "Proposed"
    status, message = street.told(DRAFT)
    assert status == "False"
    assert message == (
        "dns/add-mx waits for approvers who did not write it, and the cluster does not tell who asked for "
        "`approve`: install Portico's admission webhook, or say it where the package is reviewed."
    )
    described = street.kubectl("describe", "packagerevisions.porch.kpt.dev", DRAFT)
    assert message in described.partition("Events:")[2]
    assert not head(street, "refs/tags/dns/v2")


def test_what_was_told_stays_until_the_revision_moves(street: Street) -> None:
    street.draft()
    street.go()
    street.ask(DRAFT, "Published")
    street.go()
    told = street.told(DRAFT)
    assert told[1] == "dns/add-mx is Draft, and no step leads from there to 'Published'."
    before = street.writes()
    street.go()
    assert (street.told(DRAFT), street.writes()) == (told, before)
    street.ask(DRAFT, "Proposed")
    street.go()
    assert street.told(DRAFT) == ("True", "")


def test_a_step_that_does_not_exist_is_refused_and_the_field_goes_back(street: Street) -> None:
    street.go()
    street.ask("shop.dns.v1", "Draft")
    street.go()
    assert street.revisions()["shop.dns.v1"] == "Published"
    assert street.told("shop.dns.v1")[0] == "False"


def test_a_published_revision_is_proposed_for_deletion(street: Street) -> None:
    street.go()
    street.ask("shop.dns.v1", "DeletionProposed")
    assert street.go() == []
    assert street.revisions()["shop.dns.v1"] == "DeletionProposed"
    assert head(street, "refs/heads/deletionProposed/dns/v1")
    assert head(street, "refs/tags/dns/v1")


def test_the_object_of_a_draft_is_not_deleted_by_nobody_known(street: Street) -> None:
    street.draft()
    street.go()
    street.kubectl("delete", "packagerevisions.porch.kpt.dev", DRAFT, "--wait=false")
    street.go()
    assert street.revisions()[DRAFT] == "Draft"
    assert "deletionTimestamp" not in street.revision(DRAFT)["metadata"]
    status, message = street.told(DRAFT)
    assert (status, "`delete`" in message) == ("False", True)
    assert head(street, "refs/heads/drafts/dns/add-mx")


def test_what_it_was_already_is_no_order_later(street: Street) -> None:
    """Somebody writes another lifecycle, thinks better of it, and then Git moves on."""
    street.draft()
    street.go()
    street.ask(DRAFT, "Proposed")
    street.go()
    street.ask(DRAFT, "Draft")
    street.ask(DRAFT, "Proposed")
    street.go()
    assert wish_of(street.revision(DRAFT)) is None
    git(street.bare, "update-ref", "refs/heads/drafts/dns/add-mx", "proposed/dns/add-mx")
    git(street.bare, "update-ref", "-d", "refs/heads/proposed/dns/add-mx")
    street.go()
    assert street.revisions()[DRAFT] == "Draft"
    assert not head(street, "refs/heads/proposed/dns/add-mx")


def test_git_was_faster(street: Street) -> None:
    """An order for a commit that is no longer the head is not obeyed; the object says how it stands now."""
    street.draft()
    street.go()
    street.ask(DRAFT, "Proposed")
    git(street.bare, "update-ref", "-d", "refs/heads/drafts/dns/add-mx")
    street.go()
    assert DRAFT not in street.revisions()


def test_an_order_for_what_has_moved_on_is_told(street: Street) -> None:
    street.draft()
    street.go()
    street.ask(DRAFT, "Proposed")
    street.draft("add-mx", extra="more")
    street.go()
    assert street.revisions()[DRAFT] == "Draft"
    status, message = street.told(DRAFT)
    assert status == "False"
    assert message
