"""A person with a registered repository, and a cluster where the engines' kinds are installed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.kubernetes.gitops.engines import ENGINES
from tests.cli.person import Answer, Person, git, make_repository, publish_file, settle
from tests.kubernetes.cluster import ADMIN, Cluster
from tests.kubernetes.programs import Unavailable
from tests.kubernetes.sync.definitions import STAND_IN, definitions

KINDS = "rootsyncs,gitrepositories,kustomizations,applications"
CONTEXT = """apiVersion: v1
kind: ConfigMap
metadata:
  name: kptfile.kpt.dev
  annotations:
    config.kubernetes.io/local-config: "true"
"""


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare repository with two packages, of which `dns` has a file for tools."""
    home = tmp_path / "home"
    home.mkdir()
    settle(monkeypatch, home)
    monkeypatch.chdir(tmp_path)
    made = make_repository(tmp_path / "srv" / "blueprints.git")
    publish_file(made, "dns/package-context.yaml", CONTEXT)
    publish(made, "dns", 2)
    return made


@pytest.fixture
def portico(bare: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Person:
    """A person who has registered it as `blueprints`."""
    person = Person(capsys, monkeypatch)
    person.did("repo", "register", str(bare))
    return person


@pytest.fixture(scope="session")
def engined(cluster: Cluster) -> Cluster:
    """A server that knows the engines' kinds, and has their namespaces."""
    try:
        folder = definitions()
    except Unavailable as why:
        pytest.skip(str(why))
    cluster.install(folder)
    cluster.install(STAND_IN)
    for engine in ENGINES.values():
        cluster.kubectl("create", "namespace", engine.namespace)
    return cluster


@pytest.fixture
def engines(engined: Cluster) -> Iterator[Cluster]:
    """The same, without any pin."""
    yield engined
    columns = "-o=custom-columns=N:.metadata.namespace,K:.kind,M:.metadata.name"
    for line in engined.kubectl("get", KINDS, "-A", "--no-headers", columns).splitlines():
        namespace, kind, name = line.split()
        free = '{"metadata":{"finalizers":null}}'  # nobody is here who would do what they wait for
        engined.kubectl("patch", kind, name, "-n", namespace, "--type=merge", "-p", free)
        engined.kubectl("delete", kind, name, "-n", namespace)


class Syncing:
    """The person at `portico sync`, who asks a cluster as one of its users."""

    def __init__(self, person: Person, cluster: Cluster) -> None:
        self._person = person
        self._cluster = cluster

    def __call__(self, *words: str, user: str = ADMIN) -> Answer:
        return self._person("sync", *words, "--kubeconfig", str(self._cluster.kubeconfig(user)))

    def did(self, *words: str) -> str:
        answer = self(*words)
        assert answer.code == 0, answer
        return answer.out

    def rows(self, *words: str) -> list[list[str]]:
        """What is listed, by columns."""
        listed = self.did("get", "--no-headers", *words)
        return [re.split(r" {3,}", line) for line in listed.splitlines()]


@pytest.fixture
def sync(portico: Person, engines: Cluster) -> Syncing:
    return Syncing(portico, engines)


def publish(bare: Path, package: str, number: int) -> None:
    """Publish what the branch holds as the next revision of a package, by a commit of its own."""
    commit = git(bare, "commit-tree", "main^{tree}", "-p", "main", "-m", f"{package} v{number}")
    git(bare, "update-ref", "refs/heads/main", commit)
    git(bare, "tag", f"{package}/v{number}", commit)
