"""Webhooks are believed by their signature alone, and say where to look."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Unsigned
from bot.forges.github.hear import hear
from bot.forges.heard import Heard
from tests.forges.published import Unreachable, npm

Json = Any
SECRET = b"it is a secret"
OTHERS_PAYLOADS = Path("/tmp/shared/payloads/github")  # noqa: S108 read only, and nothing is made there
REPOSITORY = {"repository": {"full_name": "acme/packages"}}
HEARD = {
    "ping",
    "push",
    "create",
    "delete",
    "pull_request",
    "pull_request_review",
    "repository",
    "issue_comment",
    "check_run",
    "merge_group",
    "installation",
    "installation_repositories",
}


def signed(
    event: str, payload: Json, more: Mapping[str, str] = {}, *, secret: bytes = SECRET
) -> tuple[dict[str, str], bytes]:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    digest = hmac.new(secret, body, hashlib.sha256).hexdigest()
    headers = {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": "an-id",
        "X-Hub-Signature-256": f"sha256={digest}",
    }
    return {**headers, **more}, body


def told(event: str, payload: Json, more: Mapping[str, str] = {}) -> Heard | None:
    return hear(*signed(event, payload, more), [SECRET])


@cache
def published() -> list[tuple[str, Json]]:
    """Every example that GitHub's octokit publishes, of github.com and of Enterprise Servers."""
    sources = ("api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35")
    files = [npm("@octokit/webhooks-examples", f"{source}/index.json") for source in sources]
    return [
        (event["name"], example)
        for file in files
        for event in json.loads(file.read_bytes())
        for example in event["examples"]
    ]


def test_every_published_example_is_heard_or_passed_over() -> None:
    try:
        examples = published()
    except Unreachable as error:
        pytest.skip(f"The published webhooks cannot be read: {error}")
    assert len(examples) > 300
    for event, payload in examples:
        heard = told(event, payload)
        if heard is None:
            continue
        assert event in HEARD
        assert "/" in heard.repository
        number = payload.get("number") or payload.get("pull_request", payload.get("issue", {})).get("number")
        if event.startswith(("pull_request", "issue")):
            assert heard.number == number
    told_of = {event for event, payload in examples if told(event, payload)}
    # Of the published comments none is on a pull request.
    assert told_of == HEARD - {"issue_comment"}


@pytest.mark.parametrize(
    ("name", "event", "heard"),
    [
        ("pr.json", "pull_request", ("packit-service/packit", 342, "")),
        ("push_to_pr.json", "pull_request", ("RedHatInsights/insights-core", 4418, "")),
        ("push.json", "push", ("some-user/some-repo", 0, "")),
        ("push_branch.json", "push", ("packit-service/hello-world", 0, "build-branch")),
        ("push_to_existing_branch.json", "push", ("flightctl/flightctl", 0, "EDM-1179")),
        ("checkrun_rerequested.json", "check_run", ("packit/hello-world", 0, "")),
        ("pr_comment_build.json", "issue_comment", ("packit-service/hello-world", 9, "")),
        ("pr_comment_embedded_command.json", "issue_comment", ("packit-service/hello-world", 9, "")),
        ("pr_comment_empty.json", "issue_comment", ("packit-service/hello-world", 9, "")),
        ("pr_comment_help_command.json", "issue_comment", ("packit/hello-world", 1418, "")),
        ("issue_comment_help_command.json", "issue_comment", None),
        ("installation_created.json", "installation", ("jpopelka/brewutils", 0, "")),
    ],
)
def test_payloads_that_others_met(name: str, event: str, heard: tuple[str, int, str] | None) -> None:
    if not OTHERS_PAYLOADS.is_dir():
        pytest.skip("The payloads of other projects are not on this machine.")
    told_of = told(event, json.loads((OTHERS_PAYLOADS / name).read_bytes()))
    assert (told_of and (told_of.repository, told_of.number, told_of.branch)) == heard


