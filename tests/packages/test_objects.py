"""Objects are those of Porch: same uid, valid against its schema, whatever a commit message says."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.packages.kptfile import Condition, Kptfile, Upstream
from bot.packages.objects import Details, to_object, uid
from bot.packages.registration import Registration
from bot.packages.revision import Lifecycle, PackageRevision
from tests.cli.schemas import PACKAGE_REVISION, faults

WHERE = Registration("git", "https://h/r.git", directory="top", deployment=True)
DRAFT = PackageRevision("a/b", "ws", 0, Lifecycle.DRAFT, "c" * 40, "refs/heads/drafts/top/a/b/ws")
FULL = Kptfile(
    labels={"l": "1"},
    annotations={"a": "2"},
    upstream_lock=Upstream("https://h/up.git", "b", "b/v1", "d" * 40),
    readiness_gates=("ready",),
    conditions=(Condition("ready", "True", "Because"), Condition("odd", "")),
)


@pytest.mark.parametrize(
    ("namespace", "name", "expected"),
    [
        ("rpkg-init-deploy", "git.deploy-package.deploy", "d9f80c5c-8e7a-5dfa-a546-bad5196de8e0"),
        ("rpkg-clone", "git.empty-clone.clone-1", "e8317a47-90ce-5c75-b548-26e7de2e2508"),
        ("rpkg-push", "git.test-package.push", "0e7dd104-514e-5455-b077-6f196b04165c"),
    ],
)
def test_the_uid_is_the_one_that_porch_gives(namespace: str, name: str, expected: str) -> None:
    assert uid(namespace, name) == expected


def test_a_whole_object() -> None:
    published = DRAFT._replace(
        revision=2, lifecycle=Lifecycle.PUBLISHED, latest=True, ref="refs/tags/top/a/b/v2"
    )
    when = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
    task = {"type": "edit", "edit": {"sourceRef": {"name": "git.a.b.v1"}}}
    made = to_object(WHERE, published, Details(FULL, task, "ada@example.com", when), "team")
    assert faults(PACKAGE_REVISION, made) == []
    assert made["metadata"]["name"] == "git.a.b.ws"
    assert made["metadata"]["labels"] == {
        "porch.kpt.dev/latest-revision": "true",
        "porch.kpt.dev/repository": "git",
    }
    assert made["spec"]["source"] == {"copyFrom": {"name": "git.a.b.v1"}}
    status = made["status"]
    assert (status["revision"], status["publishedAt"], status["creationSource"]) == (
        2,
        "2026-01-02T01:04:05Z",
        "copy",
    )
    assert status["selfLock"]["git"]["ref"] == "top/a/b/v2"
    assert status["packageConditions"][1] == {"type": "odd", "status": ""}


@pytest.mark.parametrize(
    "task",
    [
        {"type": "init", "init": {"description": "x", "keywords": ["a"], "site": "s"}},
        {"type": "init"},
        {"type": "init", "init": {"keywords": [1], "description": {}}},
        {"type": "init", "init": "text"},
        {"type": "clone", "clone": {"upstreamRef": {"upstreamRef": {"name": "n"}}}},
        {
            "type": "clone",
            "clone": {"upstreamRef": {"type": "git", "git": {"repo": "r", "directory": "d", "ref": "v"}}},
        },
        {"type": "clone", "clone": {"upstreamRef": {"type": "oci", "oci": {"image": "i"}}}},
        {"type": "edit", "edit": {"sourceRef": []}},
        {
            "type": "upgrade",
            "upgrade": {
                "oldUpstreamRef": {"name": "o"},
                "newUpstreamRef": {"name": "n"},
                "localPackageRevisionRef": {"name": "l"},
                "strategy": "resource-merge",
            },
        },
        {
            "type": "upgrade",
            "upgrade": {
                "oldUpstreamRef": {"name": "o"},
                "newUpstreamRef": {"name": "n"},
                "localPackageRevisionRef": {"name": "l"},
                "strategy": ["resource-merge"],
            },
        },
        {"type": "upgrade", "upgrade": {"strategy": "none"}},
        {"type": 1},
        {"type": ["init"]},
    ],
)
def test_any_task_of_a_commit_message_makes_a_valid_object(task: Any) -> None:
    made = to_object(WHERE, DRAFT, Details(FULL, task))
    assert faults(PACKAGE_REVISION, made) == []
    assert len(made["spec"].get("source", {"": ""})) == 1


def test_credentials_in_an_old_commit_message_are_not_shown() -> None:
    git = {"repo": "https://u:hunter2@h/r.git", "directory": "d", "ref": "v1"}
    made = to_object(WHERE, DRAFT, Details(FULL, {"type": "clone", "clone": {"upstreamRef": {"git": git}}}))
    assert "hunter2" not in json.dumps(made)


def test_a_kptfile_that_cannot_be_read_is_left_out() -> None:
    made = to_object(WHERE, DRAFT, Details(published_at=datetime.now(UTC)))
    assert faults(PACKAGE_REVISION, made) == []
    assert "packageMetadata" not in made["spec"]
