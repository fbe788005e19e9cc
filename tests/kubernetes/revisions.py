"""Package revisions of Porch as objects that tests write and read."""

from typing import Any

from tests.kubernetes.cluster import Cluster

GROUP = "/apis/porch.kpt.dev/v1alpha2"
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"


def revision(name: str, **spec: object) -> dict[str, Any]:
    told = {"repository": "shop", "packageName": "net/dns", "workspaceName": "v1", "lifecycle": "Draft"}
    head = {"apiVersion": "porch.kpt.dev/v1alpha2", "kind": "PackageRevision", "metadata": {"name": name}}
    return {**head, "spec": {**told, **spec}}


def place(namespace: str, name: str = "") -> str:
    return f"{GROUP}/namespaces/{namespace}/packagerevisions" + (f"/{name}" if name else "")


def made(cluster: Cluster, namespace: str, name: str, **spec: object) -> Any:
    """The revision as the server stored it."""
    answer = cluster.request("POST", place(namespace), revision(name, **spec))
    assert answer.status == 201, answer
    return answer.body


def version(cluster: Cluster, namespace: str) -> str:
    """The resource version of the list as it is now."""
    return str(cluster.request("GET", place(namespace)).body["metadata"]["resourceVersion"])
