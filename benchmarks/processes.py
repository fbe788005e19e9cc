"""Whole processes, from start to exit: what they take of time, of processors and of memory."""

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

# A program is compiled once, when it is installed or first run, and not anew by each process.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
OURS = str(Path(sys.executable).with_name("portico"))
# A process is said to have used as much memory as the one that it was forked from; so this is a small one.
BETWEEN = """
import os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, out, os.devnull, os.O_WRONLY, 0) for out in (1, 2)]
began = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
print(os.waitstatus_to_exitcode(status))
"""


class Cost(NamedTuple):
    """What one or more processes took; `cpu` is user and system time, both in seconds, `memory` in MiB."""

    seconds: float
    cpu: float
    memory: float


def run(command: Sequence[str], environment: Mapping[str, str] = ENVIRONMENT, place: str = ".") -> Cost:
    """Run one process in a folder; raises AssertionError when it fails."""
    program = shutil.which(command[0]) or command[0]
    words = [sys.executable, "-I", "-S", "-c", BETWEEN, program, *command[1:]]
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment, cwd=place)
    *numbers, status = map(float, done.stdout.split())
    if status:
        raise AssertionError(f"`{' '.join(command)}` ended with {status:.0f}")
    return Cost(*numbers)


def median(costs: Iterable[Cost]) -> Cost:
    """The median of each number."""
    return Cost(*map(statistics.median, zip(*costs, strict=True)))


def together(costs: Iterable[Cost]) -> Cost:
    """What several processes took, one after another."""
    seconds, cpu, memory = zip(*costs, strict=True)
    return Cost(sum(seconds), sum(cpu), max(memory))
