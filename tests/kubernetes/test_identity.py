"""Who asks is known from the API server, and then counts in a cluster as it does anywhere."""

from collections.abc import Iterator

import pytest

from tests.cli.person import git
from tests.kubernetes.serving import served, until
from tests.kubernetes.street import Street

DRAFT = "shop.dns.add-mx"


def head(street: Street, ref: str) -> str:
    return git(street.bare, "for-each-ref", "--format=%(objectname)", ref)


@pytest.fixture
def proposed(street: Street) -> Iterator[Street]:
    street.draft()
    with served(street):
        until(lambda: DRAFT in street.revisions())
        street.ask(DRAFT, "Proposed")
        until(lambda: street.told(DRAFT) == ("True", ""))
        yield street


def test_an_approver_publishes(proposed: Street) -> None:
    proposed.ask(DRAFT, "Published", user="grace")
    until(lambda: head(proposed, "refs/tags/dns/v2"))
    until(lambda: proposed.revision(DRAFT)["status"]["revision"] == 2)
    found = proposed.revision(DRAFT)
    assert found["spec"]["lifecycle"] == "Published"
    assert found["status"]["publishedBy"] == "grace@localhost"
    assert found["metadata"]["labels"]["porch.kpt.dev/latest-revision"] == "true"
    assert "grace" in git(proposed.bare, "log", "-1", "--format=%B", "main")


def test_who_is_no_approver_does_not(proposed: Street) -> None:
    proposed.ask(DRAFT, "Published", user="mallory")
    until(lambda: proposed.told(DRAFT)[0] == "False")
    assert "@mallory" in proposed.told(DRAFT)[1]
    assert proposed.revisions()[DRAFT] == "Proposed"
    assert not head(proposed, "refs/tags/dns/v2")


def test_who_wrote_it_does_not(proposed: Street) -> None:
    """The commit is by ada@example.com, and `ada` asks."""
    proposed.ask(DRAFT, "Published", user="ada")
    until(lambda: proposed.told(DRAFT)[0] == "False")
    assert proposed.revisions()[DRAFT] == "Proposed"


def test_a_mark_that_one_writes_oneself_is_worth_nothing(proposed: Street) -> None:
    mark = proposed.revision(DRAFT)["metadata"].get("annotations", {})["portico.dev/asked-by"]
    patch = {
        "spec": {"lifecycle": "Published"},
        "metadata": {"annotations": {"portico.dev/asked-by": mark.replace("ada", "grace")}},
    }
    proposed.patch(DRAFT, patch, user="mallory")
    until(lambda: proposed.told(DRAFT)[0] == "False")
    assert "@mallory" in proposed.told(DRAFT)[1]
    assert proposed.revisions()[DRAFT] == "Proposed"


def test_a_proposal_goes_back_with_its_reason(proposed: Street) -> None:
    patch = {
        "spec": {"lifecycle": "Draft"},
        "metadata": {"annotations": {"portico.dev/reason": "The name is wrong."}},
    }
    proposed.patch(DRAFT, patch, user="grace")
    until(lambda: head(proposed, "refs/heads/drafts/dns/add-mx"))
    until(lambda: proposed.told(DRAFT) == ("True", ""))
    assert proposed.revisions()[DRAFT] == "Draft"


def test_who_may_deletes_a_draft_by_its_object(proposed: Street) -> None:
    proposed.kubectl("delete", "packagerevisions.porch.kpt.dev", DRAFT, user="ada")
    assert not head(proposed, "refs/heads/proposed/dns/add-mx")
    assert DRAFT not in proposed.revisions()


def test_a_deletion_is_proposed_and_approved(street: Street) -> None:
    name = "shop.apps.web.v1"
    with served(street):
        until(lambda: name in street.revisions())
        street.ask(name, "DeletionProposed", user="ada")
        until(lambda: street.told(name) == ("True", ""))
        street.kubectl("delete", "packagerevisions.porch.kpt.dev", name, "--wait=false", user="mallory")
        until(lambda: street.told(name)[0] == "False")
        assert head(street, "refs/tags/apps/web/v1")
        street.kubectl("delete", "packagerevisions.porch.kpt.dev", name, user="grace")
        until(lambda: name not in street.revisions())
        assert not head(street, "refs/tags/apps/web/v1")
