"""Only what is published, and is to stay, is pinned."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.packages.documents import parse, plain
from tests.cli.person import Person, git

URL = "https://git.example.com/team/blueprints.git"
DRY = ("--engine", "argocd", "--url", URL, "--dry-run")


def printed(portico: Person, *words: str) -> list[Any]:
    return [plain(node) for node in parse(portico.did("sync", "create", *words).encode())]


def test_a_dry_run_prints_what_kubectl_takes(portico: Person, bare: Path) -> None:
    [told] = printed(portico, "blueprints.dns.v2", *DRY)
    source, annotations = told["spec"]["source"], told["metadata"]["annotations"]
    assert (told["kind"], told["metadata"]["name"]) == ("Application", "blueprints-dns")
    assert (source["targetRevision"], source["path"]) == ("refs/tags/dns/v2", "dns")
    assert source["directory"]["exclude"] == "package-context.yaml"
    assert annotations["portico.dev/commit"] == git(bare, "rev-parse", "dns/v2^{commit}")
    assert "portico.dev/follows" not in told["metadata"]["labels"]
    listed = json.loads(portico.did("sync", "create", "blueprints.dns.v2", *DRY, "-o", "json"))
    assert (listed["kind"], listed["items"]) == ("List", [told])


def test_the_latest_of_a_package_is_followed(portico: Person) -> None:
    for name in ("blueprints.dns", "blueprints.dns.v1"):
        [told] = printed(portico, name, "--latest", *DRY)
        assert told["spec"]["source"]["targetRevision"] == "refs/tags/dns/v2"
        assert told["metadata"]["labels"]["portico.dev/follows"] == "latest"


def test_two_objects_are_two_documents(portico: Person) -> None:
    made = printed(portico, "blueprints.apps.web.v1", "--engine", "flux", "--url", URL, "--dry-run")
    assert [one["kind"] for one in made] == ["GitRepository", "Kustomization"]


@pytest.mark.parametrize(
    ("ref", "name", "said"),
    [
        (
            "refs/heads/drafts/dns/mx",
            "blueprints.dns.mx",
            "'blueprints.dns.mx' is Draft, and a cluster takes",
        ),
        ("refs/heads/proposed/dns/mx", "blueprints.dns.mx", "'blueprints.dns.mx' is Proposed, and a cluster"),
        ("refs/heads/deletionProposed/dns/v2", "blueprints.dns.v2", "is proposed for deletion; take another"),
        ("refs/tags/dns/stable", "blueprints.dns.stable", "'blueprints.dns.stable' has no number"),
        ("", "blueprints.dns.main", "'blueprints.dns.main' has no number: it is what the branch holds"),
    ],
)
def test_whatever_else_there_is_is_refused(
    portico: Person, bare: Path, ref: str, name: str, said: str
) -> None:
    if ref:
        git(bare, "update-ref", ref, "main")
    answer = portico("sync", "create", name, *DRY)
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err


def test_what_is_to_be_deleted_is_not_the_latest(portico: Person, bare: Path) -> None:
    git(bare, "update-ref", "refs/heads/deletionProposed/dns/v2", "main")
    [told] = printed(portico, "blueprints.dns", "--latest", *DRY)
    assert told["spec"]["source"]["targetRevision"] == "refs/tags/dns/v1"


def test_a_repository_on_this_machine_is_refused(portico: Person, bare: Path) -> None:
    answer = portico("sync", "create", "blueprints.dns.v1", "--engine", "flux", "--dry-run")
    assert answer.code == 1
    assert f"A cluster cannot fetch from '{bare}', which is a place on this machine" in answer.err


def test_without_a_revision_nothing_is_pinned(portico: Person) -> None:
    answer = portico("sync", "create", "blueprints.dns", *DRY)
    assert (answer.code, answer.out) == (1, "")
    assert "There is no package revision 'blueprints.dns'" in answer.err
