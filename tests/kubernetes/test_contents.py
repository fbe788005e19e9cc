"""What is in packages is shown in the cluster, and what people change of a draft there is pushed."""

import json
from pathlib import Path

import pytest

from bot.kubernetes.resources import COMMIT
from tests.cli.person import git, make_repository, settle
from tests.kubernetes.cluster import CRDS, Cluster
from tests.kubernetes.library import Library
from tests.kubernetes.street import Street, with_policy

DRAFT = "shop.dns.add-mx"
BRANCH = "drafts/dns/add-mx"


def head(library: Library, ref: str = BRANCH) -> str:
    return git(library.street.bare, "rev-parse", ref)


def drafted(library: Library) -> Library:
    library.street.draft()
    assert library.street.go() == []
    return library


def refused(library: Library, name: str = DRAFT) -> str:
    """Go round, which must push nothing, tell why, and take the change back; the sentence."""
    before = git(library.street.bare, "for-each-ref")
    assert library.street.go() == []
    assert git(library.street.bare, "for-each-ref") == before
    status, message = library.told(name)
    assert status == "False"
    described = library.street.kubectl("describe", "packagerevisionresources", name)
    assert "Refused" in described
    writes = library.street.writes()
    assert library.street.go() == []
    library.street.restart()
    assert library.street.go() == []
    assert library.street.writes() == writes
    assert library.told(name) == (status, message)
    return message


def test_the_latest_revisions_and_the_drafts_are_shown(library: Library) -> None:
    drafted(library)
    assert library.names() == {"shop.dns.v1", "shop.apps.web.v1", DRAFT}
    item = library.item(DRAFT)
    assert item["spec"] | {"resources": {}} == {
        "packageName": "dns",
        "workspaceName": "add-mx",
        "revision": 0,
        "repository": "shop",
        "resources": {},
    }
    assert set(item["spec"]["resources"]) == {"Kptfile", "config.yaml", "run.sh"}
    assert item["spec"]["resources"]["config.yaml"] == library.git(f"{BRANCH}:dns/config.yaml") + "\n"
    assert item["metadata"]["annotations"][COMMIT] == head(library)
    assert item["metadata"]["ownerReferences"][0]["name"] == "shop"
    assert item["status"]["renderStatus"] == {"result": {"exitCode": 0}}
    status, message = library.complete(DRAFT)
    assert status == "False"
    assert "'logo.bin'" in message


def test_what_is_no_longer_the_latest_goes(library: Library) -> None:
    library.street.go()
    git(library.street.bare, "tag", "dns/v2", "dns/v1")
    assert library.street.go() == []
    assert library.names() == {"shop.dns.v2", "shop.apps.web.v1"}


def test_a_repository_says_of_which_revisions_contents_are_shown(library: Library) -> None:
    git(library.street.bare, "tag", "dns/v2", "dns/v1")
    library.street.annotate("portico.dev/contents=all")
    assert library.street.go() == []
    everything = library.names()
    assert everything == set(library.street.revisions())
    library.street.annotate("portico.dev/contents=none")
    assert library.street.go() == []
    assert library.names() == set()


def test_what_has_not_changed_is_not_written(library: Library) -> None:
    drafted(library)
    before = library.street.writes()
    library.street.go()
    library.street.restart()
    library.street.go()
    assert library.street.writes() == before


def test_of_what_is_shown_only_metadata_is_read_again(library: Library) -> None:
    drafted(library)
    library.street.go()
    asked = len(library.street.cluster.audited("portico"))
    library.street.go()
    events = library.street.cluster.audited("portico")[asked:]
    about = [one for one in events if one["objectRef"].get("resource") == "packagerevisionresources"]
    assert [one["verb"] for one in about] == ["list"]


def test_a_change_of_a_draft_is_pushed_by_whoever_made_it(library: Library) -> None:
    drafted(library)
    before = head(library)
    library.write(DRAFT, {"config.yaml": None, "more/new.yaml": "kind: ConfigMap\napiVersion: v1\n"})
    assert library.street.go() == []
    assert library.told(DRAFT) == ("True", "")
    assert git(library.street.bare, "log", "--format=%an", f"{before}..{BRANCH}") == "ada"
    files = git(library.street.bare, "ls-tree", "-r", "--name-only", BRANCH, "dns/").split()
    assert files == ["dns/Kptfile", "dns/logo.bin", "dns/more/new.yaml", "dns/run.sh"]
    assert set(library.resources(DRAFT)) == {"Kptfile", "more/new.yaml", "run.sh"}
    assert library.item(DRAFT)["metadata"]["annotations"][COMMIT] == head(library)
    assert library.street.revision(DRAFT)["status"]["selfLock"]["git"]["commit"] == head(library)


