"""A real API server for each process of a test run, and a namespace for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kubernetes.cluster import CRDS, Cluster
from tests.kubernetes.programs import Unavailable, programs


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


@pytest.fixture
def namespace(cluster: Cluster) -> str:
    return cluster.namespace()
