"""Who uses one upstream: a thousand packages in ten repositories, beside what a whole process takes."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import tables
from benchmarks.estate import WHO
from benchmarks.tables import milliseconds

__all__ = ["table"]

TRIES = 5
REPOSITORIES = 10
UPSTREAM_REVISIONS = 10
# Downstream packages in all, and published revisions of each.
SIZES = ((1_000, 1), (1_000, 10))
KPTFILE = """apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: {name}
upstream:
  type: git
  git:
    repo: {url}
    directory: /networking/dns
    ref: networking/dns/v{number}
  updateStrategy: resource-merge
upstreamLock:
  type: git
  git:
    repo: {url}
    directory: /networking/dns
    ref: networking/dns/v{number}
    commit: "{commit}"
info:
  description: {note}
"""
# In a process of its own: the catalogs first, then what is asked here, and how much was found.
MEASURED = """
import time
from bot.cli.desk import open_desk
from bot.cli.kin import kin_of

desk = open_desk()
look = desk.look(desk.registrations())
began = time.perf_counter()
kin = kin_of(look.found)
found = kin.downstream("blueprints.networking.dns", live=True)
behind = [item for item in found if kin.link(item).newer]
print(time.perf_counter() - began, len(found), len(behind))
"""


def table() -> str:
    header = (
        "downstream",
        "revisions",
        "cold",
        "warm",
        "one new revision",
        "whole process, warm",
        "of that, --version",
    )
    rows = [_row(*size) for size in SIZES]
    return tables.table(
        f"Who comes from one package, over {REPOSITORIES} repositories, once their catalogs are read",
        header,
        rows,
    )


def _row(packages: int, revisions: int) -> Sequence[str]:
    with tempfile.TemporaryDirectory() as folder:
        home, place = Path(folder, "home"), Path(folder, "srv")
        environment = {**os.environ, "PORTICO_HOME": str(home)}
        _build(place, packages, revisions)
        for repository in sorted(place.glob("*.git")):
            _portico(environment, "repo", "register", str(repository))
        cold = []
        for _ in range(TRIES):
            _ask(environment, packages)
            for remembered in home.rglob("lineages-*.cache"):
                remembered.unlink()
            cold.append(_ask(environment, packages))
        warm = [_ask(environment, packages) for _ in range(TRIES)]
        fresh = []
        for number in range(TRIES):
            _tag(place / "sites-0.git", f"package-{number:04}", f"v{100 + number}")
            fresh.append(_ask(environment, packages))
        whole = [
            _portico(environment, "rpkg", "downstream", "blueprints.networking.dns") for _ in range(TRIES)
        ]
        start = [_portico(environment, "--version") for _ in range(TRIES)]
        times = map(statistics.median, (cold, warm, fresh, whole, start))
        total = packages * (revisions + 1) + UPSTREAM_REVISIONS + 1
        return (f"{packages} packages", str(total), *map(milliseconds, times))


def _ask(environment: dict[str, str], expected: int) -> float:
    words = [sys.executable, "-c", MEASURED]
    done = subprocess.run(words, env=environment, check=True, capture_output=True, text=True)
    seconds, found, behind = done.stdout.split()
    if (int(found), int(behind)) != (expected, expected):
        raise AssertionError(f"{found} are downstream and {behind} behind, where {expected} are")
    return float(seconds)


def _portico(environment: dict[str, str], *words: str) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-m", "bot", *words]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _build(place: Path, packages: int, revisions: int) -> None:
    """Make `blueprints.git` with one package, and REPOSITORIES others that hold its clones."""
    place.mkdir()
    upstream = place / "blueprints.git"
    _import(
        upstream,
        [("networking/dns", number, f"info: {number}\n") for number in range(1, UPSTREAM_REVISIONS + 1)],
    )
    for index in range(REPOSITORIES):
        _import(place / f"sites-{index}.git", _clones(upstream, index, packages // REPOSITORIES, revisions))


def _clones(upstream: Path, index: int, packages: int, revisions: int) -> Iterator[tuple[str, int, str]]:
    locked = 1 + index % (UPSTREAM_REVISIONS - 1)
    url = f"file://{upstream}" if index % 2 else str(upstream).removesuffix(".git")
    commit = _git(upstream, "rev-parse", f"networking/dns/v{locked}").strip()
    for number in range(1, revisions + 1):
        for package in range(packages):
            name = f"package-{package:04}"
            note = f"revision {number} of {name}"
            yield name, number, KPTFILE.format(name=name, url=url, number=locked, commit=commit, note=note)


def _import(path: Path, packages: Iterator[tuple[str, int, str]] | Sequence[tuple[str, int, str]]) -> None:
    """Commit and tag each (path, revision, Kptfile) in turn, by git-fast-import(1)."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", path], check=True)
    parts = []
    for mark, (name, number, text) in enumerate(packages, 1):
        parts.append(
            f"commit refs/heads/main\nmark :{mark}\ncommitter {WHO} {1_700_000_000 + mark} +0000\ndata 1\nx\n"
            f"M 100644 inline {name}/Kptfile\ndata {len(text)}\n{text}\n"
            f"reset refs/tags/{name}/v{number}\nfrom :{mark}\n\n"
        )
    importing = ["git", "-C", str(path), "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"]
    subprocess.run(importing, input="".join(parts).encode(), check=True)
    _git(path, "pack-refs", "--all")


def _tag(path: Path, package: str, suffix: str) -> None:
    _git(path, "tag", f"{package}/{suffix}", "main")


def _git(path: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(path), *words], check=True, capture_output=True, text=True)
    return done.stdout


if __name__ == "__main__":
    print(table())
