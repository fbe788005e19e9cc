"""Runs every benchmark and prints one table each: `make bench`, or one of them by name."""

import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    cloning,
    cluster,
    containers,
    discovery,
    following,
    forge,
    life,
    merging,
    pushes,
    relations,
    rendering,
    webhooks,
)

ALL: dict[str, Callable[[], str]] = {
    "rendering": rendering.table,
    "pushes": pushes.table,
    "discovery": discovery.table,
    "relations": relations.table,
    "life": life.table,
    "merging": merging.table,
    "cloning": cloning.table,
    "following": following.table,
    "containers": containers.table,
    "webhooks": webhooks.table,
    "forge": forge.table,
    "cluster": cluster.table,
}
RESULTS = Path(__file__).with_name("RESULTS.md")


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def main(names: list[str]) -> None:
    """Without names all are run, and the results are kept in RESULTS.md."""
    tables = []
    for name in names or ALL:
        tables.append(ALL[name]())
        print(tables[-1], flush=True)
    if not names:
        RESULTS.write_text(
            "# Results of the last `make bench`\n\n"
            f"On {machine()}. Times are medians; ratios are what to compare between machines.\n\n"
            + "\n".join(tables)
        )


main(sys.argv[1:])
