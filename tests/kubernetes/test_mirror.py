"""A cluster shows what is in Git: every revision as an object, and nothing that is gone."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.cli.person import git, make_repository, settle
from tests.kubernetes.cluster import CRDS, Cluster
from tests.kubernetes.revisions import revision
from tests.kubernetes.street import Street, with_policy

FIRST = {
    "shop.dns.v1": "Published",
    "shop.apps.web.v1": "Published",
    "shop.dns.main": "Published",
    "shop.apps.web.main": "Published",
}


def test_every_revision_is_an_object(street: Street) -> None:
    street.draft()
    assert street.go() == []
    assert street.revisions() == FIRST | {"shop.dns.add-mx": "Draft"}
    head, *rows = street.kubectl("get", "packagerevisions.porch.kpt.dev").splitlines()
    assert head.split()[:3] == ["NAME", "PACKAGE", "WORKSPACENAME"]
    assert [row.split()[:5] for row in rows if "add-mx" in row] == [
        ["shop.dns.add-mx", "dns", "add-mx", "0", "Draft"]
    ]
    found = street.revision("shop.dns.v1")
    assert found["metadata"]["labels"] == {
        "porch.kpt.dev/latest-revision": "true",
        "porch.kpt.dev/repository": "shop",
    }
    assert found["metadata"]["ownerReferences"][0]["name"] == "shop"
    assert found["status"]["revision"] == 1
    assert found["status"]["selfLock"]["git"]["ref"] == "dns/v1"
    assert found["status"]["selfLock"]["git"]["commit"] == git(street.bare, "rev-parse", "dns/v1^{commit}")


def test_objects_are_what_porch_publishes(street: Street) -> None:
    street.draft()
    street.go()
    crd = yaml.safe_load((CRDS / "porch.kpt.dev_packagerevisions.yaml").read_text())
    schemas = {one["name"]: one["schema"]["openAPIV3Schema"] for one in crd["spec"]["versions"]}
    for name in street.revisions():
        jsonschema.validate(street.revision(name), schemas["v1alpha2"])


def test_a_repository_says_how_it_stands(street: Street) -> None:
    street.go()
    status = street.repository()["status"]
    assert (status["packageCount"], status["gitCommitHash"]) == (2, git(street.bare, "rev-parse", "main"))
    assert status["conditions"][0] | {"lastTransitionTime": ""} == {
        "type": "Ready",
        "status": "True",
        "reason": "Ready",
        "message": "Repository Ready",
        "lastTransitionTime": "",
    }


def test_what_has_not_changed_is_not_written(street: Street) -> None:
    street.draft()
    street.go()
    before = street.writes()
    street.go()
    street.restart()
    street.go()
    assert street.writes() == before


def test_only_what_changed_is_written(street: Street) -> None:
    street.draft()
    street.go()
    before = street.writes()
    street.draft("add-txt")
    street.go()
    # The object and its status, and the repository's.
    assert street.writes() - before <= 3
    assert street.revisions() == FIRST | {"shop.dns.add-mx": "Draft", "shop.dns.add-txt": "Draft"}


def test_what_is_gone_in_git_is_gone_in_the_cluster(street: Street) -> None:
    street.draft()
    street.go()
    git(street.bare, "update-ref", "-d", "refs/heads/drafts/dns/add-mx")
    assert street.go() == []
    assert street.revisions() == FIRST


def test_an_object_that_somebody_deletes_comes_back_where_git_has_it(street: Street) -> None:
    street.go()
    street.kubectl("delete", "packagerevisions.porch.kpt.dev", "shop.dns.v1")
    street.go()
    assert street.revisions() == FIRST


def test_objects_of_others_are_never_touched(street: Street) -> None:
    theirs = revision("shop.dns.v1", repository="shop", packageName="theirs")
    street.kubectl("create", "-f", "-", given=theirs)
    foreign = revision("shop.gone.v7", repository="shop", packageName="gone")
    street.kubectl("create", "-f", "-", given=foreign)
    before = street.revision("shop.dns.v1"), street.revision("shop.gone.v7")
    assert street.go() == [
        f"{street.namespace}/shop: shop.dns.v1: its object is written by somebody else, and is left alone."
    ]
    assert (street.revision("shop.dns.v1"), street.revision("shop.gone.v7")) == before


def test_a_field_that_somebody_changed_goes_back(street: Street) -> None:
    street.go()
    patch = '{"spec":{"packageName":"mine"},"metadata":{"labels":{"porch.kpt.dev/latest-revision":"no"}}}'
    street.kubectl("patch", "packagerevisions.porch.kpt.dev", "shop.dns.v1", "--type=merge", "-p", patch)
    street.go()
    found = street.revision("shop.dns.v1")
    assert found["spec"]["packageName"] == "dns"
    assert found["metadata"]["labels"]["porch.kpt.dev/latest-revision"] == "true"


def test_labels_and_annotations_of_people_stay(street: Street) -> None:
    street.go()
    street.kubectl("label", "packagerevisions.porch.kpt.dev", "shop.dns.v1", "team=a")
    git(street.bare, "tag", "dns/v2", "dns/v1")
    street.go()
    labels = street.revision("shop.dns.v1")["metadata"]["labels"]
    assert labels == {
        "team": "a",
        "porch.kpt.dev/latest-revision": "false",
        "porch.kpt.dev/repository": "shop",
    }


def test_a_repository_that_cannot_be_read_says_why(street: Street) -> None:
    street.register("lost", repo=str(street.bare.parent / "nowhere.git"))
    (failure,) = street.go()
    assert failure.startswith(f"{street.namespace}/lost: ")
    (condition,) = street.repository("lost")["status"]["conditions"]
    assert (condition["status"], condition["reason"]) == ("False", "Error")
    assert "nowhere.git" in condition["message"]
    assert street.revisions() == FIRST


def test_a_repository_that_is_registered_twice_is_served_once(street: Street) -> None:
    street.go()
    street.register("again")
    assert len(street.go()) == 1
    (condition,) = street.repository("again")["status"]["conditions"]
    assert f"{street.namespace}/shop" in condition["message"]
    assert street.revisions() == FIRST


def test_objects_go_with_their_repository(street: Street) -> None:
    street.draft()
    street.go()
    street.kubectl("delete", "repositories.config.porch.kpt.dev", "shop")
    # What a cluster's garbage collector does then.
    for name in street.revisions():
        street.kubectl("delete", "packagerevisions.porch.kpt.dev", name, "--wait=false")
    assert street.go() == []
    assert street.revisions() == {}
    assert git(street.bare, "rev-parse", "drafts/dns/add-mx")


def test_objects_of_a_repository_that_was_made_anew_are_no_orders(street: Street) -> None:
    street.draft()
    street.go()
    street.kubectl("delete", "repositories.config.porch.kpt.dev", "shop")
    street.kubectl("delete", "packagerevisions.porch.kpt.dev", "shop.dns.add-mx", "--wait=false")
    street.register()
    street.go()
    assert street.go() == []
    assert street.revisions() == FIRST | {"shop.dns.add-mx": "Draft"}
    assert git(street.bare, "rev-parse", "drafts/dns/add-mx")


def test_a_server_that_asks_to_wait_is_waited_for(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ours writes eight objects at once, and this server takes one write at a time."""
    if not CRDS.is_dir():
        pytest.skip(f"Porch's custom resource definitions are not at {CRDS}")
    (tmp_path / "home").mkdir()
    settle(monkeypatch, tmp_path / "home")
    packages = [f"net/package-{number}" for number in range(6)]
    bare = with_policy(make_repository(tmp_path / "srv" / "shop.git", packages))
    with Cluster(built, "-writes=1") as cluster:
        cluster.install()
        street = Street(cluster, cluster.namespace(), bare, tmp_path / "home")
        street.register()
        assert street.go() == []
        assert len(street.revisions()) == 12
        codes = [event["responseStatus"]["code"] for event in cluster.audited("portico")]
        assert 429 in codes
