"""The custom resource definitions of GitOps engines as they publish them, and a stand-in for one."""

import functools
import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.forges.published import lock, place
from tests.kubernetes.programs import FINDER, PATIENCE, Unavailable

# Pinned, with the sums that Go's checksum database has of them: a schema changes with each release.
PUBLISHED = {
    "github.com/fluxcd/source-controller": (
        "v1.10.1",
        "h1:vkYpgpLZu20LQ2UN4lPBdWH7sqTNdQ8FjcZD/HogN2E=",
        "config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml",
    ),
    "github.com/fluxcd/kustomize-controller": (
        "v1.10.1",
        "h1:IjTnrkIy0ULJoTNC2ZKuMb32vkqj7dJ6zt6UqbTFxKA=",
        "config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml",
    ),
    "github.com/argoproj/argo-cd/v3": (
        "v3.6.1",
        "h1:OmhqeKiR3C//awbFrhQqFdtRI+Qiv17j8vqm3UkMj/g=",
        "manifests/crds/application-crd.yaml",
    ),
}
# Config Sync's module is in no registry of Go's: of `RootSync` there is what its documentation says.
STAND_IN = Path(__file__).with_name("rootsync.yaml")


@functools.cache
def definitions() -> Path:
    """The folder of all of them; `Unavailable`. What was fetched once is kept outside the repository."""
    label = "-".join(["engines", *(version for version, _, _ in PUBLISHED.values())])
    made = place() / label
    with lock(label):
        if not made.exists():
            partial = place() / f"{label}.partial"
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            for module, (version, digest, member) in PUBLISHED.items():
                found = _fetched(module, version, digest) / member
                shutil.copy(found, partial / found.name)
                (partial / found.name).chmod(0o644)
            partial.rename(made)
    return made


def _fetched(module: str, version: str, digest: str) -> Path:
    """The module's folder in Go's own cache: one that needs a newer Go to be built is there all the same."""
    finder = subprocess.run([FINDER], capture_output=True, text=True, check=False)
    if finder.returncode:
        raise Unavailable(" ".join(finder.stderr.split()))
    go = finder.stdout.strip()
    told = json.loads(_said(go, "mod", "download", "-json", f"{module}@{version}") or "{}")
    found = Path(_said(go, "env", "GOMODCACHE").strip()) / f"{module}@{version}"
    if not found.is_dir():
        raise Unavailable(f"{module} could not be fetched: {' '.join(told.get('Error', '').split())[:200]}")
    assert told.get("Sum") == digest, f"{module} {version} is another than the one that is pinned."
    return found


def _said(*words: str) -> str:
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw"}
    done = subprocess.run(
        words, cwd=place(), env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return done.stdout
