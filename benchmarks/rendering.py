"""Rendering of packages of several sizes by five functions: whole processes, from start to exit."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import tables
from benchmarks.manifests import write_package
from benchmarks.processes import ENVIRONMENT, OURS, Cost, median, run, together

TRIES = 3
SIZES = (10, 100, 1_000, 5_000)
SUBPACKAGES, EACH = 20, 10
PACKAGES = 100
# What kpt v1.0.0-beta.67 took on 2 cores, its functions native programs: for where no kpt can render.
QUOTED = {"10": 0.37, "100": 1.2, "1000": 10.0, "5000": 60.0}
RENDER = (OURS, "fn", "render")
THEIRS = ("kpt", "fn", "render")
HEADER = (
    "package", "seconds", "CPU", "resources/s", "peak memory", "growth", "kpt", "kpt : here",
)  # fmt: skip

# Writes what is to be rendered into an empty folder, and returns the packages there.
Writer = Callable[[Path], Sequence[Path]]


def table() -> str:
    _median(RENDER, lambda folder: _one(folder, SIZES[0]), tries=1)
    with_kpt = _can_render(THEIRS)
    rows = []
    before: tuple[int, float] | None = None
    for size in SIZES:
        cost = _median(RENDER, lambda folder, size=size: _one(folder, size))  # type: ignore[misc] # a closure over the loop's name
        growth = f"{cost.seconds / before[1]:.1f} times for {size // before[0]} times" if before else ""
        kpt = _beside(with_kpt, str(size), lambda folder, size=size: _one(folder, size))  # type: ignore[misc] # see above
        rows.append(_row(f"{size} resources", size, cost, growth, kpt))
        before = size, cost.seconds
    for title, count, writer in (
        (f"{SUBPACKAGES} subpackages of {EACH}", SUBPACKAGES * EACH, _nested),
        (f"{PACKAGES} packages of {EACH}, a process each", PACKAGES * EACH, _many),
    ):
        rows.append(_row(title, count, _median(RENDER, writer), "", _beside(with_kpt, title, writer)))
    again = _median(RENDER, lambda folder: _one(folder, 1_000), again=True)
    rows.append(_row("1000 resources, rendered before", 1_000, again, "", (None, "")))
    return tables.table("Rendering with five functions, whole processes", HEADER, rows)


def _row(title: str, count: int, cost: Cost, growth: str, kpt: tuple[float | None, str]) -> tuple[str, ...]:
    seconds, said = kpt
    return (
        title,
        f"{cost.seconds:.2f} s",
        f"{cost.cpu:.2f} s",
        f"{count / cost.seconds:.0f}",
        f"{cost.memory:.0f} MiB",
        growth,
        said,
        f"{seconds / cost.seconds:.0f}" if seconds else "",
    )


def _beside(with_kpt: bool, title: str, writer: Writer) -> tuple[float | None, str]:  # noqa: FBT001 - found out once
    """What kpt takes for the same, or is known to have taken elsewhere."""
    if with_kpt:
        seconds = _median(THEIRS, writer, tries=1).seconds
        return seconds, f"{seconds:.2f} s"
    quoted = QUOTED.get(title)
    return quoted, f"{quoted:.2f} s, quoted" if quoted else ""


def _can_render(command: Sequence[str]) -> bool:
    """Whether the program is there, and finds what its functions run in."""
    if shutil.which(command[0]) is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        (package,) = _one(Path(folder), SIZES[0])
        return subprocess.run([*command, package], check=False, capture_output=True).returncode == 0


def _median(command: Sequence[str], writer: Writer, *, tries: int = TRIES, again: bool = False) -> Cost:
    """The median of some tries, each with a home of its own; `again`: of what was rendered before."""
    costs = []
    for _ in range(tries):
        with tempfile.TemporaryDirectory() as folder:
            environment = {**ENVIRONMENT, "PORTICO_HOME": f"{folder}/home"}
            if again:
                _run_all(command, writer(Path(folder, "first")), environment)
            costs.append(_run_all(command, writer(Path(folder)), environment))
    return median(costs)


def _run_all(command: Sequence[str], packages: Sequence[Path], environment: Mapping[str, str]) -> Cost:
    return together([run([*command, str(package)], environment) for package in packages])


def _one(folder: Path, size: int) -> Sequence[Path]:
    write_package(folder / "package", size)
    return [folder / "package"]


def _nested(folder: Path) -> Sequence[Path]:
    write_package(folder / "package", EACH, subpackages=SUBPACKAGES)
    return [folder / "package"]


def _many(folder: Path) -> Sequence[Path]:
    packages = [folder / f"package-{number:03}" for number in range(PACKAGES)]
    for package in packages:
        write_package(package, EACH)
    return packages


if __name__ == "__main__":
    print(table())
