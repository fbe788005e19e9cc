"""What others published about forges, fetched once into a cache outside the repository."""

import base64
import fcntl
import functools
import hashlib
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Unreachable(Exception):
    """A package that is not in the cache could not be fetched; the reason is the sentence."""


# Pinned: what a schema objects to changes with each release. The second value is npm's own integrity.
NPM = {
    "@octokit/openapi": (
        "23.0.2",
        "pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
    ),
    "@octokit/openapi-webhooks": (
        "12.1.0",
        "Z5eDsLCUNbx1zHpZb1LNQirADqdMTvWJQ/deahi0ws+tWWnwHXB+Pr4jfmM9OrETS9Y5iW8ZRu1fdbudObhLrg==",
    ),
    "@octokit/webhooks-examples": (
        "7.6.1",
        "De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ==",
    ),
    "@octokit/graphql-schema": (
        "15.26.1",
        "RFDC2MpRBd4AxSRvUeBIVeBU7ojN/SxDfALUd7iVYOSeEK3gZaqR2MGOysj4Zh2xj2RY5fQAUT+Oqq7hWTraMA==",
    ),
}
PYGITHUB = "2.10.0"
OGR = "0.61.1"  # what it recorded is the witness of our GitLab
PYTHON_GITLAB = "8.6.0"  # what it asks of a real GitLab, ours is asked too
GO_GITLAB = (
    "golang-github-xanzy-go-gitlab-dev",
    "0.73.1-2",
    "609c6948d50bd42a9f979a032d71e7ce1ff8510e456871e2a2a943fcd6ba4fa5",
)
GO_GITLAB_FOLDER = "usr/share/gocode/src/github.com/xanzy/go-gitlab"
PATIENCE = 300  # seconds that a registry may take


def place() -> Path:
    """The folder of the cache."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    made = Path(home) / "portico-tests"
    made.mkdir(parents=True, exist_ok=True)
    return made


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Only one process at a time makes the thing `name` of the cache."""
    with (place() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@functools.cache
def npm(package: str, member: str) -> Path:
    """The file `member` of an npm package, as a path in the cache; `Unreachable`."""
    version, integrity = NPM[package]
    label = f"{package.removeprefix('@').replace('/', '-')}-{version}"
    found = place() / label / member
    if found.exists():
        return found
    with lock(label):
        if found.exists():
            return found
        archive = place() / f"{label}.tgz"
        if not archive.exists():
            quick = ("--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
            _run(["npm", "pack", *quick, "--pack-destination", str(place()), f"{package}@{version}"])
        held = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if held != integrity:
            archive.unlink()
            raise ValueError(f"{package} {version} is another than the one that is pinned.")
        _take(archive, f"package/{member}", found)
    return found


@functools.cache
def replays() -> Path:
    """The folder of PyGithub's recorded traffic with GitHub; `Unreachable`."""
    return sdist("PyGithub", PYGITHUB, "tests/ReplayData")


@functools.cache
def recordings() -> Path:
    """The folder of ogr's recorded traffic with gitlab.com; `Unreachable`."""
    return sdist("ogr", OGR, "tests/integration/gitlab")


@functools.cache
def functional() -> Path:
    """The folder of python-gitlab's functional tests, which it runs against a real GitLab; `Unreachable`."""
    return sdist("python_gitlab", PYTHON_GITLAB, "tests/functional")


@functools.cache
def sdist(project: str, version: str, member: str) -> Path:
    """The folder `member` of a project's source on PyPI, as a path in the cache; `Unreachable`."""
    label = f"{project.lower()}-{version}"
    found = place() / label / member
    with lock(label):
        if found.exists():
            return found
        archive = place() / f"{label}.tar.gz"
        if not archive.exists():
            words = ["download", "-q", "--no-deps", "--no-binary", project, f"{project}=={version}"]
            _run([sys.executable, "-m", "pip", *words, "-d", str(place())])
        with tarfile.open(archive) as opened:
            members = [m for m in opened.getmembers() if f"{label}/{member}" in m.name]
            opened.extractall(place(), members, filter="data")
    return found


@functools.cache
def go_gitlab() -> Path:
    """The folder of go-gitlab's source, whose tests have what GitLab documents; `Unreachable`."""
    name, version, digest = GO_GITLAB
    label = f"{name}_{version}"
    found = place() / label
    with lock(label):
        if found.exists():
            return found / GO_GITLAB_FOLDER
        archive = place() / f"{label}_all.deb"
        if not archive.exists():
            _run(["apt-get", "download", f"{name}={version}"])
        if hashlib.sha256(archive.read_bytes()).hexdigest() != digest:
            archive.unlink()
            raise ValueError(f"{name} {version} is another than the one that is pinned.")
        partial = place() / f"{label}.partial"
        _run(["dpkg-deb", "-x", str(archive), str(partial)])
        partial.rename(found)
    return found / GO_GITLAB_FOLDER


def _run(words: list[str]) -> None:
    try:
        done = subprocess.run(
            words, cwd=place(), capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreachable(f"{words[-1]}: {error}") from error
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())[:200]
        raise Unreachable(f"`{words[0]}` could not fetch {words[-1]}: {said or 'no reason was given'}")


def _take(archive: Path, member: str, target: Path) -> None:
    with tarfile.open(archive) as opened:
        held = opened.extractfile(member)
        assert held is not None, member
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        partial.write_bytes(held.read())
    partial.rename(target)  # at once: a reader never sees half a file
