"""Our definitions of Porch's kinds: what is valid by ours is valid by Porch's, and is shown as there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.packages.documents import parse, plain
from tests.kubernetes.cluster import CRDS, Cluster
from tests.kubernetes.deploy.conftest import DEPLOY

NAMES = ("packagerevisions.porch.kpt.dev", "repositories.config.porch.kpt.dev")
# What makes a value invalid; all else in a schema describes it, or fills it in.
BOUNDS = (
    "type",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "default",
)


def definitions(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        for node in parse(path.read_bytes(), path=str(path)):
            item = plain(node)
            if isinstance(item, dict) and item["kind"] == "CustomResourceDefinition":
                found[item["metadata"]["name"]] = item["spec"]
    return found


@pytest.fixture(scope="session")
def theirs() -> dict[str, Any]:
    if not CRDS.is_dir():
        pytest.skip(f"Porch's custom resource definitions are not at {CRDS}")
    return definitions(CRDS)


@pytest.fixture(scope="session")
def ours() -> dict[str, Any]:
    return definitions(DEPLOY / "crds")


def looser(mine: Any, other: Any, place: str) -> Iterator[str]:
    """Where `mine` lets something through that `other` does not, or knows a field that it drops."""
    yield from (f"{place}: {key}" for key in BOUNDS if mine.get(key) != other.get(key))
    if not set(mine.get("required", ())) >= set(other.get("required", ())):
        yield f"{place}: required"
    if "enum" in other and not set(mine.get("enum", ["anything"])) <= set(other["enum"]):
        yield f"{place}: enum"
    rules = [len(one.get("x-kubernetes-validations", ())) for one in (mine, other)]
    if rules[0] < rules[1] - (
        place == NAMES[1]
    ):  # one rule of ours is about the name, where two of theirs are
        yield f"{place}: rules"
    mine_fields, other_fields = mine.get("properties", {}), other.get("properties", {})
    yield from (f"{place}.{name}: there, here or not" for name in mine_fields.keys() ^ other_fields.keys())
    for name in mine_fields.keys() & other_fields.keys():
        yield from looser(mine_fields[name], other_fields[name], f"{place}.{name}")
    for inner in ("items", "additionalProperties"):
        if inner in mine or inner in other:
            yield from looser(mine.get(inner, {}), other.get(inner, {}), f"{place}[]")


@pytest.mark.parametrize("name", NAMES)
def test_ours_lets_nothing_through_that_porch_s_does_not(
    ours: dict[str, Any], theirs: dict[str, Any], name: str
) -> None:
    [mine], [other] = ours[name]["versions"], theirs[name]["versions"]
    schemas = (one["schema"]["openAPIV3Schema"] for one in (mine, other))
    assert list(looser(next(schemas), next(schemas), name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_ours_is_served_and_shown_as_porch_s(ours: dict[str, Any], theirs: dict[str, Any], name: str) -> None:
    mine, other = ours[name], theirs[name]
    for key in ("group", "names", "scope"):
        assert mine[key] == other[key]
    for key in ("name", "served", "storage", "subresources", "selectableFields"):
        assert mine["versions"][0].get(key) == other["versions"][0].get(key)
    columns = [
        {column["name"]: column["type"] for column in one["versions"][0]["additionalPrinterColumns"]}
        for one in (mine, other)
    ]
    assert columns[0] == columns[1]
    assert list(columns[0]) == list(columns[1])


REVISION = {"packageName": "net/dns", "repository": "shop", "workspaceName": "v1", "lifecycle": "Draft"}
GIT = {"repo": "https://git.example.com/x.git"}
OCI = {"registry": "oci.example.com/x"}
REVISIONS: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    (REVISION, True),
    ({**REVISION, "lifecycle": "Final"}, False),
    ({**REVISION, "packageName": 1}, False),
    ({**REVISION, "source": {}}, False),
    ({**REVISION, "source": {"init": {}}}, True),
    ({**REVISION, "source": {"init": {"keywords": ["a"], "site": "x"}, "copyFrom": {"name": "a"}}}, False),
    ({**REVISION, "source": {"init": {"keywords": "a"}}}, False),
    ({**REVISION, "source": {"copyFrom": {}}}, False),
    ({**REVISION, "source": {"cloneFrom": {"type": "oci"}}}, False),
    ({**REVISION, "source": {"cloneFrom": {"type": "git", "git": {**GIT, "ref": "v1"}}}}, False),
    ({**REVISION, "source": {"cloneFrom": {"git": {**GIT, "ref": "v1", "directory": "/"}}}}, True),
    ({**REVISION, "source": {"cloneFrom": {"upstreamRef": {"name": "a"}}}}, True),
    ({**REVISION, "source": {"upgrade": {"newUpstream": {"name": "a"}, "strategy": "copy-merge"}}}, True),
    ({**REVISION, "source": {"upgrade": {"newUpstream": {}, "strategy": "copy-merge"}}}, False),
    ({**REVISION, "source": {"upgrade": {"strategy": "best"}}}, False),
    (
        {**REVISION, "readinessGates": [{"conditionType": "a"}], "packageMetadata": {"labels": {"a": "b"}}},
        True,
    ),
    ({**REVISION, "packageMetadata": {"labels": {"a": 1}}}, False),
]
REPOSITORIES: list[tuple[str, dict[str, Any], bool]] = [
    ("shop", {"git": GIT}, True),
    ("shop", {"type": "git", "deployment": True, "git": {**GIT, "directory": "/a", "branch": "b"}}, True),
    ("shop", {"git": {"branch": "main"}}, False),
    ("shop", {"git": {**GIT, "branch": ""}}, False),
    ("shop", {"git": {**GIT, "secretRef": {}}}, False),
    ("shop", {"content": "Function", "git": GIT}, False),
    ("shop", {"content": "", "oci": OCI}, True),
    ("shop", {"oci": {}}, False),
    ("shop", {"git": GIT, "sync": {"runOnceAt": "noon"}}, False),
    ("shop.a", {"git": GIT}, False),
    ("x" * 64, {"git": GIT}, False),
    ("x" * 63, {"git": GIT}, True),
]
# What it was, what it is to be, and whether that may be.
CHANGES: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"git": GIT}, {"git": GIT, "deployment": True}, True),
    ({"git": GIT}, {"git": {"repo": "https://git.example.com/y.git"}}, False),
    ({"git": GIT}, {"git": {**GIT, "branch": "other"}}, False),
    ({"git": GIT}, {"git": {**GIT, "directory": "/a"}}, True),
    ({"git": {**GIT, "directory": "/a"}}, {"git": {**GIT, "directory": "/b"}}, False),
    ({"git": {**GIT, "directory": "/a"}}, {"git": GIT}, False),
    ({"git": GIT}, {"oci": OCI}, False),
    ({"type": "git", "git": GIT}, {"git": GIT}, False),
    ({"git": GIT}, {"type": "git", "git": GIT}, True),
    ({"oci": OCI}, {"oci": {"registry": "other.example.com"}}, False),
    ({"oci": OCI}, {"git": GIT}, False),
]


@pytest.fixture(scope="session")
def servers(built: Path) -> Iterator[tuple[Cluster, ...]]:
    """One server with our definitions, and one with Porch's where these are."""
    folders = [DEPLOY / "crds", CRDS] if CRDS.is_dir() else [DEPLOY / "crds"]
    with Cluster(built) as one, Cluster(built) as other:
        made = (one, other)[: len(folders)]
        for cluster, folder in zip(made, folders, strict=True):
            cluster.install(folder)
        yield made


