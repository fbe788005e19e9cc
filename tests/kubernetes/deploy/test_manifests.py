"""What `kubectl apply -k deploy/` brings: valid, confined, and with the rights that its work needs alone."""

import base64
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped] # it comes without types
import pytest

from bot import __version__
from bot.cli.app import run as portico
from bot.cli.kubernetes_run import run as kubernetes_run
from bot.kubernetes.stamp import Stamps
from tests.cli.person import make_repository, settle
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.deploy.conftest import ACCOUNT, DEPLOY, Put, objects

ALL = ("everywhere", "admission")
REPOSITORY = {"apiVersion": "config.porch.kpt.dev/v1alpha1", "kind": "Repository"}


def built(kubectl: Callable[..., str], folder: Path) -> list[dict[str, Any]]:
    return objects(kubectl("kustomize", str(folder)))


def one(found: list[dict[str, Any]], kind: str, name: str = "portico") -> dict[str, Any]:
    [item] = [item for item in found if (item["kind"], item["metadata"]["name"]) == (kind, name)]
    return item


@pytest.mark.parametrize("version", ["1.31", "1.34"])
def test_every_object_is_valid_by_kubernetes_own_schemas(
    kubectl: Callable[..., str], put: Put, version: str
) -> None:
    found = [*built(kubectl, put(*ALL)), *built(kubectl, DEPLOY / "crds")]
    assert len(found) == 16
    for item in found:
        kubernetes_validate.validate(item, version, strict=True)


def test_the_pod_can_do_no_harm(kubectl: Callable[..., str], put: Put) -> None:
    pod = one(built(kubectl, put(*ALL)), "Deployment")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    [container] = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"memory", "ephemeral-storage"} <= container["resources"]["limits"].keys()
    assert "cpu" in container["resources"]["requests"]
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    assert {next(iter(volume.keys() - {"name"})) for volume in pod["volumes"]} == {"emptyDir", "secret"}


