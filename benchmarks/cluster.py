"""A cluster that is shown a repository: at first, again with nothing changed, and after one push."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import tables
from benchmarks.estate import build
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.programs import programs

__all__ = ["table"]

PACKAGES = 200
SIZES = (1_000, 10_000)  # published revisions
# In a process of its own, so that its memory is its own: rounds, each after what is done to the repository.
MEASURED = """
import json, resource, subprocess, sys, time
from pathlib import Path
from bot.kubernetes.connection import connect
from bot.web.cluster_parts import Parts
from bot.web.cluster_settings import ClusterSettings

place, kubeconfig, bare = sys.argv[1:]
connection = connect(kubeconfig)
settings = ClusterSettings(Path(place), kubeconfig, allows_local=True)
round = Parts(settings, connection).round(connection.cluster)
found = []
for change in ("", "", f"git -C {bare} branch drafts/team-01/package-0001/next main"):
    subprocess.run(change, shell=True, check=True)
    writes, began = connection.cluster.writes, time.perf_counter()
    failures = round.go()
    found.append([time.perf_counter() - began, connection.cluster.writes - writes])
    assert not failures, failures
print(json.dumps([found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))
"""


def table() -> str:
    """Rows of sizes; looking again includes listing everything, which a watch saves."""
    header = (
        "revisions",
        "first sync",
        "writes",
        "nothing changed",
        "writes",
        "one new draft",
        "writes",
        "memory",
    )
    rows = [_row(size) for size in SIZES]
    title = f"A cluster that is shown {PACKAGES} packages of one repository (API server on this machine)"
    return tables.table(title, header, rows)


def _row(revisions: int) -> list[str]:
    rounds, memory = _measure(revisions)
    told = (value for seconds, writes in rounds for value in (f"{seconds:.2f} s", f"{writes:,}"))
    return [f"{revisions:,}", *told, f"{memory} MB"]


def _measure(revisions: int) -> tuple[list[tuple[float, int]], int]:
    with tempfile.TemporaryDirectory() as folder, Cluster(programs()) as cluster:
        bare = Path(folder) / "shop.git"
        build(bare, packages=PACKAGES, revisions=revisions)
        cluster.install()
        namespace = cluster.namespace()
        cluster.kubectl("apply", "-n", namespace, "-f", "-", given=_repository(bare))
        kubeconfig = Path(folder) / "kubeconfig"
        told: Any = json.loads(cluster.kubeconfig().read_text())
        for context in told["contexts"]:
            context["context"]["namespace"] = namespace
        kubeconfig.write_text(json.dumps(told))
        command = [sys.executable, "-c", MEASURED, f"{folder}/cache", str(kubeconfig), str(bare)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        found, memory = json.loads(done.stdout)
        return found, memory


def _repository(bare: Path) -> dict[str, object]:
    return {
        "apiVersion": "config.porch.kpt.dev/v1alpha1",
        "kind": "Repository",
        "metadata": {"name": "shop"},
        "spec": {"type": "git", "git": {"repo": str(bare), "branch": "main"}},
    }
