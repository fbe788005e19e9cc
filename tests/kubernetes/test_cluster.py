"""The API server of the tests is the genuine article: it refuses, keeps and tells what a cluster does."""

import pytest

from tests.kubernetes.cluster import Answer, Cluster
from tests.kubernetes.revisions import APPLY, GROUP, MERGE, made, place, revision, version


def test_the_definitions_of_porch_are_served(porch: Cluster) -> None:
    words = porch.kubectl("api-resources", "--api-group=porch.kpt.dev", "--no-headers").split()
    assert words == ["packagerevisions", "rpkg", "porch.kpt.dev/v1alpha2", "true", "PackageRevision"]
    listed = {group["name"] for group in porch.request("GET", "/apis").body["groups"]}
    assert {"porch.kpt.dev", "config.porch.kpt.dev", "coordination.k8s.io"} <= listed
    assert "lifecycle" in porch.kubectl("explain", "packagerevision.spec")


def test_what_is_shown_are_the_columns_of_the_definition(porch: Cluster, namespace: str) -> None:
    made(porch, namespace, "shop.net.dns.v1")
    head, row = porch.kubectl("get", "rpkg", "-n", namespace).splitlines()
    assert head.split()[:4] == ["NAME", "PACKAGE", "WORKSPACENAME", "REVISION"]
    assert row.split()[:4] == ["shop.net.dns.v1", "net/dns", "v1", "Draft"]
    wanted = ("rpkg", "-n", namespace, "-o", "name", "--field-selector")
    assert (
        porch.kubectl("get", *wanted, "spec.repository=shop")
        == "packagerevision.porch.kpt.dev/shop.net.dns.v1\n"
    )
    assert porch.kubectl("get", *wanted, "spec.repository=other") == ""


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"lifecycle": "Lost"}, 'Unsupported value: "Lost"'),
        ({"source": {}}, "exactly one of init, cloneFrom, copyFrom, or upgrade must be set"),
        ({"packageName": 5}, "must be of type string"),
    ],
)
def test_what_the_schema_or_a_rule_forbids_is_refused(
    porch: Cluster, namespace: str, spec: dict[str, object], said: str
) -> None:
    answer = porch.request("POST", place(namespace), revision("a", **spec))
    assert (answer.status, answer.body["reason"]) == (422, "Invalid")
    assert said in answer.body["message"]


def test_the_status_is_written_by_its_own_door_alone(porch: Cluster, namespace: str) -> None:
    told = {"status": {"revision": 3}, "metadata": {"labels": {"a": "b"}}}
    made(porch, namespace, "a")
    first = porch.request("PATCH", place(namespace, "a"), told, kind=MERGE).body
    assert "status" not in first
    second = porch.request(
        "PATCH", place(namespace, "a") + "/status", {"status": {"revision": 4}}, kind=MERGE
    ).body
    assert second["status"]["revision"] == 4
    assert second["metadata"]["generation"] == first["metadata"]["generation"] == 1
    patch = (
        "--subresource=status",
        "--type=merge",
        "-p",
        '{"status": {"revision": 5}, "spec": {"lifecycle": "Proposed"}}',
    )
    porch.kubectl("patch", "rpkg", "a", "-n", namespace, *patch)
    third = porch.request("GET", place(namespace, "a")).body
    assert (third["status"]["revision"], third["spec"]["lifecycle"]) == (5, "Draft")


def test_two_managers_of_one_field_are_in_conflict(porch: Cluster, namespace: str) -> None:
    def applied(manager: str, lifecycle: str, **query: str) -> Answer:
        body = revision("a", lifecycle=lifecycle)
        return porch.request("PATCH", place(namespace, "a"), body, kind=APPLY, fieldManager=manager, **query)

    assert applied("ada", "Draft").status == 201
    answer = applied("portico", "Proposed")
    assert (answer.status, answer.body["details"]["causes"][0]["field"]) == (409, ".spec.lifecycle")
    assert '"ada"' in answer.body["message"]
    taken = applied("portico", "Proposed", force="true")
    assert (taken.status, taken.body["spec"]["lifecycle"]) == (200, "Proposed")
    assert {entry["manager"] for entry in taken.body["metadata"]["managedFields"]} == {"ada", "portico"}


def test_a_write_over_another_is_refused(porch: Cluster, namespace: str) -> None:
    old = made(porch, namespace, "a")
    assert (
        porch.request("PUT", place(namespace, "a"), {**old, "spec": {"lifecycle": "Proposed"}}).status == 200
    )
    answer = porch.request("PUT", place(namespace, "a"), old)
    assert (answer.status, answer.body["reason"]) == (409, "Conflict")