def test_its_health_is_asked_for_where_it_listens(kubectl: Callable[..., str]) -> None:
    found = built(kubectl, DEPLOY)
    [container] = one(found, "Deployment")["spec"]["template"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    listen = container["args"][container["args"].index("--listen") + 1]
    for probe, path in (("startup", "/healthz"), ("liveness", "/healthz"), ("readiness", "/readyz")):
        asked = container[f"{probe}Probe"]["httpGet"]
        assert (asked["path"], f":{ports[asked['port']]}") == (path, listen)


def test_the_command_knows_its_arguments(kubectl: Callable[..., str], put: Put) -> None:
    [container] = one(built(kubectl, put(*ALL)), "Deployment")["spec"]["template"]["spec"]["containers"]
    assert container["args"][:2] == ["kubernetes", "run"]
    given = kubernetes_run.make_context("run", container["args"][2:]).params
    assert (given["listen"], given["admission"]) == (":8080", ":8443")
    assert given["leader_elect"]
    assert given["all_namespaces"]
    [folder] = [one["mountPath"] for one in container["volumeMounts"] if one["name"] == "admission"]
    files = {given[name] for name in ("certificate", "key", "stamp_key")}
    assert files == {Path(folder, name) for name in ("tls.crt", "tls.key", "stamp.key")}


def test_the_image_is_of_this_version_until_it_is_named(kubectl: Callable[..., str], put: Put) -> None:
    images = [
        one(built(kubectl, folder), "Deployment")["spec"]["template"]["spec"]["containers"][0]["image"]
        for folder in (DEPLOY, put())
    ]
    assert images == [f"portico:{__version__}", "registry.example.com/portico:0.1.0"]


def test_what_selects_the_pod_finds_it(kubectl: Callable[..., str], put: Put) -> None:
    found = built(kubectl, put("admission"))
    labels = one(found, "Deployment")["spec"]["template"]["metadata"]["labels"]
    assert one(found, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels
    service = one(found, "Service", "portico-admission")["spec"]
    assert service["selector"] == labels
    [container] = one(found, "Deployment")["spec"]["template"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert f"--admission=:{ports[service['ports'][0]['targetPort']]}" in container["args"]


def test_the_api_server_trusts_the_webhook_s_certificate(
    kubectl: Callable[..., str], put: Put, tmp_path: Path
) -> None:
    found = built(kubectl, put("admission"))
    [hook] = one(found, "MutatingWebhookConfiguration")["webhooks"]
    [secret] = [item for item in found if item["kind"] == "Secret"]
    [mounted] = [
        volume["secret"]["secretName"]
        for volume in one(found, "Deployment")["spec"]["template"]["spec"]["volumes"]
        if "secret" in volume
    ]
    assert mounted == secret["metadata"]["name"]
    (tmp_path / "ca.crt").write_bytes(base64.b64decode(hook["clientConfig"]["caBundle"]))
    (tmp_path / "tls.crt").write_bytes(base64.b64decode(secret["data"]["tls.crt"]))
    service = hook["clientConfig"]["service"]
    name = f"{service['name']}.{service['namespace']}.svc"
    words = ["openssl", "verify", "-purpose", "sslserver", "-verify_hostname", name]
    done = subprocess.run(
        [*words, "-CAfile", "ca.crt", "tls.crt"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "tls.crt: OK\n")


def test_the_api_server_asks_at_the_path_that_nobody_else_knows(
    kubectl: Callable[..., str], put: Put
) -> None:
    found = built(kubectl, put("admission"))
    [hook] = one(found, "MutatingWebhookConfiguration")["webhooks"]
    [secret] = [item for item in found if item["kind"] == "Secret"]
    key = base64.b64decode(secret["data"]["stamp.key"]).strip()
    assert hook["clientConfig"]["service"]["path"] == Stamps(key).door
    assert "ConfigMap" not in {item["kind"] for item in found}


def test_keys_that_are_made_again_stay_secret_and_the_one_for_marks_the_same(put: Put) -> None:
    folder = put("admission").parent / "portico" / "deploy" / "admission" / "tls"
    keys = [(folder / name).read_text() for name in ("stamp.key", "tls.key")]
    subprocess.run([folder / "make"], check=True)
    assert (folder / "stamp.key").read_text() == keys[0]
    assert (folder / "tls.key").read_text() != keys[1]
    assert all((folder / name).stat().st_mode & 0o077 == 0 for name in ("stamp.key", "tls.key"))
    assert not (folder / "ca.key").exists()
    ignored = subprocess.run(
        ["git", "check-ignore", "tls.key", "stamp.key", "ca.crt"],
        cwd=DEPLOY / "admission" / "tls",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ignored.stdout.split() == ["tls.key", "stamp.key", "ca.crt"]


def test_every_right_says_why(kubectl: Callable[..., str]) -> None:
    lines = (DEPLOY / "rights.yaml").read_text().splitlines()
    rules = [at for at, line in enumerate(lines) if line.startswith("  - apiGroups:")]
    # The last rule is about what the one before it makes, and shares its reason.
    unexplained = [lines[at + 1].strip() for at in rules if not lines[at - 1].lstrip().startswith("#")]
    assert unexplained == ["resources: [leases]"]
    rights = [item for item in built(kubectl, DEPLOY) if item["kind"] == "Role"]
    for role in rights:
        for rule in role["rules"]:
            assert "*" not in (*rule["apiGroups"], *rule["resources"], *rule["verbs"])


def test_everywhere_is_the_same_but_everywhere(kubectl: Callable[..., str], put: Put) -> None:
    found = built(kubectl, put("everywhere"))
    assert one(found, "ClusterRole")["rules"] == one(found, "Role")["rules"]
    [container] = one(found, "Deployment")["spec"]["template"]["spec"]["containers"]
    assert "--all-namespaces" in container["args"]


def test_a_cluster_takes_all_of_it_and_once_more_to_no_effect(empty: Cluster, put: Put) -> None:
    folders = [str(DEPLOY / "crds"), str(put(*ALL))]
    for folder in folders:
        first = empty.kubectl("apply", "-k", folder)
        assert all(line.endswith(" created") for line in first.splitlines())
    before = {folder: versions(empty, folder) for folder in folders}
    for folder in folders:
        empty.kubectl("apply", "-k", folder)
        assert versions(empty, folder) == before[folder]
    sent = one(objects(empty.kubectl("kustomize", folders[1])), "Deployment")["spec"]["template"]["spec"]
    held = one(objects(empty.kubectl("get", "-k", folders[1], "-o", "yaml"))[0]["items"], "Deployment")
    # The server of the tests adds none of Kubernetes' defaults; what it has dropped, it does not know.
    assert held["spec"]["template"]["spec"] == sent


def versions(cluster: Cluster, folder: str) -> list[str]:
    return cluster.kubectl("get", "-k", folder, "-o", "jsonpath={.items[*].metadata.resourceVersion}").split()


@pytest.fixture
def deployed(empty: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """A cluster with the manifests, and with a repository registered in their namespace and in another."""
    home = tmp_path / "home"
    home.mkdir()
    settle(monkeypatch, home)
    empty.install(DEPLOY / "crds")
    empty.kubectl("apply", "-k", str(DEPLOY))
    empty.kubectl("create", "namespace", "team")
    for namespace in ("portico", "team"):
        bare = make_repository(tmp_path / namespace / "blueprints.git")
        head = {**REPOSITORY, "metadata": {"name": f"{namespace}-blueprints", "namespace": namespace}}
        empty.kubectl("apply", "-f", "-", given={**head, "spec": {"git": {"repo": str(bare)}}})
    return empty


def go_round(cluster: Cluster, *words: str) -> int:
    """Have Portico make one round as the account of the manifests."""
    kubeconfig = cluster.folder / "account"  # a colon would be between the names of two files
    shutil.copy(cluster.kubeconfig(ACCOUNT), kubeconfig)
    settings = ("--allow-local", "--kubeconfig", str(kubeconfig))
    return portico(["kubernetes", "run", "--once", *settings, *words])


def may(cluster: Cluster, words: str) -> str:
    asked = cluster.try_kubectl("auth", "can-i", *words.split(), f"--as={ACCOUNT}")
    return asked.stdout.strip()


def test_the_account_may_do_its_work_and_no_more(deployed: Cluster) -> None:
    assert go_round(deployed, "-n", "portico") == 0
    shown = deployed.kubectl("get", "rpkg", "-n", "portico", "-o", "name").split()
    assert "packagerevision.porch.kpt.dev/portico-blueprints.dns.v1" in shown
    ready = deployed.kubectl(
        "get", "repo", "portico-blueprints", "-n", "portico", "-o", "jsonpath={.status.conditions[0].status}"
    )
    assert ready == "True"
    refused = [event for event in deployed.audited(ACCOUNT) if event["responseStatus"]["code"] == 403]
    assert refused == []

    for words in (
        "get repositories.config.porch.kpt.dev -n team",
        "list secrets -n portico",
        "get secrets -n team",
        "delete repositories.config.porch.kpt.dev -n portico",
        "patch repositories.config.porch.kpt.dev -n portico",
        "create deployments.apps -n portico",
        "update leases.coordination.k8s.io/other -n portico",
        "create rolebindings.rbac.authorization.k8s.io -n portico",
    ):
        assert may(deployed, words) == "no", words
    for words in (
        "create leases.coordination.k8s.io -n portico",
        "update leases.coordination.k8s.io/portico -n portico",
    ):
        assert may(deployed, words) == "yes", words


def test_everywhere_it_may_do_it_everywhere(deployed: Cluster, put: Put) -> None:
    deployed.kubectl("apply", "-k", str(put("everywhere")))
    assert go_round(deployed, "--all-namespaces") == 0
    assert "team-blueprints.dns.v1" in deployed.kubectl("get", "rpkg", "-n", "team", "-o", "name")


def test_the_table_has_porch_s_columns(deployed: Cluster) -> None:
    assert go_round(deployed, "-n", "portico") == 0
    head, *rows = deployed.kubectl("get", "rpkg", "-n", "portico").splitlines()
    assert head.split() == [
        "NAME",
        "PACKAGE",
        "WORKSPACENAME",
        "REVISION",
        "LATEST",
        "LIFECYCLE",
        "REPOSITORY",
        "AGE",
    ]
    [row] = [re.split(r" {2,}", row) for row in rows if row.startswith("portico-blueprints.dns.v1 ")]
    assert row[1:7] == ["dns", "v1", "1", "true", "Published", "portico-blueprints"]
