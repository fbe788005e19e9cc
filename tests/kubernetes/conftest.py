"""A real API server for each process of a test run, and a namespace for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.person import make_repository, settle
from tests.kubernetes.cluster import CRDS, Cluster
from tests.kubernetes.library import Library
from tests.kubernetes.programs import Unavailable, programs
from tests.kubernetes.street import Street, with_policy

RESOURCES = Path(__file__).parents[2] / "deploy" / "crds" / "packagerevisionresources.yaml"


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the programs; what needs them is skipped where they cannot be made."""
    try:
        return programs()
    except Unavailable as why:
        pytest.skip(str(why))


@pytest.fixture(scope="session")
def cluster(built: Path) -> Iterator[Cluster]:
    """A server for all tests of this process; what belongs to no namespace is theirs to take away again."""
    with Cluster(built) as made:
        yield made


@pytest.fixture
def own(built: Path) -> Iterator[Cluster]:
    """A server for one test, which may end it and start it again."""
    with Cluster(built) as made:
        yield made


@pytest.fixture(scope="session")
def porch(cluster: Cluster) -> Cluster:
    """The same server with Porch's custom resources."""
    if not CRDS.is_dir():
        pytest.skip(f"Porch's custom resource definitions are not at {CRDS}")
    cluster.install()
    return cluster


@pytest.fixture(scope="session")
def holding(porch: Cluster) -> Cluster:
    """The same server with the custom resource that shows what is in packages."""
    porch.install(RESOURCES)
    return porch


@pytest.fixture
def library(holding: Cluster, street: Street) -> Library:
    """The street, where Portico shows what is in packages, and people may change it."""
    for person in ("ada", "grace", "portico"):
        verbs = "get,list,watch,create,update,patch,delete"
        holding.grant(person, street.namespace, verbs, "packagerevisionresources.porch.kpt.dev")
    status = "packagerevisionresources.porch.kpt.dev/status"
    holding.grant("portico", street.namespace, "update,patch", status)
    return Library(street)


@pytest.fixture
def namespace(cluster: Cluster) -> str:
    return cluster.namespace()


@pytest.fixture
def street(porch: Cluster, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Street:
    """A registered repository with two published packages, and Portico that may do what it must."""
    return _street(porch, namespace, tmp_path, monkeypatch)


@pytest.fixture
def alone(own: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Street:
    """The same on a server that is this test's own."""
    if not CRDS.is_dir():
        pytest.skip(f"Porch's custom resource definitions are not at {CRDS}")
    own.install()
    return _street(own, own.namespace(), tmp_path, monkeypatch)


def _street(cluster: Cluster, namespace: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Street:
    home = folder / "home"
    home.mkdir()
    settle(monkeypatch, home)
    made = Street(cluster, namespace, with_policy(make_repository(folder / "srv" / "shop.git")), home)
    for person in ("ada", "grace", "mallory"):
        verbs = "get,list,patch,update,create,delete"
        cluster.grant(person, namespace, verbs, "packagerevisions.porch.kpt.dev")
    made.register()
    return made