def test_a_watch_goes_on_where_it_ended(porch: Cluster, namespace: str) -> None:
    since = version(porch, namespace)
    with porch.watch(place(namespace), resourceVersion=since) as seen:
        made(porch, namespace, "a")
        first = next(seen)
        porch.request("PATCH", place(namespace, "a"), {"spec": {"lifecycle": "Proposed"}}, kind=MERGE)
        porch.request("DELETE", place(namespace, "a"))
    assert (first["type"], first["object"]["kind"]) == ("ADDED", "PackageRevision")
    met = first["object"]["metadata"]["resourceVersion"]
    with porch.watch(place(namespace), resourceVersion=met) as seen:
        assert [next(seen)["type"], next(seen)["type"]] == ["MODIFIED", "DELETED"]


def test_a_list_comes_in_pages(porch: Cluster, namespace: str) -> None:
    for number in range(3):
        made(porch, namespace, f"a{number}")
    first = porch.request("GET", place(namespace), limit="2").body
    rest = porch.request(
        "GET", place(namespace), limit="2", **{"continue": first["metadata"]["continue"]}
    ).body
    names = [item["metadata"]["name"] for page in (first, rest) for item in page["items"]]
    assert names == ["a0", "a1", "a2"]


def test_who_is_unknown_is_asked_for_a_name(cluster: Cluster) -> None:
    assert cluster.request("GET", "/apis", user="nobody").status == 401


def test_a_role_is_what_lets_people_in(porch: Cluster, namespace: str) -> None:
    other = porch.namespace()
    answer = porch.request("GET", place(namespace), user="mallory")
    assert (answer.status, answer.body["reason"]) == (403, "Forbidden")
    assert 'User "mallory" cannot list resource "packagerevisions"' in answer.body["message"]
    porch.grant("ada", namespace, "get,list,update,patch", "packagerevisions.porch.kpt.dev")
    made(porch, namespace, "a")
    told = {"spec": {"lifecycle": "Proposed"}}
    asked = [
        ("GET", place(namespace), None, 200),
        ("PATCH", place(namespace, "a"), told, 200),
        ("PATCH", place(namespace, "a") + "/status", {}, 403),
        ("DELETE", place(namespace, "a"), None, 403),
        ("GET", place(other), None, 403),
    ]
    for method, path, body, status in asked:
        assert porch.request(method, path, body, kind=MERGE, user="ada").status == status, path
    can = ("auth", "can-i", "delete", "rpkg", "-n", namespace)
    assert porch.try_kubectl(*can, user="ada").stdout == "no\n"
    assert porch.try_kubectl(*can).stdout == "yes\n"


def test_a_role_for_all_namespaces_can_be_bound_to_a_group_or_a_program(
    porch: Cluster, namespace: str
) -> None:
    name = f"reads-{namespace}"
    porch.kubectl("create", "clusterrole", name, "--verb=list", "--resource=packagerevisions.porch.kpt.dev")
    who = ("--group=approvers", f"--serviceaccount={namespace}:portico")
    porch.kubectl("create", "clusterrolebinding", name, f"--clusterrole={name}", *who)
    try:
        assert porch.request("GET", f"{GROUP}/packagerevisions", user="grace").status == 200
        assert porch.request("GET", f"{GROUP}/packagerevisions", user="mallory").status == 403
        program = f"--as=system:serviceaccount:{namespace}:portico"
        porch.kubectl("get", "rpkg", "-A", program)
        assert "cannot impersonate" in porch.try_kubectl("get", "rpkg", "-A", program, user="grace").stderr
    finally:
        porch.kubectl("delete", "clusterrole,clusterrolebinding", name)


def test_what_belongs_nowhere_is_refused(porch: Cluster) -> None:
    answer = porch.request("POST", place("nowhere"), revision("a"))
    assert (answer.status, answer.body["message"]) == (404, 'namespaces "nowhere" not found')


def test_what_was_asked_is_written_down(porch: Cluster, namespace: str) -> None:
    porch.request("POST", place(namespace), revision("a"), user="mallory")
    told = [event for event in porch.audited("mallory") if event["requestURI"] == place(namespace)]
    assert [(event["verb"], event["responseStatus"]["code"]) for event in told] == [("create", 403)]
