"""Who changes an object is asked about by an admission webhook, as in a cluster."""

from typing import Any

from tests.kubernetes.cluster import Cluster
from tests.kubernetes.revisions import MERGE, made, place, revision
from tests.kubernetes.webhook import MUTATING, registered, webhook

CHANGES = {
    "apiGroups": ["porch.kpt.dev"],
    "apiVersions": ["v1alpha2"],
    "resources": ["packagerevisions"],
    "operations": ["CREATE", "UPDATE", "DELETE"],
}
NOBODY = "https://127.0.0.1:1/review"


def test_a_webhook_hears_who_asks_for_what(porch: Cluster, namespace: str) -> None:
    porch.grant("ada", namespace, "create,patch,delete", "packagerevisions.porch.kpt.dev")
    with webhook(porch, namespace, lambda _: "", CHANGES) as seen:
        porch.request("POST", place(namespace), revision("a"), user="ada")
        porch.request(
            "PATCH", place(namespace, "a"), {"spec": {"lifecycle": "Proposed"}}, kind=MERGE, user="ada"
        )
        porch.kubectl("delete", "rpkg", "a", "-n", namespace, "--as=grace", "--as-group=system:masters")
    assert [(one["operation"], one["userInfo"]["username"]) for one in seen] == [
        ("CREATE", "ada"),
        ("UPDATE", "ada"),
        ("DELETE", "grace"),
    ]
    assert set(seen[0]["userInfo"]["groups"]) == {"authors", "system:authenticated"}
    assert [seen[1][key]["spec"]["lifecycle"] for key in ("oldObject", "object")] == ["Draft", "Proposed"]


def test_a_webhook_refuses_in_its_own_words(porch: Cluster, namespace: str) -> None:
    def judge(request: dict[str, object]) -> str:
        return "Only grace may do that." if request["operation"] == "UPDATE" else ""

    with webhook(porch, namespace, judge, CHANGES):
        made(porch, namespace, "a")
        answer = porch.request(
            "PATCH", place(namespace, "a"), {"spec": {"lifecycle": "Proposed"}}, kind=MERGE
        )
    assert answer.status == 403
    assert answer.body["message"].endswith("denied the request: Only grace may do that.")
    assert porch.request("GET", place(namespace, "a")).body["spec"]["lifecycle"] == "Draft"


def test_a_webhook_marks_what_is_written(porch: Cluster, namespace: str) -> None:
    def judge(request: dict[str, Any]) -> list[dict[str, object]]:
        return [
            {"op": "add", "path": "/metadata/annotations", "value": {"by": request["userInfo"]["username"]}}
        ]

    porch.grant("ada", namespace, "create", "packagerevisions.porch.kpt.dev")
    with webhook(porch, namespace, judge, {**CHANGES, "operations": ["CREATE"]}, kind=MUTATING):
        stored = porch.request("POST", place(namespace), revision("a"), user="ada").body
    assert stored["metadata"]["annotations"] == {"by": "ada"}


def test_nothing_is_written_past_a_webhook_that_is_down(porch: Cluster, namespace: str) -> None:
    other = porch.namespace()
    with registered(porch, namespace, NOBODY, CHANGES):
        answer = porch.request("POST", place(namespace), revision("a"))
        assert answer.status == 500
        assert "failed calling webhook" in answer.body["message"]
        made(porch, other, "a")
    made(porch, namespace, "a")
