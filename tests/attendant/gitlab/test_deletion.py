"""Deletions of published revisions by merge requests, by what people do on GitLab."""

import pytest

from bot.errors import Refused
from tests.attendant.conftest import KPTFILE, ZONE
from tests.attendant.gitlab.street import BRANCH, Street
from tests.forges.github.exchange import as_json
from tests.forges.github.faults import failure
from tests.forges.gitlab.project import Protection

TAG = "refs/tags/net/dns/v1"
DOOMED = "deletionProposed/net/dns/v1"


def publish(street: Street, ttl: str = "60") -> None:
    street.draft(ttl=ttl)
    street.ready()
    street.approve("grace")
    street.look()
    assert street.request.merged


def propose(street: Street, by: str = "ada") -> None:
    """Publish a revision, and push its tag as a deletion's branch."""
    publish(street)
    clone = street.cast.clone(by)
    assert street.cast.git(clone, "push", "origin", f"{TAG}:refs/heads/{DOOMED}").ok
    street.attendant.look_at_branch(DOOMED)
    assert street.request.source_branch == DOOMED


def protect(street: Street) -> None:
    held = street.cast.project
    held.tags["net/*"] = Protection(street.cast.world.next(), "net/*")


def approve(street: Street, by: str = "grace") -> None:
    street.approve(by)
    street.look()


def test_from_a_pushed_tag_to_a_deleted_revision(street: Street) -> None:
    propose(street)
    assert street.request.title == "Delete net/dns/v1"
    assert "🗑 Deletion proposed" in street.living()

    approve(street)
    assert (street.tag, street.tip(DOOMED)) == ("", "")
    assert "Delete net/dns" in street.cast.project.bare.commit(street.tip("main")).message
    assert "### Gone" in street.living()


def test_a_comment_proposes_it(street: Street) -> None:
    publish(street)
    published = street.request
    street.say("grace", "/propose-delete")
    street.attendant.look(published.iid)
    assert (street.request.source_branch, street.request.is_draft) == (DOOMED, False)
    approve(street)  # she asked for it
    assert street.tag
    approve(street, "mia")
    assert street.tag  # no approver
    street.say("ada", "/portico approve")
    street.look()
    assert street.tag == ""


def test_who_pushed_the_tag_does_not_approve(street: Street) -> None:
    propose(street, by="grace")
    approve(street)
    assert street.tag


def test_who_may_only_report_does_not_propose(street: Street) -> None:
    publish(street)
    street.say("eve", "/propose-delete")
    street.look()
    assert street.tip(DOOMED) == ""


def test_looking_twice_writes_nothing(street: Street) -> None:
    propose(street)
    street.look()
    before = street.cast.lab.writes()
    street.look()
    street.attendant.look_at_all()
    street.hire(street.place / "another").look(street.request.iid)
    assert street.cast.lab.writes() == before


def test_a_rejection_closes_it(street: Street) -> None:
    propose(street)
    street.say("grace", "/reject we need it")
    street.look()
    assert street.request.state == "closed"
    assert (bool(street.tag), street.tip(DOOMED)) == (True, "")
    assert "we need it" in street.living()


@pytest.mark.parametrize("latest", [True, False])
@pytest.mark.parametrize("method", ["merge", "rebase_merge", "ff"])
@pytest.mark.parametrize("squash", ["never", "always"])
def test_every_way_to_merge(street: Street, method: str, squash: str, *, latest: bool) -> None:
    propose(street)
    doomed = street.request
    if not latest:
        publish(street, "61")
        street.attendant.look(doomed.iid)
    settings = street.cast.project.settings
    settings.merge_method, settings.squash_option = method, squash
    street.cast.commit("root", "main", {"other/x.yaml": b"a: b\n"})  # so that it must be rebased
    assert street.cast.approve("grace", doomed).status == 201
    street.attendant.look(doomed.iid)
    assert street.tag == ""

    settings.merge_method, settings.squash_option = "merge", "never"
    files = {"net/dns/Kptfile": KPTFILE.encode(), "net/dns/zone.yaml": ZONE.encode()}
    street.cast.commit("ada", "drafts/net/dns/anew", files)
    street.attendant.look_at_branch("drafts/net/dns/anew")
    street.ready()
    street.approve("grace")
    street.look()
    assert street.cast.project.bare.ref(f"refs/tags/net/dns/v{2 if latest else 3}")


def test_merged_by_hand_it_is_flagged(street: Street) -> None:
    propose(street)
    street.cast.settle(street.request)
    assert street.cast.ask("PUT", f"/merge_requests/{street.request.iid}/merge", {}, "mia").status == 200
    street.look()
    assert street.tag
    assert "merged by hand, and its tag was not deleted" in street.living()
    street.say("grace", "/portico approve")
    street.look()
    assert street.tag == ""


def test_a_protected_tag_is_deleted_as_gitlab_lets_it_be(street: Street) -> None:
    """GitLab lets nobody delete one by Git, and maintainers by its other ways."""
    propose(street)
    protect(street)
    approve(street)
    assert street.tag == ""


def test_a_protected_tag_that_may_not_be_deleted_is_told(street: Street) -> None:
    propose(street)
    protect(street)
    for _ in range(2):  # the look after the merge tries once more
        forbidden = as_json(403, {"message": "403 Forbidden"})
        street.cast.world.faults.order("DELETE", "/repository/tags/", forbidden)
    street.approve("grace")
    with pytest.raises(Refused, match="cannot be deleted"):
        street.look()
    assert street.tag
    assert "A tag like" in street.living()
    street.look()
    assert street.tag == ""


def test_a_lost_answer_merges_once(street: Street) -> None:
    propose(street)
    street.cast.world.faults.order("PUT", "/merge$", failure(502), after=True)
    approve(street)
    assert street.tag == ""


def test_a_push_between_look_and_merge_is_not_merged(street: Street) -> None:
    propose(street)
    street.cast.world.faults.race(
        "PUT", "/merge$", lambda _: street.cast.commit("ada", DOOMED, {"other/x.yaml": b"a: b\n"})
    )
    street.approve("grace")
    with pytest.raises(Refused, match="also changes"):
        street.look()
    assert street.tag
    assert street.tip(BRANCH) == ""
