"""Packages that follow others, registered: one cloned out of many, many upgraded as one bulk."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import tables, versions
from benchmarks.cloning import PACKAGES, REVISIONS, TEAMS
from benchmarks.estate import build, package_path
from benchmarks.processes import ENVIRONMENT, OURS, Cost, median, run

TRIES = 3
DOWNSTREAMS, RESOURCES = 200, 20
KPT = "kpt"


def table() -> str:
    with tempfile.TemporaryDirectory() as folder:
        upgraded = _upgrades(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        cloned = _clones(Path(folder))
    header = ("what", "seconds", "CPU", "memory")
    return tables.table("Packages that follow others, whole processes", header, [*upgraded, *cloned])


def _upgrades(root: Path) -> list[Sequence[str]]:
    """Upgrade many packages at once, and beside it one of them by kpt; none is written twice."""
    address = versions.build(root / "blueprints.git", RESOURCES)
    environment = {**ENVIRONMENT, "PORTICO_HOME": str(root / "home"), "KPT_CACHE_DIR": str(root / "kpt")}
    clone = root / "clone"
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "--initial-branch=main", root / "edge.git"], check=True
    )
    subprocess.run(["git", "clone", "--quiet", root / "edge.git", clone], check=True, capture_output=True)
    run([OURS, "pkg", "get", f"{address}@v1", str(clone / "site-000")], environment)
    versions.change(clone / "site-000", RESOURCES)
    for number in range(1, DOWNSTREAMS):
        shutil.copytree(clone / "site-000", clone / f"site-{number:03}")
    tags = [f"site-{number:03}/v1" for number in range(DOWNSTREAMS)]
    for words in (["add", "."], ["commit", "--quiet", "-m", "x"], *(["tag", tag] for tag in tags)):
        subprocess.run(["git", "-C", clone, *words], check=True)
    subprocess.run(["git", "-C", clone, "push", "--quiet", "--tags", "origin", "main"], check=True)
    for name in ("blueprints", "edge"):
        run([OURS, "repo", "register", str(root / f"{name}.git")], environment)
    bulk = [OURS, "rpkg", "upgrade", "--repository", "edge", "--all", "--revision", "v2", "--yes"]
    plan = run([*bulk, "--workspace", "plan", "--dry-run"], environment)
    whole = run([*bulk, "--workspace", "v2"], environment)
    _check(root / "edge.git")
    rows = [
        _row(f"plan of {DOWNSTREAMS} upgrades, {RESOURCES} resources each", plan),
        _row(f"{DOWNSTREAMS} upgrades as one bulk", whole),
    ]
    if shutil.which(KPT):
        costs = []
        for number in range(TRIES):
            folder = clone / f"site-{number:03}"
            costs.append(
                run([KPT, "pkg", "update", "site@v2".replace("site", folder.name)], environment, str(clone))
            )
        one = median(costs)
        many = Cost(one.seconds * DOWNSTREAMS, one.cpu * DOWNSTREAMS, one.memory)
        rows.append(_row(f"{DOWNSTREAMS} times `kpt pkg update` (one was measured)", many))
        rows.append(
            (
                f"kpt : here, for {DOWNSTREAMS}",
                f"{many.seconds / whole.seconds:.0f}",
                f"{many.cpu / whole.cpu:.0f}",
                "",
            )
        )
    return rows


def _check(repository: Path) -> None:
    words = ["git", "-C", str(repository), "for-each-ref", "--format=%(refname)", "refs/heads/drafts"]
    drafts = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
    if len(drafts) != DOWNSTREAMS:
        raise AssertionError(f"{len(drafts)} of {DOWNSTREAMS} drafts are there")


def _clones(root: Path) -> list[Sequence[str]]:
    build(root / "packages.git", packages=PACKAGES, revisions=REVISIONS, teams=TEAMS)
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "--initial-branch=main", root / "edge.git"], check=True
    )
    environment = {**ENVIRONMENT, "PORTICO_HOME": str(root / "home")}
    run([OURS, "repo", "register", str(root / "packages.git")], environment)
    run([OURS, "repo", "register", str(root / "edge.git"), "--create-branch"], environment)
    path = package_path(7, TEAMS)
    name = f"packages.{path.replace('/', '.')}"
    listed = subprocess.run(
        [OURS, "rpkg", "get", "--package", path, "--revision", "5", "-o", "name"],
        check=True, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    source = listed.stdout.strip().rpartition("/")[2]
    if not source.startswith(name):
        raise AssertionError(f"{source} is not a revision of {name}")
    costs = [
        run([OURS, "rpkg", "clone", source, f"copy-{number}", "--repository", "edge"], environment)
        for number in range(TRIES)
    ]
    return [_row(f"`rpkg clone` out of {REVISIONS} revisions, catalog known", median(costs))]


def _row(what: str, cost: Cost) -> Sequence[str]:
    return what, f"{cost.seconds:.2f} s", f"{cost.cpu:.2f} s", f"{cost.memory:.0f} MiB"


if __name__ == "__main__":
    print(table())
