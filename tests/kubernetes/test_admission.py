"""Whoever changes an object is marked on it; nobody marks themselves."""

import base64
import io
import json
from typing import Any

import pytest

from bot.errors import InvalidDocument, TransportFailed
from bot.kubernetes.admission import Admission
from bot.kubernetes.stamp import STAMP, Stamps
from bot.lifecycle.person import Person
from bot.web.admission import admission_application
from bot.web.log import Log

STAMPS = Stamps(b"key")
ME = "system:serviceaccount:portico:portico"


class Kept:
    """Remembers what was to be written onto objects that are being deleted."""

    def __init__(self) -> None:
        self.marks: list[tuple[str, str]] = []

    def __call__(self, item: Any, mark: str) -> None:
        self.marks.append((item["metadata"]["name"], mark))


def item(lifecycle: str, mark: str = "", **metadata: Any) -> dict[str, Any]:
    annotations = {"team": "a"} | ({STAMP: mark} if mark else {})
    return {
        "metadata": {
            "name": "shop.net.dns.v1",
            "namespace": "team-a",
            "uid": "u-1",
            "generation": 3,
            "annotations": annotations,
            **metadata,
        },
        "spec": {"lifecycle": lifecycle},
    }


def review(operation: str, user: str, old: Any = None, new: Any = None, **more: Any) -> dict[str, Any]:
    request = {"uid": "r-1", "operation": operation, "userInfo": {"username": user}, **more}
    return {"request": request | {"oldObject": old, "object": new}}


