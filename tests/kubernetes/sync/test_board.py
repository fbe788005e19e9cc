"""Pins in a cluster: made, followed, shown and taken away by commands, and never over what is another's."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.person import Person, git
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.revisions import MERGE
from tests.kubernetes.sync.conftest import Syncing, publish

URL = "https://git.example.com/team/blueprints.git"
WHERE = {
    "configsync": ("config-management-system", "rootsyncs"),
    "flux": ("flux-system", "gitrepositories"),
    "argocd": ("argocd", "applications"),
}
GROUPS = {
    "rootsyncs": "configsync.gke.io/v1beta1",
    "gitrepositories": "source.toolkit.fluxcd.io/v1",
    "kustomizations": "kustomize.toolkit.fluxcd.io/v1",
    "applications": "argoproj.io/v1alpha1",
}


def path(namespace: str, plural: str, name: str = "blueprints-dns") -> str:
    return f"/apis/{GROUPS[plural]}/namespaces/{namespace}/{plural}/{name}"


def held(cluster: Cluster, word: str, name: str = "blueprints-dns") -> Any:
    answer = cluster.request("GET", path(*WHERE[word], name))
    assert answer.status == 200, answer
    return answer.body


@pytest.mark.parametrize("word", WHERE)
@pytest.mark.parametrize("cascade", [(), ("--cascade",)])
def test_what_is_printed_is_valid_by_the_published_schemas(
    sync: Syncing, engines: Cluster, word: str, cascade: tuple[str, ...]
) -> None:
    words = ("--url", URL, "--dry-run", *cascade)
    if word != "argocd":
        words += ("--secret-name", "key")
    if word != "configsync":
        words += ("--target-namespace", "dns")
    text = sync.did("create", "blueprints.dns.v2", "--engine", word, *words)
    assert "created (server dry run)" in engines.kubectl(
        "apply", "--dry-run=server", "--validate=strict", "-f", "-", given=text
    )


@pytest.mark.parametrize("word", WHERE)
def test_a_pin_follows_what_is_published(sync: Syncing, engines: Cluster, bare: Path, word: str) -> None:
    said = sync.did("create", "blueprints.dns", "--latest", "--engine", word, "--url", URL)
    assert said.splitlines()[0].endswith("/blueprints-dns pinned to blueprints.dns.v2")
    name, namespace, engine, package, revision, behind, follows, _ = sync.rows()[0]
    assert (name, namespace, engine) == ("blueprints-dns", WHERE[word][0], word)
    assert (package, revision, behind, follows) == ("blueprints.dns", "v2", "<none>", "latest")
    before = held(engines, word)
    assert sync.did("update", "--all") == "blueprints-dns stays at v2\n"
    assert held(engines, word)["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]

    publish(bare, "dns", 3)
    assert sync.rows()[0][5] == "v3"
    [newer, *_] = json.loads(sync.did("get", "-o", "json"))["items"]
    assert newer["metadata"]["annotations"]["portico.dev/newer-revisions"] == "v3"
    assert "managedFields" not in newer["metadata"]
    assert sync.did("update", "blueprints-dns") == "blueprints-dns moved from v2 to v3\n"
    assert sync.rows()[0][4:7] == ["v3", "<none>", "latest"]
    commit = git(bare, "rev-parse", "dns/v3")
    assert held(engines, word)["metadata"]["annotations"]["portico.dev/commit"] == commit
    if word == "flux":
        assert held(engines, word)["spec"]["ref"] == {"tag": "dns/v3", "commit": commit}

    gone = sync.did("delete", "blueprints-dns")
    assert all(line.endswith("/blueprints-dns deleted") for line in gone.splitlines())
    assert sync("get").err == "No resources found\n"


def test_a_fixed_pin_moves_when_it_is_made_again(sync: Syncing, engines: Cluster) -> None:
    for number in (1, 2, 1):
        name = f"blueprints.dns.v{number}"
        sync.did("create", name, "--engine", "flux", "--url", URL)
        assert held(engines, "flux")["spec"]["ref"]["tag"] == f"dns/v{number}"
    assert sync.rows()[0][4:7] == ["v1", "v2", "<none>"]
    answer = sync("update", "blueprints-dns")
    assert (answer.code, "'blueprints-dns' is pinned to v1, and follows nothing" in answer.err) == (1, True)
    assert sync.did("update", "--all") == ""


def test_a_pin_stays_while_its_revision_is_to_be_deleted_and_goes_back_when_it_is_gone(
    sync: Syncing, engines: Cluster, bare: Path
) -> None:
    sync.did("create", "blueprints.dns", "--latest", "--engine", "argocd", "--url", URL)
    git(bare, "update-ref", "refs/heads/deletionProposed/dns/v2", "main")
    assert sync.did("update", "--all") == "blueprints-dns stays at v2\n"
    git(bare, "update-ref", "-d", "refs/heads/deletionProposed/dns/v2")
    git(bare, "tag", "-d", "dns/v2")
    assert sync.did("update", "--all") == "blueprints-dns moved from v2 to v1\n"
    assert held(engines, "argocd")["spec"]["source"]["targetRevision"] == "refs/tags/dns/v1"


def test_what_others_wrote_beside_us_stays_when_a_pin_moves(
    sync: Syncing, engines: Cluster, bare: Path
) -> None:
    sync.did("create", "blueprints.dns", "--latest", "--engine", "flux", "--url", URL)
    beside = {"metadata": {"labels": {"team": "net"}}, "spec": {"suspend": True}}
    answer = engines.request("PATCH", path(*WHERE["flux"]), beside, kind=MERGE, fieldManager="ada")
    assert answer.status == 200
    publish(bare, "dns", 3)
    sync.did("update", "--all")
    now = held(engines, "flux")
    assert (now["spec"]["suspend"], now["metadata"]["labels"]["team"]) == (True, "net")
    mine = [one for one in now["metadata"]["managedFields"] if one["manager"] == "portico"]
    assert "f:suspend" not in json.dumps(mine)


def test_an_object_that_is_not_ours_is_left_alone(sync: Syncing, engines: Cluster) -> None:
    spec = {"interval": "1h", "url": "https://elsewhere.example/x.git"}
    body = {"apiVersion": GROUPS["gitrepositories"], "kind": "GitRepository", "spec": spec}
    foreign = {**body, "metadata": {"name": "blueprints-dns", "namespace": "flux-system"}}
    engines.kubectl("apply", "-f", "-", given=foreign)
    create = ("create", "blueprints.dns.v1", "--engine", "flux", "--url", URL)
    answer = sync(*create)
    assert answer.code == 1
    assert (
        "'gitrepository.source.toolkit.fluxcd.io/blueprints-dns' is there already, and is not ours"
        in answer.err
    )
    assert held(engines, "flux")["spec"]["url"] == "https://elsewhere.example/x.git"
    assert engines.request("GET", path("flux-system", "kustomizations")).status == 404
    assert sync("get").err == "No resources found\n"
    refused = sync("delete", "blueprints-dns")
    assert (refused.code, "was not written by Portico, and is left alone" in refused.err) == (1, True)
    assert held(engines, "flux")["spec"]["interval"] == "1h"
    sync.did(*create, "--take-over")
    assert held(engines, "flux")["spec"]["url"] == URL


def test_a_field_that_another_took_stays_theirs_until_asked(sync: Syncing, engines: Cluster) -> None:
    create = ("create", "blueprints.dns", "--latest", "--engine", "argocd", "--url", URL)
    sync.did(*create)
    edited = {"spec": {"source": {"targetRevision": "main"}}}
    answer = engines.request("PATCH", path(*WHERE["argocd"]), edited, kind=MERGE, fieldManager="ada")
    assert answer.status == 200
    assert sync.rows()[0][4:6] == ["main", "v1, v2"]
    for command in (create, ("update", "--all")):
        refused = sync(*command)
        assert refused.code == 1
        assert "has fields that another wrote, and stays as it is" in refused.err
        assert '"ada"' in refused.err
    assert held(engines, "argocd")["spec"]["source"]["targetRevision"] == "main"
    sync.did(*create, "--take-over")
    assert held(engines, "argocd")["spec"]["source"]["targetRevision"] == "refs/tags/dns/v2"


def test_of_two_objects_none_is_written_when_one_is_refused(sync: Syncing, engines: Cluster) -> None:
    spec = {"interval": "1h", "prune": False, "sourceRef": {"kind": "GitRepository", "name": "x"}}
    body = {"apiVersion": GROUPS["kustomizations"], "kind": "Kustomization", "spec": spec}
    foreign = {**body, "metadata": {"name": "blueprints-dns", "namespace": "flux-system"}}
    engines.kubectl("apply", "-f", "-", given=foreign)
    assert sync("create", "blueprints.dns.v1", "--engine", "flux", "--url", URL).code == 1
    assert engines.request("GET", path(*WHERE["flux"])).status == 404


def test_another_package_of_the_same_name_is_not_moved(sync: Syncing, engines: Cluster) -> None:
    create = ("--engine", "flux", "--url", URL, "--name", "one")
    sync.did("create", "blueprints.dns.v1", *create)
    answer = sync("create", "blueprints.apps.web.v1", *create)
    assert (answer.code, "pins the package 'blueprints.dns' already" in answer.err) == (1, True)
    assert held(engines, "flux", "one")["spec"]["ref"]["tag"] == "dns/v1"


def test_printed_objects_that_kubectl_applied_are_not_moved_or_deleted(
    sync: Syncing, engines: Cluster
) -> None:
    words = ("create", "blueprints.dns", "--latest", "--engine", "argocd", "--url", URL, "--dry-run")
    engines.kubectl("apply", "-f", "-", given=sync.did(*words))
    assert sync.rows()[0][4] == "v2"
    assert "was not written by Portico" in sync("delete", "blueprints-dns").err
    assert held(engines, "argocd")


def test_the_engine_s_own_words_are_shown(sync: Syncing, engines: Cluster) -> None:
    sync.did("create", "blueprints.dns.v2", "--engine", "argocd", "--url", URL)
    # Argo CD's kind has no status of its own: its controller writes it as any other field.
    status = {"status": {"sync": {"status": "OutOfSync"}, "health": {"status": "Degraded"}}}
    assert engines.request("PATCH", path(*WHERE["argocd"]), status, kind=MERGE).status == 200
    assert sync.rows()[0][7] == "OutOfSync, Degraded"
    sync.did("create", "blueprints.dns.v2", "--engine", "flux", "--url", URL)
    ready = {"type": "Ready", "status": "False", "reason": "GitOperationFailed", "message": "no key"}
    told = {**ready, "lastTransitionTime": "2025-01-31T12:00:00Z"}
    sent = engines.request(
        "PATCH", path(*WHERE["flux"]) + "/status", {"status": {"conditions": [told]}}, kind=MERGE
    )
    assert sent.status == 200
    assert "GitRepository not ready: GitOperationFailed: no key" in sync.did("get", "--engine", "flux")


def test_one_pin_for_two_engines_is_told_apart(sync: Syncing) -> None:
    for word in ("flux", "argocd"):
        sync.did("create", "blueprints.dns", "--latest", "--engine", word, "--url", URL)
    assert [row[2] for row in sync.rows("blueprints-dns")] == ["flux", "argocd"]
    for command in ("update", "delete"):
        answer = sync(command, "blueprints-dns")
        assert (answer.code, "for 'flux' and 'argocd'; say which with `--engine`" in answer.err) == (1, True)
    sync.did("delete", "blueprints-dns", "--engine", "argocd")
    assert [row[2] for row in sync.rows()] == ["flux"]
    listed = sync.did("get", "-A", "-o", "name")
    assert listed == "gitrepository.source.toolkit.fluxcd.io/blueprints-dns\n"


def test_a_pin_of_a_repository_that_is_forgotten_says_so(sync: Syncing, portico: Person) -> None:
    sync.did("create", "blueprints.dns", "--latest", "--engine", "flux", "--url", URL)
    portico.did("repo", "unregister", "blueprints")
    answer = sync("get", "--no-headers")
    assert (answer.out.split()[5], "What is published in 'blueprints' is not known" in answer.err) == (
        "<unknown>",
        True,
    )
    assert "'blueprints' is not registered, or cannot be read" in sync("update", "--all").err


def test_who_may_not_is_told(sync: Syncing) -> None:
    answer = sync("create", "blueprints.dns.v1", "--engine", "flux", "--url", URL, user="mallory")
    assert (answer.code, "cannot get resource" in answer.err) == (1, True)
    assert "cannot list resource" in sync("get", user="mallory").err


def test_an_engine_that_is_not_installed(portico: Person, own: Cluster) -> None:
    words = ("--kubeconfig", str(own.kubeconfig()))
    assert portico("sync", "get", *words).err == "No resources found\n"
    answer = portico("sync", "create", "blueprints.dns.v1", "--engine", "flux", "--url", URL, *words)
    assert answer.code == 1
    assert "There is no GitRepository of 'source.toolkit.fluxcd.io/v1' in this cluster" in answer.err
    assert "Install the engine first" in answer.err


def test_a_cluster_that_is_not_known(portico: Person) -> None:
    answer = portico("sync", "get", "--kubeconfig", "/no/such/file")
    assert (answer.code, "The kubeconfig cannot be used" in answer.err) == (1, True)


@pytest.mark.parametrize("words", [("--dry-run",), ()])
def test_only_a_cluster_needs_the_library_for_clusters(portico: Person, words: tuple[str, ...]) -> None:
    assert portico("repo", "get").code == 0
    lacks = "import sys; sys.modules['kubernetes'] = None"
    code = f"{lacks}; from bot.cli.app import run; sys.exit(run(sys.argv[1:]))"
    create = ("sync", "create", "blueprints.dns.v1", "--engine", "flux", "--url", URL, *words)
    done = subprocess.run(
        [sys.executable, "-c", code, *create],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )
    if words:
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert done.returncode == 1
        assert "install it with `pip install 'portico[kubernetes]'`" in done.stderr
