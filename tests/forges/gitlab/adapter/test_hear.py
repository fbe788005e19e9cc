"""Webhooks of GitLab are believed by their secret or signature alone, and say where to look."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Unsigned
from bot.forges.gitlab.hear import EVENTS, hear
from bot.forges.heard import Heard
from tests.forges.published import Unreachable, go_gitlab

Json = Any
SECRET = b"it is a secret"
KEY = b"twenty-four bytes of key"
SIGNING = b"whsec_" + base64.b64encode(KEY)
NOW = 1_800_000_000.0
OTHERS_PAYLOADS = Path("/tmp/shared/payloads/gitlab")  # noqa: S108 read only, and nothing is made there
PROJECT = {"project": {"path_with_namespace": "acme/infra/packages"}}
KINDS = {
    "push": "Push Hook",
    "tag_push": "Tag Push Hook",
    "merge_request": "Merge Request Hook",
    "note": "Note Hook",
    "emoji": "Emoji Hook",
    "pipeline": "Pipeline Hook",
}
HELLO = "testing/packit/hello-there"
ATLANTIS = "quan.hoang/atlantis-example"
SUBGROUP = "lkysow-test/subgroup/sub-subgroup/atlantis-example"


def told(event: str, payload: Json, more: Mapping[str, str] = {}) -> Heard | None:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    headers = {"X-Gitlab-Event": event, "X-Gitlab-Token": SECRET.decode(), "Idempotency-Key": "an-id"}
    return hear({**headers, **more}, body, [SECRET])


def signed(body: bytes, key: bytes = KEY, at: float = NOW) -> dict[str, str]:
    moment = str(int(at))
    digest = hmac.new(key, b".".join([b"msg_1", moment.encode(), body]), hashlib.sha256).digest()
    return {
        "X-Gitlab-Event": "Push Hook",
        "webhook-id": "msg_1",
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("gitlab-merge-request-comment-event-subgroup.json", (SUBGROUP, 2, "")),
        ("gitlab-merge-request-comment-event.json", ("gitlabhq/gitlab-test", 1, "")),
        ("gitlab-merge-request-event-mark-as-ready.json", ("sheather/test", 3, "")),
        ("gitlab-merge-request-event-subgroup.json", (SUBGROUP, 2, "")),
        ("gitlab-merge-request-event-update-assignee.json", (ATLANTIS, 3, "")),
        ("gitlab-merge-request-event-update-description.json", (ATLANTIS, 3, "")),
        ("gitlab-merge-request-event-update-labels.json", (ATLANTIS, 3, "")),
        ("gitlab-merge-request-event-update-milestone.json", ("sheather/test", 3, "")),
        ("gitlab-merge-request-event-update-mixed.json", (ATLANTIS, 3, "")),
        ("gitlab-merge-request-event-update-new-commit.json", (ATLANTIS, 3, "")),
        ("gitlab-merge-request-event-update-reviewer.json", ("sheather/test", 3, "")),
        ("gitlab-merge-request-event-update-target-branch.json", (ATLANTIS, 3, "")),
        ("gitlab-merge-request-event-update-title.json", (ATLANTIS, 3, "")),
        ("gitlab-merge-request-event.json", ("lkysow/atlantis-example", 12, "")),
        ("issue_comment.json", None),
        ("mr_closed.json", ("packit-service/hello-world", 19, "")),
        ("mr_comment.json", (HELLO, 2, "")),
        ("mr_event.json", (HELLO, 1, "")),
        ("mr_update_event.json", (HELLO, 2, "")),
        ("push_branch.json", (HELLO, 0, "test")),
        ("push_with_many_commits.json", ("packit-service/rpms/open-vm-tools", 0, "c9s")),
        ("push_with_one_commit.json", (HELLO, 0, "test2")),
        ("tag_push.json", ("fedora/src/python-teamcity-messages", 0, "")),
    ],
)
def test_payloads_that_others_met(name: str, heard: tuple[str, int, str] | None) -> None:
    if not OTHERS_PAYLOADS.is_dir():
        pytest.skip("The payloads of other projects are not on this machine.")
    payload = json.loads((OTHERS_PAYLOADS / name).read_bytes())
    told_of = told(KINDS[payload["object_kind"]], payload)
    assert (told_of and (told_of.repository, told_of.number, told_of.branch)) == heard


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("merge_request.json", ("gitlabhq/gitlab-test", 1, "")),
        ("service_merge_request.json", ("test/woodpecker", 2, "")),
        ("group_merge_request.json", None),
        ("note_commit.json", None),
        ("note_issue.json", None),
        ("note_merge_request.json", ("gitlab-org/gitlab-test", 1, "")),
        ("note_snippet.json", None),
        ("pipeline.json", ("gitlab-org/gitlab-test", 1, "")),
        ("push.json", ("mike/diaspora", 0, "master")),
        ("tag_push.json", ("jsmith/example", 0, "")),
    ],
)
def test_the_payloads_of_gitlabs_own_client(name: str, heard: tuple[str, int, str] | None) -> None:
    try:
        folder = go_gitlab() / "testdata" / "webhooks"
    except Unreachable as error:
        pytest.skip(f"The published webhooks cannot be read: {error}")
    payload = json.loads((folder / name).read_bytes())
    told_of = told(KINDS[payload["object_kind"]], payload)
    assert (told_of and (told_of.repository, told_of.number, told_of.branch)) == heard


@pytest.mark.parametrize(
    ("event", "payload", "number", "branch"),
    [
        ("Push Hook", {"ref": "refs/heads/drafts/web/x"}, 0, "drafts/web/x"),
        ("Push Hook", {"ref": "refs/heads/a\nb"}, 0, ""),
        ("Push Hook", {"ref": None}, 0, ""),
        ("Tag Push Hook", {"ref": "refs/tags/web/v1"}, 0, ""),
        ("Merge Request Hook", {"object_attributes": {"iid": 7, "action": "unapproved"}}, 7, ""),
        ("Note Hook", {"object_attributes": {"system": True}, "merge_request": {"iid": 7}}, 7, ""),
        ("Emoji Hook", {"event_type": "award", "merge_request": {"iid": 7}}, 7, ""),
        (
            "Pipeline Hook",
            {"object_attributes": {"ref": "drafts/web/x"}, "merge_request": None},
            0,
            "drafts/web/x",
        ),
    ],
)
def test_where_to_look(event: str, payload: Json, number: int, branch: str) -> None:
    assert told(event, {**payload, **PROJECT}) == Heard("acme/infra/packages", "an-id", number, branch)


US = "project_7_bot"
NONE = "0" * 40
SOME = "1" * 40


def of_change(action: str, **more: Json) -> Json:
    about = {"iid": 7, "action": action, "author_id": 3, **more}
    return {"object_attributes": about, "user": {"username": US, "id": 3}}


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("Tag Push Hook", {"ref": "refs/tags/web/v1", "before": NONE, "after": SOME, "user_username": US}),
        ("Push Hook", {"ref": "refs/heads/web", "before": SOME, "after": NONE, "user_username": US}),
        ("Merge Request Hook", of_change("open")),
        ("Merge Request Hook", of_change("close")),
        ("Merge Request Hook", of_change("update", oldrev=SOME)),
        ("Note Hook", {**of_change("create"), "merge_request": {"iid": 7}}),
        ("Note Hook", {**of_change("update"), "merge_request": {"iid": 7}}),
        ("Emoji Hook", {**of_change("award"), "merge_request": {"iid": 7}}),
    ],
)
def test_what_tells_nothing_to_whoever_did_it_says_who_that_was(event: str, payload: Json) -> None:
    heard = told(event, {**payload, **PROJECT})
    assert heard is not None
    assert heard.news_to_others_than == US
    strange = {"user": {"username": 7, "id": 3}, "user_username": None}
    heard = told(event, {**payload, **strange, **PROJECT})
    assert heard is not None
    assert heard.news_to_others_than == ""


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("Push Hook", {"ref": "refs/heads/main", "before": SOME, "after": SOME, "user_username": US}),
        ("Tag Push Hook", {"ref": "refs/tags/web/v1", "before": SOME, "after": NONE, "user_username": US}),
        ("Merge Request Hook", of_change("merge")),
        ("Merge Request Hook", of_change("approved")),
        ("Merge Request Hook", of_change("update")),
        ("Note Hook", {**of_change("delete"), "merge_request": {"iid": 7}}),
        ("Note Hook", {**of_change("update", author_id=4), "merge_request": {"iid": 7}}),
        ("Emoji Hook", {**of_change("revoke"), "merge_request": {"iid": 7}}),
        ("Pipeline Hook", {**of_change(""), "merge_request": {"iid": 7}}),
    ],
)
def test_what_may_tell_more_is_heard_whoever_did_it(event: str, payload: Json) -> None:
    heard = told(event, {**payload, **PROJECT})
    assert heard is not None
    assert heard.news_to_others_than == ""


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("Merge Request Hook", {"object_attributes": {"iid": True}}),
        ("Merge Request Hook", {"object_attributes": {"iid": -7}}),
        ("Merge Request Hook", {"object_attributes": {"iid": 10**30}}),
        ("Push Hook", {"ref": "refs/heads/x", "project": {"path_with_namespace": "../../etc passwd"}}),
        ("Emoji Hook", {"object_attributes": {"awardable_type": "Issue"}}),
        ("Pipeline Hook", {"object_attributes": {"ref": "v1", "tag": True}}),
        ("Issue Hook", {}),
        ("Push Hook", []),
        ("Push Hook", b"{"),
        ("Push Hook", b"\xff\xfe"),
        ("Push Hook", b"[" * 200_000),
    ],
)
def test_what_cannot_be_looked_at_is_passed_over(event: str, payload: Json) -> None:
    payload = {**PROJECT, **payload} if isinstance(payload, dict) else payload
    assert told(event, payload) is None


def test_a_delivery_is_known_by_what_stays_when_it_comes_again() -> None:
    body = json.dumps({"ref": "refs/heads/x", **PROJECT}).encode()
    named = {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": SECRET.decode(), "X-Gitlab-Event-UUID": "event"}
    found = [
        hear({**named, **more}, body, [SECRET])
        for more in ({}, {"webhook-id": "m"}, {"Idempotency-Key": "k"})
    ]
    assert [heard and heard.delivery for heard in found] == ["event", "m", "k"]


@pytest.mark.parametrize("secrets", [[], [b""], [b"another"], [b"", b"another"]])
@pytest.mark.parametrize("token", ["", SECRET.decode(), "é"])
def test_who_does_not_know_the_secret_is_not_heard(secrets: list[bytes], token: str) -> None:
    with pytest.raises(Unsigned, match="Secret token"):
        hear({"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": token}, b"{", secrets)


def test_a_message_without_a_token_is_not_heard() -> None:
    with pytest.raises(Unsigned):
        hear({"X-Gitlab-Event": "Push Hook"}, b"{", [SECRET])


def test_any_of_the_secrets_may_be_the_webhooks() -> None:
    body = json.dumps({"ref": "refs/heads/x", **PROJECT}).encode()
    headers = {"X-GITLAB-EVENT": "Push Hook", "x-gitlab-token": "the old one"}
    assert hear(headers, body, [SECRET, b"the old one"]) is not None


def test_a_signature_is_enough() -> None:
    body = json.dumps({"ref": "refs/heads/x", **PROJECT}).encode()
    assert hear(signed(body), body, [SECRET, SIGNING], now=NOW + 299) == Heard(
        "acme/infra/packages", "msg_1", 0, "x"
    )
    two = signed(body)
    two["webhook-signature"] = f"v1a,xyz v1,AAAA {two['webhook-signature']}"
    assert hear(two, body, [SIGNING], now=NOW) is not None
    assert hear(signed(body), body, [SIGNING]) is not None


@pytest.mark.parametrize("away", [-301, 301])
def test_an_old_signed_message_is_not_heard_again(away: float) -> None:
    body = json.dumps({"ref": "refs/heads/x", **PROJECT}).encode()
    with pytest.raises(Unsigned, match="at another time"):
        hear(signed(body), body, [SIGNING], now=NOW + away)


@pytest.mark.parametrize(
    "secrets", [[], [b""], [b"whsec_"], [b"whsec_!"], [KEY[1:]], [b"whsec_" + base64.b64encode(b"another")]]
)
def test_a_signature_by_another_key_is_none(secrets: list[bytes]) -> None:
    with pytest.raises(Unsigned, match="Secret token"):
        hear(signed(b"{}"), b"{}", secrets, now=NOW)


def test_what_was_signed_is_the_whole_message() -> None:
    for changed in (
        {"webhook-id": "other"},
        {"webhook-timestamp": str(int(NOW) + 1)},
        {"webhook-signature": "v1,"},
    ):
        with pytest.raises(Unsigned):
            hear({**signed(b"{}"), **changed}, b"{}", [SIGNING], now=NOW)
    with pytest.raises(Unsigned):
        hear(signed(b"{}"), b"{ }", [SIGNING], now=NOW)


def test_other_forges_messages_are_theirs() -> None:
    assert hear({"X-GitHub-Event": "push"}, b"{}", [SECRET]) is None


KEYS = st.sampled_from(("ref", "iid", "object_attributes", "merge_request", "project", "path_with_namespace"))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just("refs/heads/x"),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


@given(st.sampled_from(sorted(EVENTS)), ANYTHING)
def test_no_payload_is_a_fault_of_ours(event: str, payload: Json) -> None:
    told(event, {**PROJECT, **payload} if isinstance(payload, dict) else payload)
