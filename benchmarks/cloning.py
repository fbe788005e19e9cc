"""One package got out of a repository with many revisions: whole processes, beside the real kpt."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import tables
from benchmarks.estate import build, package_path
from benchmarks.processes import ENVIRONMENT, OURS, Cost, median, run

TRIES = 5
PACKAGES, REVISIONS, TEAMS = 1_000, 10_000, 20
KPT = "kpt"
HEADER = (
    "from",
    "cache",
    "seconds",
    "CPU",
    "memory",
    "kpt",
    "its CPU",
    "its memory",
    "kpt : here",
    "CPU : CPU",
)
NO_KPT = "\nThere is no `kpt` on the PATH to compare with.\n"


def table() -> str:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder, "packages.git")
        build(repository, packages=PACKAGES, revisions=REVISIONS, teams=TEAMS)
        for start, title in (("file://", "`file://`"), ("", "its path")):
            source = f"{start}{repository}/{package_path(7, TEAMS)}@v5"
            here = _measured(OURS, source, Path(folder))
            kpt = _measured(KPT, source, Path(folder)) if shutil.which(KPT) else (None, None)
            rows += [_row((title, "cold"), here[0], kpt[0]), _row((title, "warm"), here[1], kpt[1])]
    found = tables.table(f"`pkg get` out of a repository with {REVISIONS} revisions", HEADER, rows)
    return found if shutil.which(KPT) else found + NO_KPT


def _measured(program: str, source: str, folder: Path) -> tuple[Cost, Cost]:
    """What it takes with nothing in the cache, and with what was left there."""
    cold, warm = [], []
    _got(program, source, folder)
    for _ in range(TRIES):
        shutil.rmtree(folder / "cache")
        cold.append(_got(program, source, folder))
        warm.append(_got(program, source, folder))
    shutil.rmtree(folder / "cache")
    return median(cold), median(warm)


def _got(program: str, source: str, folder: Path) -> Cost:
    cache = folder / "cache"
    cache.mkdir(exist_ok=True)
    environment = {**ENVIRONMENT, "PORTICO_HOME": str(cache), "KPT_CACHE_DIR": str(cache)}
    cost = run([program, "pkg", "get", source, "package"], environment, str(folder))
    if "revision 5" not in (folder / "package" / "settings.yaml").read_text():
        raise AssertionError(f"{program} got another revision")
    shutil.rmtree(folder / "package")
    return cost


def _row(title: Sequence[str], cost: Cost, kpt: Cost | None) -> Sequence[str]:
    beside: Sequence[str] = ("",) * 5
    if kpt:
        beside = (*_numbers(kpt), f"{kpt.seconds / cost.seconds:.1f}", f"{kpt.cpu / cost.cpu:.1f}")
    return (*title, *_numbers(cost), *beside)


def _numbers(cost: Cost) -> Sequence[str]:
    return f"{cost.seconds:.2f} s", f"{cost.cpu:.2f} s", f"{cost.memory:.0f} MiB"


if __name__ == "__main__":
    print(table())
