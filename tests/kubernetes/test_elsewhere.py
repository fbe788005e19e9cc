"""A repository whose lifecycle a forge's bot keeps is only shown in the cluster: nothing is ordered there."""

import pytest

from tests.cli.person import git
from tests.kubernetes.library import Library
from tests.kubernetes.street import Street

DRAFT = "shop.dns.add-mx"


@pytest.fixture
def away(street: Street) -> Street:
    street.annotate("portico.dev/orders=elsewhere")
    street.draft()
    return street


def refs(street: Street) -> str:
    return git(street.bare, "for-each-ref")


def told_where(street: Street, name: str) -> bool:
    """Go round, which must do nothing in Git; whether the object tells where to go."""
    before = refs(street)
    assert street.go() == []
    assert refs(street) == before
    status, message = street.told(name)
    return status == "False" and f"go to {street.bare}" in message


def test_it_is_shown_and_nothing_is_rendered(away: Street) -> None:
    before = refs(away)
    assert away.go() == []
    assert away.revisions()[DRAFT] == "Draft"
    assert refs(away) == before
    assert [one["type"] for one in away.revision(DRAFT)["status"]["conditions"]] == ["Ready"]


@pytest.mark.parametrize(
    ("name", "lifecycle"), [(DRAFT, "Proposed"), (DRAFT, "Published"), ("shop.dns.v1", "DeletionProposed")]
)
def test_no_step_is_taken(away: Street, name: str, lifecycle: str) -> None:
    away.go()
    away.ask(name, lifecycle)
    assert told_where(away, name)


def test_an_approval_by_nobody_known_is_told_where_to_go_too(away: Street) -> None:
    git(away.bare, "branch", "-m", "drafts/dns/add-mx", "proposed/dns/add-mx")
    away.go()
    away.ask(DRAFT, "Published", user="grace")
    assert told_where(away, DRAFT)


def test_no_draft_is_deleted(away: Street) -> None:
    away.go()
    away.kubectl("delete", "packagerevisions.porch.kpt.dev", DRAFT, "--wait=false")
    assert told_where(away, DRAFT)
    assert away.revisions()[DRAFT] == "Draft"


def test_no_draft_is_begun(away: Street) -> None:
    name = away.order("v1", "mail", user="ada", source={"init": {}})
    assert told_where(away, name)


def test_nothing_is_written(library: Library) -> None:
    library.street.annotate("portico.dev/orders=elsewhere")
    library.street.draft()
    library.street.go()
    before = refs(library.street)
    library.write(DRAFT, {"config.yaml": "a: b\n"})
    assert library.street.go() == []
    assert refs(library.street) == before
    assert f"go to {library.street.bare}" in library.told(DRAFT)[1]
    assert "value" in library.resources(DRAFT)["config.yaml"]


def test_orders_are_heard_when_the_annotation_goes(away: Street) -> None:
    away.go()
    away.annotate("portico.dev/orders-")
    away.ask(DRAFT, "Proposed")
    assert away.go() == []
    assert away.revisions()[DRAFT] == "Proposed"