def test_binary_files_and_modes_stay(library: Library) -> None:
    drafted(library)
    library.write(DRAFT, {"run.sh": "#!/bin/sh\nexit 0\n"})
    library.street.go()
    listed = git(library.street.bare, "ls-tree", BRANCH, "dns/run.sh", "dns/logo.bin")
    assert listed.startswith("100644 blob")
    assert "100755 blob" in listed
    assert git(library.street.bare, "rev-parse", f"{BRANCH}:dns/logo.bin", "main:dns/logo.bin").split()[
        0
    ] == git(library.street.bare, "rev-parse", "main:dns/logo.bin")


def test_what_was_pushed_is_rendered(library: Library) -> None:
    drafted(library)
    kptfile = library.resources(DRAFT)["Kptfile"]
    pipeline = "pipeline:\n  mutators:\n  - image: set-labels:v0.2\n    configMap: {tier: gold}\n"
    library.write(DRAFT, {"Kptfile": kptfile + pipeline})
    assert library.street.go() == []
    assert "tier: gold" in library.git(f"{BRANCH}:dns/config.yaml")
    assert "tier: gold" in library.resources(DRAFT)["config.yaml"]
    assert library.item(DRAFT)["status"]["renderStatus"] == {"result": {"exitCode": 0}}


def test_why_it_cannot_be_rendered_is_told(library: Library) -> None:
    drafted(library)
    kptfile = library.resources(DRAFT)["Kptfile"]
    pipeline = "pipeline:\n  mutators:\n  - image: example.com/nobody/knows:v1\n"
    library.write(DRAFT, {"Kptfile": kptfile + pipeline})
    assert library.street.go() == []
    assert library.told(DRAFT) == ("True", "")
    status = library.item(DRAFT)["status"]["renderStatus"]
    assert status["result"]["exitCode"] == 1
    assert "example.com/nobody/knows" in status["error"]
    assert status["result"]["items"][0]["results"][0]["severity"] == "error"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"../outside.yaml": "a: b"}, "must not be written"),
        ({"/etc/passwd": "a: b"}, "must not be written"),
        ({".git/config": "a: b"}, "must not be written"),
        ({"a/.GIT/config": "a: b"}, "must not be written"),
        ({"a//b.yaml": "a: b"}, "must not be written"),
        ({"Kptfile": None}, "must contain a Kptfile"),
        ({"config.yaml/inner.yaml": "a: b"}, "must be a file or a directory"),
        ({"large.yaml": "a" * 930_000}, "more than an object of the cluster can hold"),
    ],
    ids=["above", "absolute", "git's", "git's below", "an empty part", "no Kptfile", "both", "large"],
)
def test_what_no_package_may_hold_is_refused(
    library: Library, files: dict[str, str | None], said: str
) -> None:
    before = drafted(library).resources(DRAFT)
    library.write(DRAFT, files)
    assert said in refused(library)
    assert library.resources(DRAFT) == before


def test_what_is_published_is_not_written(library: Library) -> None:
    drafted(library)
    before = library.resources("shop.dns.v1")
    library.write("shop.dns.v1", {"config.yaml": "a: b\n", "more.yaml": "a: b\n"})
    assert "only drafts can be written" in refused(library, "shop.dns.v1")
    assert library.resources("shop.dns.v1") == before


def test_nobody_known_writes_nothing(library: Library) -> None:
    drafted(library)
    library.write(DRAFT, {"config.yaml": "a: b\n"}, proven=False)
    assert "does not tell who asked for `push`" in refused(library)


def test_who_proved_to_be_somebody_did_so_for_one_change(library: Library) -> None:
    drafted(library)
    library.write(DRAFT, {"one.yaml": "a: b\n"})
    library.write(DRAFT, {"two.yaml": "a: b\n"}, user="grace", proven=False)
    assert "does not tell who asked for `push`" in refused(library)


def test_a_draft_that_moved_meanwhile_is_not_overwritten(library: Library) -> None:
    drafted(library)
    library.write(DRAFT, {"config.yaml": "a: b\n"})
    library.street.draft("add-mx", extra="more")
    pushed = head(library)
    assert library.street.go() == []
    assert head(library) == pushed
    status, message = library.told(DRAFT)
    assert status == "False"
    assert "has moved" in message
    assert "more: value" in library.resources(DRAFT)["config.yaml"]


