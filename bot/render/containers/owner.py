"""Whose a container is, so that what a killed process left behind is found and removed."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

LABEL = "portico"
_HOST = "portico.host"
_PROCESS = "portico.process"
_SECONDS = "portico.seconds"
FUNCTION = "function"
# What another machine's process started is nobody's for certain so long after its time was up.
GRACE_SECONDS = 3600
_ENDED = frozenset("ZX")  # zombie, dead


def labels(seconds: float) -> dict[str, str]:
    """The labels of a container that this process owns, and that may run for so many seconds."""
    return {
        LABEL: FUNCTION,
        _HOST: socket.gethostname(),
        _PROCESS: f"{os.getpid()}/{_birth(os.getpid())}",
        _SECONDS: str(int(seconds)),
    }


def is_left_over(found: Mapping[str, str], age: float) -> bool:
    """Say whether a container's owner is dead; `age` is the container's, in seconds of the Engine's clock."""
    if found.get(LABEL) != FUNCTION:
        return False
    seconds = found.get(_SECONDS, "")
    if age > GRACE_SECONDS + (int(seconds) if seconds.isdecimal() else 0):
        return True
    return found.get(_HOST) == socket.gethostname() and not _lives(found.get(_PROCESS, ""))


def _lives(process: str) -> bool:
    number, _, birth = process.partition("/")
    if not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except PermissionError:
        pass  # it is somebody else's, and alive
    except (ProcessLookupError, OverflowError):
        return False
    return _birth(int(number)) == birth


def _birth(process: int) -> str:
    """When a process was started, in ticks since the machine was; '' where there is no /proc (proc(5)).

    One that has ended has no birth any more, even where no parent asks for its exit code: in a server's own
    container, the first process often does not.
    """
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The second field is the program's name in brackets, which may hold anything; the birth is the 22nd.
    state, *fields = stat.rpartition(")")[2].split()
    return "" if state in _ENDED else fields[18]
