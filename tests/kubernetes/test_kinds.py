"""Secrets, events and leases are kept and shown as in a cluster."""

import base64
from typing import Any

from tests.kubernetes.cluster import Cluster
from tests.kubernetes.revisions import APPLY, MERGE, made

LEASE = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "portico"}}


def event(namespace: str, about: dict[str, Any], **fields: str) -> dict[str, Any]:
    involved = {key: about["metadata"][key] for key in ("name", "namespace", "uid")}
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{involved['name']}.1", "namespace": namespace},
        "involvedObject": {**involved, "kind": about["kind"], "apiVersion": about["apiVersion"]},
        "type": "Warning",
        "reason": "Waiting",
        "message": "Waiting for approvals: 1 of 2.",
        **fields,
    }


def test_a_secret_is_what_was_put_in(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "secret", "generic", "key", "-n", namespace, "--from-literal=token=abc")
    held = cluster.request("GET", f"/api/v1/namespaces/{namespace}/secrets/key").body
    assert (held["type"], base64.b64decode(held["data"]["token"])) == ("Opaque", b"abc")
    head, row = cluster.kubectl("get", "secrets", "-n", namespace).splitlines()
    assert (head.split(), row.split()[:3]) == (["NAME", "TYPE", "DATA", "AGE"], ["key", "Opaque", "1"])
    assert "token:  3 bytes" in cluster.kubectl("describe", "secret", "key", "-n", namespace)
    path = f"/api/v1/namespaces/{namespace}/secrets/key"
    changed = cluster.request("PATCH", path, {"stringData": {"token": "new"}}, kind=MERGE).body
    assert ("stringData" in changed, base64.b64decode(changed["data"]["token"])) == (False, b"new")
    refused = cluster.request("PATCH", path, {"type": "kubernetes.io/tls"}, kind=MERGE)
    assert (refused.status, refused.body["details"]["causes"][0]["message"]) == (
        422,
        'Invalid value: "kubernetes.io/tls": field is immutable',
    )


def test_items_of_a_list_do_not_say_their_kind(cluster: Cluster, namespace: str) -> None:
    cluster.kubectl("create", "secret", "generic", "key", "-n", namespace)
    listed = cluster.request("GET", f"/api/v1/namespaces/{namespace}/secrets").body
    assert (listed["kind"], [item.get("kind") for item in listed["items"]]) == ("SecretList", [None])
    with cluster.watch(f"/api/v1/namespaces/{namespace}/secrets") as seen:
        assert next(seen)["object"]["kind"] == "Secret"


def test_a_manifest_is_applied_twice_to_no_effect(cluster: Cluster, namespace: str) -> None:
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"}, "data": {"a": "Yg=="}}
    apply = ("apply", "-n", namespace, "-f", "-")
    assert "created" in cluster.kubectl(*apply, given=body)
    assert "unchanged" in cluster.kubectl(*apply, given=body)
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}}
    path = f"/api/v1/namespaces/{namespace}/configmaps/settings"
    first, second = (
        cluster.request("PATCH", path, body, kind=APPLY, fieldManager="portico") for _ in range(2)
    )
    assert (first.status, second.status) == (201, 200)
    assert first.body["metadata"]["resourceVersion"] == second.body["metadata"]["resourceVersion"]
    other = {**body, "data": {"a": "c"}}
    assert cluster.request("PATCH", path, other, kind=APPLY, fieldManager="ada").status == 409


def test_an_event_is_shown_with_what_it_is_about(porch: Cluster, namespace: str) -> None:
    about = made(porch, namespace, "shop.net.dns.v1")
    path = f"/api/v1/namespaces/{namespace}/events"
    assert porch.request("POST", path, event(namespace, about)).status == 201
    described = porch.kubectl("describe", "rpkg", "shop.net.dns.v1", "-n", namespace)
    assert "Waiting for approvals: 1 of 2." in described.partition("Events:")[2]
    shown = porch.kubectl("get", "events", "-n", namespace, "--field-selector=reason=Waiting")
    assert "PackageRevision/shop.net.dns.v1" in shown
    assert (
        porch.kubectl("get", "events", "-n", namespace, "--field-selector=reason=Other", "-o", "name") == ""
    )


def test_an_event_of_another_namespace_is_refused(porch: Cluster, namespace: str) -> None:
    about, other = made(porch, namespace, "a"), porch.namespace()
    answer = porch.request("POST", f"/api/v1/namespaces/{other}/events", event(other, about))
    assert answer.status == 422
    assert "does not match event.namespace" in answer.body["message"]


def test_one_of_two_that_want_to_lead_comes_too_late(cluster: Cluster, namespace: str) -> None:
    path = f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases"
    wanted = {"holderIdentity": "one", "leaseDurationSeconds": 15, "renewTime": "2025-01-31T12:00:00.000000Z"}
    held = cluster.request("POST", path, {**LEASE, "spec": wanted}).body
    assert held["spec"] == wanted
    again = cluster.request("POST", path, {**LEASE, "spec": {**wanted, "holderIdentity": "two"}})
    assert (again.status, again.body["reason"]) == (409, "AlreadyExists")
    for holder, status in (("two", 200), ("three", 409)):
        body = {**held, "spec": {**wanted, "holderIdentity": holder}}
        assert cluster.request("PUT", f"{path}/portico", body).status == status
    unguarded = cluster.request("PUT", f"{path}/portico", {**LEASE, "spec": wanted})
    assert (unguarded.status, "must be specified for an update" in unguarded.body["message"]) == (422, True)
    assert "two" in cluster.kubectl("get", "leases", "-n", namespace)
