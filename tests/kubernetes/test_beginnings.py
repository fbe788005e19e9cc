"""Whoever creates an object with a `spec.source` begins a draft in Git; why not is told on the object."""

from pathlib import Path

import pytest

from tests.cli.person import git, make_repository, publish_file
from tests.kubernetes.street import Street

NEW_KPTFILE = "drafts/mail/v1:mail/Kptfile"


def show(street: Street, what: str) -> str:
    return git(street.bare, "show", what)


def author(street: Street, ref: str) -> str:
    return git(street.bare, "log", "-1", "--format=%an <%ae>", ref)


def refs(street: Street) -> str:
    return git(street.bare, "for-each-ref")


def refused(street: Street, name: str) -> str:
    """Go round, which must begin nothing and be told so; the sentence."""
    before = refs(street)
    assert street.go() == []
    assert refs(street) == before
    status, message = street.told(name)
    assert status == "False"
    assert "finalizers" not in street.revision(name)["metadata"]
    return message


def test_a_new_package(street: Street) -> None:
    source = {"init": {"description": "our mail", "keywords": ["post"], "site": "https://example.com"}}
    name = street.order("v1", "mail", user="ada", source=source)
    assert street.go() == []
    kptfile = show(street, NEW_KPTFILE)
    assert "our mail" in kptfile
    assert "https://example.com" in kptfile
    assert author(street, "drafts/mail/v1~0") == "ada <ada@localhost>"
    item = street.revision(name)
    assert item["spec"]["source"] == source
    assert item["status"]["creationSource"] == "init"
    assert item["metadata"]["finalizers"] == ["portico.dev/orders"]
    street.ask(name, "Proposed")
    assert street.go() == []
    assert street.revisions()[name] == "Proposed"


def test_a_draft_is_begun_once(street: Street) -> None:
    name = street.order("v1", "mail", source={"init": {}})
    street.go()
    after, writes = refs(street), street.writes()
    assert street.go() == []
    street.restart()
    assert street.go() == []
    assert (refs(street), street.writes()) == (after, writes)
    assert street.revisions()[name] == "Draft"


def test_who_asks_unproven_is_nobody(street: Street) -> None:
    street.order("v1", "mail", source={"init": {}})
    street.go()
    assert author(street, "drafts/mail/v1") == "somebody in the cluster <unknown@localhost>"


def test_a_draft_that_was_begun_before_we_were_stopped_is_ours(street: Street) -> None:
    """Between the push and the writing of the object anything may happen."""
    name = street.order("v1", "mail", source={"init": {}})
    uid = street.revision(name)["metadata"]["uid"]
    work = street.bare.with_suffix(".draft")
    git(street.bare.parent, "clone", "-q", str(street.bare), str(work))
    (work / "mail").mkdir()
    (work / "mail" / "Kptfile").write_text("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: mail\n")
    git(work, "add", "-A")
    git(work, "commit", "-qm", f"begun\n\nAsked-by: PackageRevision {street.namespace}/{name} {uid}\n")
    git(work, "push", "-q", "origin", "HEAD:refs/heads/drafts/mail/v1")
    assert street.go() == []
    assert street.revision(name)["metadata"]["finalizers"] == ["portico.dev/orders"]


def test_a_copy(street: Street) -> None:
    name = street.order("next", user="ada", source={"copyFrom": {"name": "shop.dns.v1"}})
    assert street.go() == []
    assert git(street.bare, "rev-parse", "drafts/dns/next:dns") == git(street.bare, "rev-parse", "dns/v1:dns")
    assert street.revision(name)["status"]["creationSource"] == "copy"


def test_a_clone_of_what_another_repository_of_the_namespace_holds(street: Street, tmp_path: Path) -> None:
    blueprints = make_repository(tmp_path / "srv" / "blueprints.git", ["zone"])
    street.register("blueprints", repo=str(blueprints))
    source = {"cloneFrom": {"upstreamRef": {"name": "blueprints.zone.v1"}}}
    name = street.order("v1", "site/zone", source=source)
    assert street.go() == []
    assert str(blueprints) in show(street, "drafts/site/zone/v1:site/zone/Kptfile")
    assert street.revision(name)["spec"]["source"] == source
    assert street.revision(name)["status"]["upstreamLock"]["git"]["ref"] == "zone/v1"


def test_an_upgrade(street: Street, tmp_path: Path) -> None:
    blueprints = make_repository(tmp_path / "srv" / "blueprints.git", ["zone"])
    street.register("blueprints", repo=str(blueprints))
    street.order("v1", "zone", source={"cloneFrom": {"upstreamRef": {"name": "blueprints.zone.v1"}}})
    street.go()
    git(street.bare, "update-ref", "refs/heads/main", "refs/heads/drafts/zone/v1")
    git(street.bare, "update-ref", "refs/tags/zone/v1", "refs/heads/drafts/zone/v1")
    git(street.bare, "update-ref", "-d", "refs/heads/drafts/zone/v1")
    publish_file(blueprints, "zone/more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n")
    git(blueprints, "tag", "zone/v2", "main")
    upgrade = {
        "currentPackage": {"name": "shop.zone.v1"},
        "oldUpstream": {"name": "blueprints.zone.v1"},
        "newUpstream": {"name": "blueprints.zone.v2"},
    }
    street.go()
    name = street.order("v2", "zone", user="ada", source={"upgrade": upgrade})
    assert street.go() == []
    assert "more" in show(street, "drafts/zone/v2:zone/more.yaml")
    assert street.revision(name)["status"]["upstreamLock"]["git"]["ref"] == "zone/v2"
    wrong = {**upgrade, "oldUpstream": {"name": "blueprints.zone.v2"}}
    other = street.order("v3", "zone", source={"upgrade": wrong})
    assert "upstreamLock" in refused(street, other)