def path(kind: str) -> str:
    group = "porch.kpt.dev/v1alpha2" if kind == "packagerevisions" else "config.porch.kpt.dev/v1alpha1"
    return f"/apis/{group}/namespaces/default/{kind}"


def accepts(cluster: Cluster, kind: str, name: str, spec: dict[str, Any]) -> bool:
    group, _, _ = path(kind).removeprefix("/apis/").partition("/namespaces")
    word = "PackageRevision" if kind == "packagerevisions" else "Repository"
    item = {"apiVersion": group, "kind": word, "metadata": {"name": name}, "spec": spec}
    answer = cluster.request("POST", path(kind), item, dryRun="All", fieldValidation="Strict")
    assert answer.status in {201, 400, 422}, answer
    return answer.status == 201


@pytest.mark.parametrize(("spec", "good"), REVISIONS)
def test_a_package_revision_is_taken_or_not(
    servers: tuple[Cluster, ...],
    spec: dict[str, Any],
    good: bool,  # noqa: FBT001 a row of the table
) -> None:
    assert [accepts(one, "packagerevisions", "shop.net.dns.v1", spec) for one in servers] == [good] * len(
        servers
    )


@pytest.mark.parametrize(("name", "spec", "good"), REPOSITORIES)
def test_a_repository_is_taken_or_not(
    servers: tuple[Cluster, ...],
    name: str,
    spec: dict[str, Any],
    good: bool,  # noqa: FBT001 the same
) -> None:
    assert [accepts(one, "repositories", name, spec) for one in servers] == [good] * len(servers)


@pytest.mark.parametrize(("before", "after", "good"), CHANGES)
def test_a_repository_stays_the_one_that_it_is(
    servers: tuple[Cluster, ...],
    before: dict[str, Any],
    after: dict[str, Any],
    good: bool,  # noqa: FBT001 the same
) -> None:
    found = []
    for cluster in servers:
        head = {
            "apiVersion": "config.porch.kpt.dev/v1alpha1",
            "kind": "Repository",
            "metadata": {"name": "shop"},
        }
        made = cluster.request("POST", path("repositories"), {**head, "spec": before}).body
        there = f"{path('repositories')}/shop"
        body = {**head, "metadata": made["metadata"], "spec": after}
        found.append(cluster.request("PUT", there, body).status == 200)
        cluster.request("DELETE", there)
    assert found == [good] * len(servers)


def test_a_repository_must_say_what_it_registers(servers: tuple[Cluster, ...]) -> None:
    head = {"apiVersion": "config.porch.kpt.dev/v1alpha1", "kind": "Repository", "metadata": {"name": "shop"}}
    answer = servers[0].request("POST", path("repositories"), head, dryRun="All")
    assert (answer.status, "spec: Required value" in answer.body["message"]) == (422, True)


def test_files_of_a_revision_are_read_in_both_versions(servers: tuple[Cluster, ...]) -> None:
    cluster = servers[0]
    spec = {"packageName": "dns", "repository": "shop", "resources": {"Kptfile": "kind: Kptfile\n"}}
    item = {
        "apiVersion": "porch.kpt.dev/v1alpha2",
        "kind": "PackageRevisionResources",
        "metadata": {"name": "a"},
    }
    cluster.kubectl("create", "-f", "-", given={**item, "spec": spec})
    old = cluster.request(
        "GET", "/apis/porch.kpt.dev/v1alpha1/namespaces/default/packagerevisionresources/a"
    ).body
    assert (old["apiVersion"], old["spec"]) == ("porch.kpt.dev/v1alpha1", spec)
