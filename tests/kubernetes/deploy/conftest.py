"""The manifests of `deploy/`, copied so that keys can be made beside them, and put together by kubectl."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.packages.documents import parse, plain
from tests.kubernetes.cluster import PEOPLE, Cluster

DEPLOY = Path(__file__).parents[3] / "deploy"
ACCOUNT = "system:serviceaccount:portico:portico"
# The names of components to the objects that come out, in the order of kubectl.
Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Makes an overlay as a person would, with components and an image of theirs; the folder is returned."""

    def put_it(*components: str) -> Path:
        copied = shutil.copytree(DEPLOY, tmp_path / "portico" / "deploy", dirs_exist_ok=True)
        if "admission" in components:
            subprocess.run([copied / "admission" / "tls" / "make"], check=True)
        chosen = ", ".join(f"../portico/deploy/{name}" for name in components)
        (tmp_path / "overlay").mkdir(exist_ok=True)
        (tmp_path / "overlay" / "kustomization.yaml").write_text(
            f"resources: [../portico/deploy]\ncomponents: [{chosen}]\n"
            "images: [{name: portico, newName: registry.example.com/portico, newTag: 0.1.0}]\n"
        )
        return tmp_path / "overlay"

    return put_it


@pytest.fixture
def kubectl(built: Path) -> Callable[..., str]:
    """The program, without any cluster."""

    def run(*words: str) -> str:
        done = subprocess.run([built / "kubectl", *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def empty(built: Path) -> Iterator[Cluster]:
    """A server of its own, in which the account of the manifests is one who may ask."""
    with Cluster(built, people={**PEOPLE, ACCOUNT: ("system:serviceaccounts",)}) as made:
        yield made


def objects(text: str) -> list[dict[str, Any]]:
    """The objects in what kubectl printed."""
    return [plain(node) for node in parse(text.encode())]  # type: ignore[misc] # manifests are mappings