@pytest.mark.parametrize(
    ("workspace", "package", "spec", "said"),
    [
        ("v1", "dns", {"source": {"init": {}}}, "has a workspace 'v1' already"),
        ("v2", "dns", {"source": {"init": {}}}, "is there already"),
        ("v1", "dns/zone", {"source": {"init": {}}}, "cannot be nested"),
        ("v1", "mail", {"source": {"copyFrom": {"name": "shop.dns.v1"}}}, "There is no package 'mail'"),
        (
            "v2",
            "dns",
            {"source": {"copyFrom": {"name": "shop.apps.web.v1"}}},
            "is no revision of the package",
        ),
        ("v2", "dns", {"source": {"copyFrom": {"name": "shop.dns.main"}}}, "must be published"),
        ("v2", "dns", {"source": {"copyFrom": {"name": "shop.dns.add-mx"}}}, "must be published"),
        (
            "v1",
            "mail",
            {"source": {"cloneFrom": {"upstreamRef": {"name": "shop.dns.add-mx"}}}},
            "must be published",
        ),
        (
            "v1",
            "mail",
            {"source": {"cloneFrom": {"upstreamRef": {"name": "nowhere.dns.v1"}}}},
            "There is no package revision 'nowhere.dns.v1'",
        ),
        (
            "v1",
            "mail",
            {
                "source": {
                    "cloneFrom": {
                        "type": "git",
                        "git": {"repo": "https://127.0.0.1:1/x.git", "ref": "main", "directory": "/"},
                    }
                }
            },
            "is not one that the policy lets be fetched",
        ),
        (
            "v1",
            "mail",
            {"source": {"cloneFrom": {"type": "git", "git": {"repo": "/etc", "ref": "x", "directory": "/"}}}},
            "is not one that the policy lets be fetched",
        ),
        ("v1", "mail", {"source": {"init": {"subpackage": "inner"}}}, "A subpackage is no package revision"),
        ("v1", "mail", {"source": {"init": {}}, "lifecycle": "Proposed"}, "begins as a draft"),
        (
            "v1",
            "mail",
            {"source": {"init": {}}, "packageMetadata": {"labels": {"a": "b"}}},
            "Kptfile",
        ),
        ("v1", "mail", {"source": {"init": {}}, "workspaceName": "v2"}, "'shop.mail.v2'"),
        ("v1", "mail", {"source": {"init": {}}, "packageName": "../mail"}, "must be lower-case letters"),
    ],
)
def test_what_cannot_be_begun_is_told(
    street: Street, workspace: str, package: str, spec: dict[str, object], said: str
) -> None:
    street.draft()
    street.go()
    told = {"packageName": package, "workspaceName": workspace, **spec}
    name = f"shop.{package.replace('/', '.')}.{workspace}"
    if workspace == "v1" and package == "dns":
        # Git has that one, and its object is ours: theirs is in another's place.
        street.kubectl("delete", "packagerevisions.porch.kpt.dev", name)
    street.create(name, told)
    assert said in refused(street, name)
    assert street.revision(name)["spec"]["source"] == spec["source"]


def test_a_refusal_is_told_once_and_looked_at_again_when_it_is_changed(street: Street) -> None:
    name = street.order("v2", source={"copyFrom": {"name": "shop.dns.v7"}})
    refused(street, name)
    assert "There is no package revision 'shop.dns.v7'" in street.kubectl(
        "describe", "packagerevisions.porch.kpt.dev", name
    )
    before = street.writes()
    street.go()
    street.restart()
    assert street.go() == []
    assert street.writes() == before
    git(street.bare, "tag", "dns/v7", "dns/v1")
    street.go()
    assert street.revisions()[name] == "Draft"
    assert street.told(name)[0] == "False"
    street.kubectl("label", "packagerevisions.porch.kpt.dev", name, "try=again")
    patch = '{"spec":{"lifecycle":null}}'
    street.kubectl("patch", "packagerevisions.porch.kpt.dev", name, "--type=merge", "-p", patch)
    assert street.go() == []
    assert street.told(name) == ("", "")
    assert show(street, "drafts/dns/v2:dns/Kptfile")


def test_a_refused_object_is_simply_deleted(street: Street) -> None:
    name = street.order("v2", source={"copyFrom": {"name": "shop.dns.v7"}})
    refused(street, name)
    street.kubectl("delete", "packagerevisions.porch.kpt.dev", name, "--timeout=5s")
    assert street.go() == []
    assert name not in street.revisions()


def test_what_comes_from_a_repository_that_cannot_be_read_waits(street: Street, tmp_path: Path) -> None:
    place = tmp_path / "srv" / "blueprints.git"
    street.register("blueprints", repo=str(place))
    source = {"cloneFrom": {"upstreamRef": {"name": "blueprints.zone.v1"}}}
    name = street.order("v1", "zone", source=source)
    assert any("cannot be read now" in failure for failure in street.go())
    assert street.told(name) == ("", "")
    make_repository(place, ["zone"])
    assert street.go() == []
    assert show(street, "drafts/zone/v1:zone/Kptfile")


def test_what_is_cloned_by_address_must_be_in_the_policy(street: Street, tmp_path: Path) -> None:
    """A path, because the repository itself is one."""
    other = make_repository(tmp_path / "srv" / "other.git", ["zone"])
    street.policy(f"upstreams: ['{other}']\n")
    upstream = {"repo": str(other), "ref": "zone/v1", "directory": "zone"}
    name = street.order("v1", "zone", source={"cloneFrom": {"type": "git", "git": upstream}})
    assert street.go() == []
    assert street.revision(name)["status"]["upstreamLock"]["git"]["ref"] == "zone/v1"