def stored(answer: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """The object as the API server would store it: with the patch of the answer."""
    response = answer["response"]
    assert response["uid"] == "r-1"
    assert response["allowed"]
    result: dict[str, Any] = json.loads(json.dumps(sent))
    for step in json.loads(base64.b64decode(response.get("patch", "W10="))):
        *parents, last = (part.replace("~1", "/").replace("~0", "~") for part in step["path"].split("/")[1:])
        place = result
        for parent in parents:
            place = place[parent]
        if step["op"] == "remove":
            del place[last]
        else:
            place[last] = step["value"]
    return result


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def admission(kept: Kept) -> Admission:
    return Admission(STAMPS, ME, kept)


def after(found: dict[str, Any], generation: int = 4) -> dict[str, Any]:
    found["metadata"]["generation"] = generation
    return found


def test_whoever_changes_the_lifecycle_is_marked(admission: Admission) -> None:
    new = item("Proposed")
    found = stored(admission.answer(review("UPDATE", "ada", item("Draft"), new)), new)
    by = STAMPS.read(after(found))
    assert by
    assert by.login == "ada"
    assert found["metadata"]["annotations"]["team"] == "a"


def test_a_mark_that_somebody_wrote_themselves_is_overwritten(admission: Admission) -> None:
    new = item("Published", mark=STAMPS.make(item("Proposed"), "grace", "Published"))
    found = stored(admission.answer(review("UPDATE", "eve", item("Proposed"), new)), new)
    by = STAMPS.read(after(found))
    assert by
    assert by.login == "eve"


def test_a_mark_is_not_brought_in_without_a_change(admission: Admission) -> None:
    new = item("Draft", mark=STAMPS.make(item("Draft"), "grace", "Draft"))
    found = stored(admission.answer(review("UPDATE", "eve", item("Draft"), new)), new)
    assert STAMP not in found["metadata"]["annotations"]


def test_a_mark_is_not_taken_away(admission: Admission) -> None:
    mark = STAMPS.make(item("Draft"), "ada", "Proposed")
    new = item("Proposed")
    found = stored(admission.answer(review("UPDATE", "eve", item("Proposed", mark), new)), new)
    assert found["metadata"]["annotations"][STAMP] == mark


def test_who_changes_aught_else_is_not_taken_for_who_asked(admission: Admission) -> None:
    """Mallory wrote 'Published' a moment ago; grace sets a label of the package."""
    old = item("Published", STAMPS.make(item("Proposed"), "mallory", "Published"), generation=4)
    new = json.loads(json.dumps(old))
    new["spec"]["packageMetadata"] = {"labels": {"team": "a"}}
    found = stored(admission.answer(review("UPDATE", "grace", old, new)), new)
    assert STAMPS.read(after(found, 5)) is None


def written(manager: str, mark: str, text: str) -> dict[str, Any]:
    """Contents that we showed, and `manager` has changed since."""
    fields: dict[str, Any] = {"f:spec": {"f:resources": {}}}
    others = [{"manager": "portico", "fieldsV1": {"f:spec": {"f:packageName": {}}}}]
    found = item("", mark, managedFields=[*others, {"manager": manager, "fieldsV1": fields}])
    return found | {"kind": "PackageRevisionResources", "spec": {"resources": {"a.yaml": text}}}


@pytest.mark.parametrize(("second", "proven"), [("ada", "ada"), ("mallory", None)])
def test_contents_that_two_wrote_between_two_looks_are_nobodys(
    admission: Admission, second: str, proven: str | None
) -> None:
    shown = written("portico", "", "a: 1")
    mark = STAMPS.make(shown | {"metadata": shown["metadata"] | {"generation": 2}}, "ada", "")
    old, new = written("kubectl", mark, "a: 2"), written("kubectl", mark, "a: 3")
    found = stored(admission.answer(review("UPDATE", second, old, new)), new)
    by = STAMPS.read(after(found))
    assert (by.login if by else None) == proven


def test_what_is_created_is_marked(admission: Admission) -> None:
    new = {"metadata": {"name": "shop.net.dns.v1", "namespace": "team-a"}, "spec": {"lifecycle": "Draft"}}
    found = stored(admission.answer(review("CREATE", "ada", None, new)), new)
    found["metadata"]["uid"] = "given later"
    by = STAMPS.read(after(found, 1))
    assert by
    assert by.login == "ada"


def test_what_we_write_ourselves_is_nobody_elses(admission: Admission) -> None:
    new = item("Draft")
    assert stored(admission.answer(review("UPDATE", ME, item("Proposed"), new)), new) == new


def test_a_deletion_is_marked_before_it_is_let_through(admission: Admission, kept: Kept) -> None:
    admission.answer(review("DELETE", "ada", item("Draft")))
    ((name, mark),) = kept.marks
    assert name == "shop.net.dns.v1"
    by = STAMPS.read(item("Draft", mark, generation=4, deletionTimestamp="2026-01-01T00:00:00Z"))
    assert by
    assert by.login == "ada"


def test_a_trial_run_of_a_deletion_writes_nothing(admission: Admission, kept: Kept) -> None:
    admission.answer(review("DELETE", "ada", item("Draft"), dryRun=True))
    assert kept.marks == []


@pytest.mark.parametrize(
    "user",
    [
        "a\nb",
        "x" * 301,
        "system:apiserver",
        "system:kube-controller-manager",
        "system:serviceaccount:kube-system:namespace-controller",
    ],
)
def test_who_is_nobody_gets_no_mark(admission: Admission, user: str) -> None:
    new = item("Published")
    found = stored(admission.answer(review("UPDATE", user, item("Proposed"), new)), new)
    assert STAMP not in found["metadata"]["annotations"]


def test_a_program_of_a_team_is_somebody(admission: Admission) -> None:
    new = item("Proposed")
    user = "system:serviceaccount:team-a:ci"
    found = stored(admission.answer(review("UPDATE", user, item("Draft"), new)), new)
    assert STAMPS.read(after(found)) == Person(user)


def test_a_trial_run_gets_no_mark(admission: Admission) -> None:
    new = item("Published")
    answer = admission.answer(review("UPDATE", "grace", item("Proposed"), new, dryRun=True))
    assert STAMP not in stored(answer, new)["metadata"]["annotations"]


def test_a_deletion_that_cannot_be_marked_is_not_let_through() -> None:
    def fail(_item: Any, _mark: str) -> None:
        raise TransportFailed("The API server cannot be reached.")

    response = Admission(STAMPS, ME, fail).answer(review("DELETE", "ada", item("Draft")))["response"]
    assert (response["allowed"], response["status"]["message"]) == (
        False,
        "The API server cannot be reached.",
    )


@pytest.mark.parametrize("body", [None, [], {}, {"request": None}, {"request": {"uid": "x"}}, "text"])
def test_what_is_no_review_is_refused(admission: Admission, body: Any) -> None:
    with pytest.raises(InvalidDocument, match="AdmissionReview"):
        admission.answer(body)


def test_only_the_api_server_has_marks_made(admission: Admission, kept: Kept) -> None:
    """Every program of a cluster reaches us, and could tell of approvers what they never did."""
    client = admission_application(admission, Log(io.StringIO(), lambda: 0.0)).test_client()
    told = review("DELETE", "grace", item("DeletionProposed"))
    for guessed in ("/admission", "/admission/", "/admission/0", f"{STAMPS.door}/", STAMPS.door[:-1]):
        assert client.post(guessed, json=told).status_code == 404
        assert not kept.marks
    assert client.post(STAMPS.door, json=told).status_code == 200
    assert kept.marks
