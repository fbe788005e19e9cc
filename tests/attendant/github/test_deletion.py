"""Deletions of published revisions by pull requests, by what people do on GitHub."""

import json

import pytest

from bot.errors import Refused
from tests.attendant.conftest import KPTFILE, ZONE
from tests.attendant.github.hands import writes
from tests.attendant.github.street import Street
from tests.forges.github.faults import failure
from tests.forges.github.rules import Ruleset

TAG = "refs/tags/net/dns/v1"
DOOMED = "deletionProposed/net/dns/v1"


def publish(street: Street, ttl: str = "60") -> None:
    street.draft(ttl=ttl)
    street.ready()
    street.cast.review("grace", street.pull, "APPROVE")
    street.look()
    assert street.pull.merged


def propose(street: Street, by: str = "ada") -> None:
    """Publish a revision, and push its tag as a deletion's branch."""
    publish(street)
    clone = street.cast.clone(by)
    assert street.cast.git(clone, "push", "origin", f"{TAG}:refs/heads/{DOOMED}").ok
    street.attendant.look_at_branch(DOOMED)
    assert street.pull.head_ref == DOOMED


def approve(street: Street, by: str = "grace") -> None:
    assert street.cast.review(by, street.pull, "APPROVE").status == 200
    street.look()


def test_from_a_pushed_tag_to_a_deleted_revision(street: Street) -> None:
    propose(street)
    assert not street.pull.draft
    assert street.pull.title == "Delete net/dns/v1"
    assert "🗑 Deletion proposed" in street.living()

    approve(street)
    bare = street.cast.repo.bare
    assert (street.tag, bare.ref(f"refs/heads/{DOOMED}")) == ("", "")
    assert bare.commit(bare.ref("refs/heads/main")).message.startswith("Delete net/dns\n")
    assert "### Gone" in street.living()


def test_a_comment_proposes_it(street: Street) -> None:
    publish(street)
    published = street.pull
    street.cast.comment("grace", published, "/propose-delete")
    street.attendant.look(published.number)
    assert (street.pull.head_ref, street.pull.draft) == (DOOMED, False)
    approve(street)  # she asked for it
    assert street.tag
    assert "does not count" in street.living()


def test_who_pushed_the_tag_does_not_approve(street: Street) -> None:
    propose(street, by="grace")
    approve(street)
    assert street.tag


def test_who_may_only_read_does_not_propose(street: Street) -> None:
    publish(street)
    street.cast.repo.private = False
    street.cast.comment("eve", street.pull, "/propose-delete")
    street.look()
    assert street.cast.repo.bare.ref(f"refs/heads/{DOOMED}") == ""


def test_a_second_look_writes_nothing(street: Street) -> None:
    propose(street)
    street.look()
    assert writes(street)
    street.look()
    street.attendant.look_at_all()
    assert writes(street) == []


def test_changes_requested_close_it(street: Street) -> None:
    propose(street)
    street.cast.review("grace", street.pull, "REQUEST_CHANGES", "we need it")
    street.look()
    assert street.pull.state == "closed"
    assert street.tag
    assert street.cast.repo.bare.ref(f"refs/heads/{DOOMED}") == ""
    assert "we need it" in street.living()


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
@pytest.mark.parametrize("latest", [True, False])
def test_every_way_to_merge(street: Street, method: str, *, latest: bool) -> None:
    propose(street)
    if not latest:
        doomed = street.pull.number
        publish(street, "61")
        street.attendant.look(doomed)
    pull = street.cast.repo.pulls[min(n for n, p in street.cast.repo.pulls.items() if p.head_ref == DOOMED)]
    settings = street.cast.repo.settings
    settings.allow_merge_commit = method == "merge"
    settings.allow_squash_merge = method == "squash"
    settings.allow_rebase_merge = method == "rebase"
    street.cast.review("grace", pull, "APPROVE")
    street.attendant.look(pull.number)
    assert street.tag == ""

    files = {"net/dns/Kptfile": KPTFILE.encode(), "net/dns/zone.yaml": ZONE.encode()}
    street.cast.commit("ada", "drafts/net/dns/anew", files)
    street.attendant.look_at_branch("drafts/net/dns/anew")
    street.ready()
    street.cast.review("grace", street.pull, "APPROVE")
    street.look()
    assert street.cast.repo.bare.ref(f"refs/tags/net/dns/v{2 if latest else 3}")


def test_merged_by_hand_it_is_flagged(street: Street) -> None:
    propose(street)
    path = f"/repos/acme/blueprints/pulls/{street.pull.number}/merge"
    assert street.cast.ask("PUT", path, {}, "grace").status == 200
    street.look()
    assert street.tag
    assert "merged by hand, and its tag was not deleted" in street.living()
    approve(street)
    assert street.tag == ""


def test_a_ruleset_that_forbids_it_is_named(street: Street) -> None:
    propose(street)
    rules = Ruleset(7, "Keep tags", "tag", ("*/v*",), {"deletion": {}}, frozenset({("RepositoryRole", 5)}))
    street.cast.repo.rulesets[rules.id] = rules
    street.cast.review("grace", street.pull, "APPROVE")
    with pytest.raises(Refused, match="may not be deleted"):
        street.look()
    assert street.tag
    assert "portico may not bypass it" in street.living()

    del street.cast.repo.rulesets[rules.id]
    street.look()
    assert street.tag == ""
    assert "### Gone" in street.living()


def test_a_lost_answer_merges_once(street: Street) -> None:
    propose(street)
    street.cast.world.faults.order("PUT", "/merge$", failure(502), after=True)
    approve(street)
    assert street.tag == ""


def test_a_push_between_look_and_merge_is_not_merged(street: Street) -> None:
    propose(street)

    def push(_: object) -> None:
        street.cast.commit("ada", DOOMED, {"net/other/x.yaml": b"a: b\n"})

    street.cast.world.faults.race("PUT", "/merge$", push)
    street.cast.review("grace", street.pull, "APPROVE")
    with pytest.raises(Refused, match="also changes"):
        street.look()
    assert street.tag


def test_its_webhooks_say_where_to_look(street: Street) -> None:
    propose(street)
    told = [json.loads(each.body) for each in street.cast.world.switchboard.waiting]
    assert any(each.get("ref") == f"refs/heads/{DOOMED}" for each in told)