@pytest.mark.parametrize(
    ("event", "payload", "number", "branch"),
    [
        ("push", {"ref": "refs/heads/drafts/web/x"}, 0, "drafts/web/x"),
        ("push", {"ref": "refs/tags/web/v1"}, 0, ""),
        ("push", {"ref": None}, 0, ""),
        ("push", {"ref": "refs/heads/a\nb"}, 0, ""),
        ("create", {"ref": "drafts/web/x", "ref_type": "branch"}, 0, "drafts/web/x"),
        ("delete", {"ref": "web/v1", "ref_type": "tag"}, 0, ""),
        ("pull_request_review", {"pull_request": {"number": 7}}, 7, ""),
        ("issue_comment", {"action": "deleted", "issue": {"number": 7, "pull_request": {}}}, 7, ""),
        ("check_run", {"action": "rerequested", "check_run": {"pull_requests": [{"number": 7}]}}, 7, ""),
        (
            "check_run",
            {
                "action": "requested_action",
                "check_run": {"pull_requests": [], "check_suite": {"head_branch": "drafts/web/x"}},
            },
            0,
            "drafts/web/x",
        ),
        (
            "merge_group",
            {"merge_group": {"head_ref": f"refs/heads/gh-readonly-queue/main/pr-7-{'a' * 40}"}},
            7,
            "",
        ),
        ("merge_group", {"merge_group": {"base_ref": "refs/heads/main"}}, 0, "main"),
        ("repository", {"action": "renamed"}, 0, ""),
    ],
)
def test_where_to_look(event: str, payload: Json, number: int, branch: str) -> None:
    if event == "issue_comment":
        payload["issue"]["pull_request"] = {"url": "https://api.github.com/repos/acme/packages/pulls/7"}
    assert told(event, {**payload, **REPOSITORY}) == Heard("acme/packages", "an-id", number, branch)


US = {"login": "portico[bot]", "type": "Bot"}
OTHER = {"login": "ada", "type": "User"}
ON_CHANGE = {"number": 7, "pull_request": {"number": 7}}


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("push", {"ref": "refs/tags/web/v1", "created": True, "deleted": False}),
        ("create", {"ref": "web/v1", "ref_type": "tag"}),
        ("push", {"ref": "refs/heads/drafts/web/x", "created": False, "deleted": True}),
        ("delete", {"ref": "drafts/web/x", "ref_type": "branch"}),
        ("pull_request", {"action": "opened", **ON_CHANGE}),
        ("pull_request", {"action": "synchronize", **ON_CHANGE}),
        ("pull_request", {"action": "closed", "number": 7, "pull_request": {"number": 7, "merged": False}}),
        (
            "issue_comment",
            {
                "action": "created",
                "issue": {"number": 7, "pull_request": {"url": "x"}},
                "comment": {"user": US},
            },
        ),
        (
            "issue_comment",
            {
                "action": "edited",
                "issue": {"number": 7, "pull_request": {"url": "x"}},
                "comment": {"user": US},
            },
        ),
    ],
)
def test_what_tells_nothing_to_whoever_did_it_says_who_that_was(event: str, payload: Json) -> None:
    heard = told(event, {**payload, **REPOSITORY, "sender": US})
    assert heard is not None
    assert heard.news_to_others_than == "portico[bot]"
    heard = told(event, {**payload, **REPOSITORY})
    assert heard is not None
    assert heard.news_to_others_than == ""


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("push", {"ref": "refs/heads/main"}),  # what is published makes others stale, and may be a policy
        ("push", {"ref": "refs/heads/drafts/web/x"}),  # a workflow may push with the same account
        ("push", {"ref": "refs/tags/web/v1", "created": False, "deleted": True}),
        ("push", {"ref": "refs/tags/web/v1", "created": False, "deleted": False}),
        ("create", {"ref": "drafts/web/x", "ref_type": "branch"}),
        ("delete", {"ref": "web/v1", "ref_type": "tag"}),
        ("pull_request", {"action": "ready_for_review", **ON_CHANGE}),
        ("pull_request", {"action": "converted_to_draft", **ON_CHANGE}),
        ("pull_request", {"action": "reopened", **ON_CHANGE}),
        # A queue merges in the name of whoever put it in, long after that look.
        ("pull_request", {"action": "closed", "number": 7, "pull_request": {"number": 7, "merged": True}}),
        ("pull_request", {"action": "edited", **ON_CHANGE}),
        ("pull_request_review", {"action": "submitted", **ON_CHANGE}),
        (
            "issue_comment",  # somebody's words are gone, whoever took them away
            {
                "action": "deleted",
                "issue": {"number": 7, "pull_request": {"url": "x"}},
                "comment": {"user": US},
            },
        ),
        (
            "issue_comment",
            {
                "action": "edited",
                "issue": {"number": 7, "pull_request": {"url": "x"}},
                "comment": {"user": OTHER},
            },
        ),
        ("check_run", {"action": "rerequested", "check_run": {"pull_requests": [{"number": 7}]}}),
        ("ping", {}),
        ("merge_group", {"merge_group": {"head_ref": "refs/heads/x/pr-7-ab"}}),
    ],
)
def test_what_may_tell_more_is_heard_whoever_did_it(event: str, payload: Json) -> None:
    heard = told(event, {**payload, **REPOSITORY, "sender": US})
    assert heard is not None
    assert heard.news_to_others_than == ""


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("check_run", {"action": [], "check_run": {"pull_requests": [{"number": 7}]}}),
        ("check_run", {"action": "created", "check_run": {"pull_requests": [{"number": 7}]}}),
        ("issue_comment", {"issue": {"number": 7}}),
        ("pull_request", {"pull_request": {"number": True}}),
        ("pull_request", {"number": -7}),
        ("pull_request", {"number": 10**30}),
        ("pull_request", {"number": 7, "repository": {"full_name": "../../etc/passwd"}}),
        ("star", {}),
        ("push", []),
        ("push", b"{"),
        ("push", b"\xff\xfe"),
        ("push", b"[" * 200_000),
        ("push", b'{"ref": ' + b"9" * 10_000 + b"}"),
    ],
)
def test_what_cannot_be_looked_at_is_passed_over(event: str, payload: Json) -> None:
    payload = {**REPOSITORY, **payload} if isinstance(payload, dict) else payload
    assert told(event, payload) is None


