"""Packages got, compared with their upstream and updated: whole processes, beside the real kpt.

Every resource is a file, and the upstream a repository on this machine. What was got is in the cache, as it
would be; what is new upstream is not. The merge alone is measured in processes of its own.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import tables, versions
from benchmarks.processes import ENVIRONMENT, OURS, Cost, median, run

TRIES = 5
SIZES = (10, 100, 1_000, 5_000)
KPT = "kpt"
# Its update of so many takes a minute, and more for each of them the more there are.
MOST_OF_KPT = 1_000
TRIES_OF_KPT = 3
HEADER = (
    "package", "seconds", "CPU", "ms/resource", "memory", "kpt", "its CPU", "its ms/resource", "kpt : here",
    "CPU : CPU",
)  # fmt: skip
TITLES = {
    "get": "`pkg get`, nothing in the cache",
    "diff": "`pkg diff --diff-type 3way`, a tenth of the resources changed on each side",
    "update": "`pkg update`, a tenth of the resources changed on each side",
}
NOTES = {
    "diff": "kpt leaves it to another program to compare, here to `true`: it only lays out what is compared.",
    "update": f"Beyond {MOST_OF_KPT} resources kpt is not asked: one takes it longer the more there are.",
}
NO_KPT = "There is no `kpt` on the PATH to compare with."
# Prints the median of the processor time, in seconds, that a merge takes.
MEASURED = """
import statistics, sys, time
from benchmarks import versions
from bot.packages.merge import merge
from bot.packages.merge.merge_comment import with_merge_comments
from bot.packages.package import File

def tree(changed, edit):
    return {versions.file_name(n): File(versions.resource(n, changed, edit).encode()) for n in range(size)}

size, tries = map(int, sys.argv[1:3])
here, there = (getattr(versions, name) for name in sys.argv[3:])
origin, upstream = tree(versions.nothing, {}), tree(there, versions.UPSTREAM)
local = with_merge_comments(tree(here, versions.LOCAL), tidy=False)
times = []
for _ in range(tries):
    began = time.process_time()
    merged = merge(origin, local, upstream)
    times.append(time.process_time() - began)
if merged.conflicts or len(merged.files) != size:
    sys.exit("the merge went wrong")
print(statistics.median(times))
"""
MERGES = {
    "nothing changed": ("nothing", "nothing"),
    "a tenth changed on each side": ("is_changed_here", "is_changed_upstream"),
    "all changed on both sides": ("everything", "everything"),
}


def table() -> str:
    with_kpt = shutil.which(KPT) is not None
    found = {size: _measured(size, with_kpt=with_kpt) for size in SIZES}
    parts = []
    for command, title in TITLES.items():
        rows = [_row(size, costs[command], kpt.get(command)) for size, (costs, kpt) in found.items()]
        note = NOTES.get(command, "") if with_kpt else NO_KPT
        parts.append(tables.table(title, HEADER, rows) + (f"\n{note}\n" if note else ""))
    return "\n".join([*parts, _merges()])


def _measured(size: int, *, with_kpt: bool) -> tuple[dict[str, Cost], dict[str, Cost]]:
    """What each command takes here, and with kpt; of that nothing where it is not asked."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        source = versions.build(place / "upstream.git", size)
        _once(OURS, source, size, place / "first")  # what is compiled once is compiled now
        here, there = [], []
        # By turns, so that a machine that is busy for a while is so for both.
        for number in range(TRIES):
            here.append(_once(OURS, source, size, place / f"{number}"))
            if with_kpt and size <= MOST_OF_KPT and number < TRIES_OF_KPT:
                there.append(_once(KPT, source, size, place / f"kpt-{number}"))
    return _medians(here), _medians(there)


def _once(program: str, source: str, size: int, place: Path) -> dict[str, Cost]:
    """What each command takes; none finds in its folder and cache what another left but `get`."""
    got = place / "got"
    got.mkdir(parents=True)
    costs = {"get": _run(program, got, "get", f"{source}@v1", f"{got}/package")}
    versions.change(got / "package", size)
    comparing = ("--diff-tool", "true") if program == KPT else ()
    for command, words in (("diff", ("--diff-type", "3way", *comparing)), ("update", ())):
        shutil.copytree(got, place / command)
        costs[command] = _run(program, place / command, command, f"{place}/{command}/package@v2", *words)
    versions.check(place / "update" / "package", size)
    return costs


def _run(program: str, place: Path, *words: str) -> Cost:
    cache = f"{place}/cache"
    environment = {**ENVIRONMENT, "PORTICO_HOME": cache, "KPT_CACHE_DIR": cache}
    return run([program, "pkg", *words], environment, str(place))  # kpt updates only what lies below


def _medians(tries: Sequence[dict[str, Cost]]) -> dict[str, Cost]:
    return {command: median([costs[command] for costs in tries]) for command in TITLES} if tries else {}


def _row(size: int, cost: Cost, kpt: Cost | None) -> Sequence[str]:
    beside: Sequence[str] = ("",) * 5
    if kpt:
        beside = (*_times(size, kpt), f"{kpt.seconds / cost.seconds:.1f}", f"{kpt.cpu / cost.cpu:.1f}")
    return (f"{size} resources", *_times(size, cost), f"{cost.memory:.0f} MiB", *beside)


def _times(size: int, cost: Cost) -> Sequence[str]:
    return f"{cost.seconds:.2f} s", f"{cost.cpu:.2f} s", f"{cost.seconds / size * 1000:.2f}"


def _merges() -> str:
    rows = []
    for title, sides in MERGES.items():
        times = [_merge(size, sides) for size in SIZES]
        growth = times[-1] / SIZES[-1] / (times[-2] / SIZES[-2])
        rows.append(
            (title, *map(tables.milliseconds, times), f"{times[-1] / SIZES[-1] * 1000:.2f}", f"{growth:.2f}")
        )
    header = ("merge", *(f"{size} resources" for size in SIZES), "ms/resource", "growth of that")
    return tables.table("The merge alone, in one process, CPU", header, rows)


def _merge(size: int, sides: tuple[str, str]) -> float:
    tries = max(3, min(50, 2_000 // size))
    words = [sys.executable, "-c", MEASURED, str(size), str(tries), *sides]
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=ENVIRONMENT)
    return float(done.stdout)


if __name__ == "__main__":
    print(table())
