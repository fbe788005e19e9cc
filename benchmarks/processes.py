"""Whole processes, from start to exit: what they take of time, of processors and of memory."""

import os
import shutil
import statistics
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

# A program is compiled once, when it is installed or first run, and not anew by each process.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
OURS = str(Path(sys.executable).with_name("portico"))


class Cost(NamedTuple):
    """What one or more processes took; `cpu` is user and system time, both in seconds, `memory` in MiB."""

    seconds: float
    cpu: float
    memory: float


def run(command: Sequence[str], environment: Mapping[str, str] = ENVIRONMENT) -> Cost:
    """Run one process; its memory is not told below this one's, from which it was forked."""
    program = shutil.which(command[0]) or command[0]
    began = time.perf_counter()
    quiet = [(os.POSIX_SPAWN_OPEN, out, os.devnull, os.O_WRONLY, 0) for out in (1, 2)]
    child = os.posix_spawn(program, [*command], environment, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - began
    if status:
        raise AssertionError(f"`{' '.join(command)}` ended with {os.waitstatus_to_exitcode(status)}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(costs: Iterable[Cost]) -> Cost:
    """The median of each number."""
    return Cost(*map(statistics.median, zip(*costs, strict=True)))


def together(costs: Iterable[Cost]) -> Cost:
    """What several processes took, one after another."""
    seconds, cpu, memory = zip(*costs, strict=True)
    return Cost(sum(seconds), sum(cpu), max(memory))
