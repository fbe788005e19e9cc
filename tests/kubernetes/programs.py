"""The programs of a cluster for tests, built once from `apiserver/` and kept outside the repository."""

import functools
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.forges.published import lock, place

SOURCES = Path(__file__).with_name("apiserver")
FINDER = Path(__file__).parents[2] / ".ci" / "find-go"
RELEASE = "1.34.13"  # of Kubernetes, as `go.mod` has it
PATIENCE = 3600  # seconds for the first build, on a busy machine


class Unavailable(Exception):
    """The programs could not be made on this machine; the reason is the sentence."""


@functools.cache
def programs() -> Path:
    """The folder with `apiserver` and `kubectl`; `Unavailable`. The first call builds them: minutes."""
    label = f"kubernetes-{_digest()}"
    made = place() / label
    with lock(label):
        if not made.exists():
            partial = place() / f"{label}.partial"
            _build(_go(), partial)
            partial.rename(made)  # at once: a build that was broken off leaves nothing that is taken for one
    return made


def _digest() -> str:
    found = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix == ".go" or path.name in {"go.mod", "go.sum"}:
            found.update(f"{path.relative_to(SOURCES)}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _go() -> str:
    """A `go` that is new enough to fetch another of itself where it is too old."""
    done = subprocess.run([FINDER], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(" ".join(done.stderr.split()))
    return done.stdout.strip()


def _build(go: str, target: Path) -> None:
    """Build into `target`; modules that cannot be fetched are no failure of ours, a wrong program is."""
    major, minor, _ = RELEASE.split(".")
    version = "k8s.io/component-base/version"
    marks = {"gitVersion": f"v{RELEASE}", "gitMajor": major, "gitMinor": minor}
    flags = " ".join(["-s", "-w", *(f"-X {version}.{name}={value}" for name, value in marks.items())])
    environment = {**os.environ, "GOTOOLCHAIN": "auto", "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false"}
    shutil.rmtree(target, ignore_errors=True)
    fetched = _run([go, "mod", "download"], environment)
    if fetched.returncode:
        raise Unavailable(f"Go's modules could not be fetched: {' '.join(fetched.stderr.split())[:200]}")
    words = ["-p", "2", "-trimpath", "-ldflags", flags, "-o", f"{target}/", ".", "./kubectl"]
    built = _run([go, "build", *words], environment)
    assert built.returncode == 0, built.stderr


def _run(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=SOURCES, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