def test_an_old_copy_that_is_applied_is_not_pushed(library: Library) -> None:
    """A file that was read from the cluster names the commit that it is of."""
    drafted(library)
    old = json.loads(library.street.kubectl("get", "packagerevisionresources", DRAFT, "-o", "json"))
    library.street.draft("add-mx", extra="more")
    library.street.go()
    del old["metadata"]["resourceVersion"]
    old["spec"]["resources"]["config.yaml"] += "# mine\n"
    path = library.place(DRAFT)
    answer = library.street.cluster.request(
        "PATCH", path, {"metadata": old["metadata"], "spec": old["spec"]}, kind="application/merge-patch+json"
    )
    assert answer.status == 200
    refused(library)
    assert "more: value" in library.resources(DRAFT)["config.yaml"]


def test_what_was_pushed_before_we_were_stopped_is_not_pushed_again(library: Library) -> None:
    drafted(library)
    library.write(DRAFT, {"new.yaml": "a: b\n"})
    item = library.item(DRAFT)["metadata"]
    work = library.street.bare.with_suffix(".draft")
    git(work, "fetch", "-q")
    git(work, "checkout", "-q", "-B", "again", f"origin/{BRANCH}")
    (work / "dns" / "new.yaml").write_text("a: rendered\n")
    git(work, "add", "-A")
    line = f"Asked-by: PackageRevisionResources {library.street.namespace}/{DRAFT} {item['uid']}"
    git(work, "commit", "-qm", f"pushed\n\n{line} {item['generation']}\n")
    git(work, "push", "-q", "origin", f"HEAD:refs/heads/{BRANCH}")
    pushed = head(library)
    assert library.street.go() == []
    assert head(library) == pushed
    assert library.told(DRAFT) == ("True", "")
    assert library.resources(DRAFT)["new.yaml"] == "a: rendered\n"


def test_a_package_that_is_too_large_tells_where_it_is(library: Library) -> None:
    drafted(library)
    work = library.street.bare.with_suffix(".draft")
    (work / "dns" / "large.yaml").write_text("# " + "x" * 950_000 + "\n")
    git(work, "add", "-A")
    git(work, "commit", "-qm", "large")
    git(work, "push", "-q", "origin", f"HEAD:refs/heads/{BRANCH}")
    assert library.street.go() == []
    assert library.resources(DRAFT) == {}
    status, message = library.complete(DRAFT)
    assert status == "False"
    assert f"portico rpkg pull {DRAFT}" in message
    library.write(DRAFT, {"Kptfile": "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: dns}\n"})
    assert "portico rpkg push" in refused(library)


def test_other_fields_go_back_and_labels_of_people_stay(library: Library) -> None:
    drafted(library)
    library.street.kubectl("label", "packagerevisionresources", DRAFT, "team=a")
    patch = '{"spec":{"packageName":"mine"}}'
    library.street.kubectl("patch", "packagerevisionresources", DRAFT, "--type=merge", "-p", patch)
    assert library.street.go() == []
    item = library.item(DRAFT)
    assert item["spec"]["packageName"] == "dns"
    assert item["metadata"]["labels"]["team"] == "a"


def test_an_object_that_somebody_deletes_comes_back(library: Library) -> None:
    drafted(library)
    library.street.kubectl("delete", "packagerevisionresources", DRAFT)
    assert library.street.go() == []
    assert DRAFT in library.names()
    assert head(library)


@pytest.mark.usefixtures("holding")
def test_without_leave_nothing_is_shown(street: Street) -> None:
    street.draft()
    assert street.go() == []
    assert Library(street).names() == set()


def test_a_cluster_that_has_no_such_kind_shows_none(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Porch's own definitions, and leave to write what is not there."""
    if not CRDS.is_dir():
        pytest.skip(f"Porch's custom resource definitions are not at {CRDS}")
    (tmp_path / "home").mkdir()
    settle(monkeypatch, tmp_path / "home")
    with Cluster(built) as cluster:
        cluster.install()
        namespace = cluster.namespace()
        bare = with_policy(make_repository(tmp_path / "srv" / "shop.git"))
        street = Street(cluster, namespace, bare, tmp_path / "home")
        # What kubectl does not know, it makes no role of.
        rule = {"apiGroups": ["porch.kpt.dev"], "resources": ["packagerevisionresources"], "verbs": ["*"]}
        role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "shows"}}
        street.kubectl("create", "-f", "-", given=role | {"rules": [rule]})
        street.kubectl("create", "rolebinding", "shows", "--role=shows", "--user=portico")
        street.register()
        assert street.go() == []
        assert "shop.dns.v1" in street.revisions()
