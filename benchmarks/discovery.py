"""Discovery of package revisions: cold, warm, after one change, beside `git for-each-ref`."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pygit2

from benchmarks import tables
from benchmarks.estate import build, package_path
from benchmarks.tables import milliseconds

__all__ = ["build", "table"]

TRIES = 7
# Packages, revisions, teams (0: every package lies in the root, the worst case).
SIZES = ((100, 1_000, 20), (1_000, 10_000, 20), (1_000, 10_000, 0))
# Each measurement is a process of its own, which tells how long the work took once everything was imported.
MEASURED = """
import sys, time
from pathlib import Path
from bot.git.cache import Cache
from bot.git.catalog import discover
from bot.git.repository import open_repository
from bot.packages.layout import Layout

began = time.perf_counter()
catalog = discover(open_repository(sys.argv[1]), Layout(), Cache(Path(sys.argv[2])))
print(time.perf_counter() - began, len(catalog.revisions), len(catalog.problems))
"""


def table() -> str:
    header = (
        "repository",
        "git for-each-ref",
        "cold",
        "warm",
        "one new tag",
        "one publication",
        "warm : git",
    )
    rows = [_row(*size) for size in SIZES]
    return tables.table(
        "Discovery of all package revisions, in a new process without its imports", header, rows
    )


def _row(packages: int, revisions: int, teams: int) -> Sequence[str]:
    with tempfile.TemporaryDirectory() as folder:
        path, cache = Path(folder, "packages.git"), Path(folder, "cache")
        build(path, packages=packages, revisions=revisions, teams=teams)
        found = revisions + packages
        git = statistics.median(_for_each_ref(path) for _ in range(TRIES))
        cold = statistics.median(_discover(path, cache / f"{n}", found) for n in range(TRIES))
        warm = statistics.median(_discover(path, cache / "0", found) for _ in range(TRIES))
        tagged, published = [], []
        for number in range(TRIES):
            _tag(path, package_path(number, teams), f"v{1_000 + number}")
            tagged.append(_discover(path, cache / "0", found + 2 * number + 1))
            _publish(path, package_path(number + TRIES, teams), f"v{1_000 + number}")
            published.append(_discover(path, cache / "0", found + 2 * number + 2))
        times = (git, cold, warm, statistics.median(tagged), statistics.median(published))
        name = f"{revisions} revisions, {packages} packages" + ("" if teams else ", all in the root")
        return (name, *map(milliseconds, times), f"{warm / git:.2f}")


def _for_each_ref(path: Path) -> float:
    began = time.perf_counter()
    subprocess.run(["git", "-C", str(path), "for-each-ref"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _discover(path: Path, cache: Path, expected: int) -> float:
    words = [sys.executable, "-c", MEASURED, str(path), str(cache)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    seconds, found, problems = done.stdout.split()
    if (int(found), int(problems)) != (expected, 0):
        raise AssertionError(f"{found} revisions and {problems} problems, where {expected} revisions are")
    return float(seconds)


def _tag(path: Path, package: str, suffix: str) -> None:
    repository = pygit2.Repository(str(path))
    repository.create_reference(f"refs/tags/{package}/{suffix}", repository.head.target)


def _publish(path: Path, package: str, suffix: str) -> None:
    """Move the branch as a publication does, with a new tree for the package."""
    stream = (
        f"commit refs/heads/main\ncommitter Ada <ada@example.com> 1800000000 +0000\ndata 1\nx\n"
        f"from refs/heads/main^0\nM 100644 inline {package}/new.yaml\ndata {len(suffix)}\n{suffix}\n"
        f"reset refs/tags/{package}/{suffix}\nfrom refs/heads/main\n\n"
    )
    subprocess.run(["git", "-C", str(path), "fast-import", "--quiet"], input=stream.encode(), check=True)


if __name__ == "__main__":
    print(table())