def test_an_app_that_was_installed_for_one_repository_is_heard() -> None:
    payload = {"action": "added", "repositories_added": [{"full_name": "acme/packages"}]}
    assert told("installation_repositories", payload) == Heard("acme/packages", "an-id")


def test_a_form_is_read_too() -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    payload = {"pull_request": {"number": 7}, **REPOSITORY}
    body = ("payload=" + json.dumps(payload).replace(" ", "+")).encode()
    assert told("pull_request", body, kind) == Heard("acme/packages", "an-id", 7)


def test_any_of_the_secrets_may_have_signed() -> None:
    headers, body = signed("ping", REPOSITORY, secret=b"the old one")
    assert hear(headers, body, [SECRET, b"the old one"]) is not None


@pytest.mark.parametrize("secrets", [[], [b""], [b"another"], [b"", b"another"]])
def test_who_does_not_know_the_secret_is_not_heard(secrets: list[bytes]) -> None:
    for by in (SECRET, b""):
        headers, body = signed("ping", REPOSITORY, secret=by)
        with pytest.raises(Unsigned, match="Secret"):
            hear(headers, body, secrets)


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=é", "sha1=0", None])
def test_another_signature_is_none(signature: str | None) -> None:
    headers, body = signed("ping", REPOSITORY)
    if signature is None:
        del headers["X-Hub-Signature-256"]
        headers["X-Hub-Signature"] = "sha1=" + hmac.new(SECRET, body, hashlib.sha1).hexdigest()
    else:
        headers["X-Hub-Signature-256"] = signature
    with pytest.raises(Unsigned):
        hear(headers, body, [SECRET])


def test_a_changed_body_is_not_read() -> None:
    headers, body = signed("ping", REPOSITORY)
    with pytest.raises(Unsigned):
        hear(headers, body + b" ", [SECRET])


@pytest.mark.parametrize("other", ["X-Gitea-Event", "X-Forgejo-Event", "X-Gogs-Event"])
def test_the_messages_of_other_forges_are_theirs(other: str) -> None:
    headers, body = signed("push", {"ref": "refs/heads/x", **REPOSITORY}, {other: "push"})
    assert hear(headers, body, [SECRET]) is None


def test_names_of_headers_may_be_in_any_case() -> None:
    headers, body = signed("ping", REPOSITORY)
    assert hear({key.upper(): value for key, value in headers.items()}, body, [SECRET]) is not None


KEYS = st.sampled_from(
    ("ref", "ref_type", "number", "pull_request", "issue", "repository", "full_name", "action", "check_run")
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just("refs/heads/x"),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


@given(st.sampled_from(sorted(HEARD)), ANYTHING)
def test_no_payload_is_a_fault_of_ours(event: str, payload: Json) -> None:
    told(event, {**REPOSITORY, **payload} if isinstance(payload, dict) else payload)
