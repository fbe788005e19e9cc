"""What hooks add to a push: a draft, until its rendered commit is there, beside the same push without."""

import itertools
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import tables
from benchmarks.tables import milliseconds
from tests.hooks.world import Human, make_world, run

TRIES = 15
SIZES = (10, 100)


HEADER = ("resources", "with hooks", "without", "more", "ratio", "hooks without the resident process", "more")


def table() -> str:
    rows = []
    for size, edit in itertools.product(SIZES, (False, True)):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            hooked, plain, alone = _people(home, size, edit=edit)
            times: dict[str, list[float]] = {"hooked": [], "plain": [], "alone": []}
            for number in range(TRIES):
                times["hooked"].append(_push(hooked, number))
                times["plain"].append(_push(plain, number))
                times["alone"].append(_push(alone, number))
        with_hooks, without, cold = (statistics.median(times[kind]) for kind in ("hooked", "plain", "alone"))
        rows.append(
            (
                f"{size}, {'one edited' if edit else 'all new'}",
                milliseconds(with_hooks),
                milliseconds(without),
                milliseconds(with_hooks - without),
                f"{with_hooks / without:.2f}",
                milliseconds(cold),
                milliseconds(cold - without),
            )
        )
    return tables.table("Push of a draft, until the rendered commit is visible", HEADER, rows)


def _people(home: Path, size: int, *, edit: bool) -> tuple[Human, Human, Human]:
    """One who pushes to a server with hooks, one to a server without, one to hooks that start Python anew."""
    people = []
    for name, resident in (("hooked", True), ("plain", False), ("alone", False)):
        (home / name).mkdir()
        world = make_world(home / name, resident=resident)
        ada = world["ada"]
        ada.start()
        ada.package("apps/web", items=size)
        ada.commit("Begin")
        if name == "plain":
            bare = world.server.path
            run("git", "--git-dir", bare, "config", "--unset-all", "receive.procReceiveRefs", cwd=home)
            for hook in ("pre-receive", "proc-receive"):
                (bare / "hooks" / hook).unlink()
        people.append(ada)
        _push(ada, TRIES)  # the first push starts the resident
        if edit:
            # From here on everything but the edit is rendered already, and what is on main was checked.
            ada.git("pull", "-q", "origin", f"drafts/apps/web/try-{TRIES}")
            world.server.git("update-ref", "refs/heads/main", ada.head())
    time.sleep(1.5)
    return people[0], people[1], people[2]


def _push(human: Human, number: int) -> float:
    """Change one resource, commit, push to a new workspace; seconds of the push alone."""
    human.write(
        "apps/web/item-0.yaml", f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: changed-{number}\n"
    )
    head = human.commit(f"Change {number}")
    began = time.perf_counter()
    human.draft("apps/web", f"try-{number}")
    took = time.perf_counter() - began
    if head not in human.server.git("rev-list", f"drafts/apps/web/try-{number}"):
        sys.exit("the push did not arrive")
    return took
