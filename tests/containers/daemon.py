"""A real Docker Engine for the tests, one for all processes of a test run."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from docker.api.client import APIClient
from docker.errors import APIError

from tests.containers import images

START_SECONDS = 30
# No bridge and no rules of a firewall: the functions have no network anyway.
FLAGS = ("--iptables=false", "--ip6tables=false", "--bridge=none")


@contextmanager
def shared(folder: Path) -> Iterator[str]:
    """The address of the engine that all who share `folder` use: the first starts it, the last stops it."""
    state = folder / "engine.json"
    with _locked(folder):
        known = json.loads(state.read_text()) if state.exists() else {**_start(), "users": 0}
        state.write_text(json.dumps({**known, "users": known["users"] + 1}))
    try:
        if known["why"]:
            pytest.skip(known["why"])
        yield f"unix://{known['home']}/docker.sock"
    finally:
        with _locked(folder):
            now = json.loads(state.read_text())
            state.write_text(json.dumps({**now, "users": now["users"] - 1}))
            if now["users"] == 1:
                _stop(now)
                state.unlink()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "engine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start() -> dict[str, Any]:
    """Where the engine lives and its process id, or why there is none."""
    program = shutil.which("dockerd")
    if program is None:
        return _none("there is no `dockerd` here; install Debian's docker.io")
    if os.geteuid() != 0:
        return _none("`dockerd` needs root, and the tests do not run as root")
    # Not in pytest's folder: the path of a socket has 107 characters at most.
    home = Path(tempfile.mkdtemp(prefix="portico-engine-"))
    flags = [*FLAGS, "--data-root", f"{home}/data", "--exec-root", f"{home}/exec", "-p", f"{home}/pid"]
    # No Popen: whoever stops it may be another process than this one.
    process = os.posix_spawn(
        program,
        [program, *flags, "-H", f"unix://{home}/docker.sock"],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, f"{home}/log", os.O_WRONLY | os.O_CREAT, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    deadline = time.monotonic() + START_SECONDS
    while _lives(process) and time.monotonic() < deadline:
        if _listens(f"{home}/docker.sock"):
            why = _inability(f"unix://{home}/docker.sock")
            return {"home": str(home), "process": process, "why": why}
        time.sleep(0.1)
    last = (home / "log").read_text(errors="replace").strip().rpartition("\n")[2]
    _stop({"home": str(home), "process": process})
    return _none(f"`dockerd` did not start: {last}")


def _none(why: str) -> dict[str, Any]:
    return {"home": "", "process": 0, "why": why}


def _inability(address: str) -> str:
    """Why no container can run at all, as in a sandbox without the rights for it; '' where one can."""
    client = APIClient(address, version="auto")
    try:
        made = client.create_container(images.make(address, "true"))["Id"]
        client.start(made)
        client.remove_container(made, force=True)
    except APIError as error:
        return f"`dockerd` runs here, but no container: {error.explanation}"
    finally:
        client.close()
    return ""


def _listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
        client.connect(path)
        return True
    return False


def _stop(known: dict[str, Any]) -> None:
    """End the engine by its own process id, and remove its folder."""
    if not known["process"]:
        return
    with suppress(ProcessLookupError):
        os.kill(known["process"], signal.SIGTERM)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and _lives(known["process"]):
        time.sleep(0.1)
    # The Engine leaves the network of the machine mounted where a container was given it.
    for line in Path("/proc/self/mounts").read_text().splitlines():
        if line.split()[1].startswith(f"{known['home']}/"):
            subprocess.run(["umount", "--lazy", line.split()[1]], check=False)
    shutil.rmtree(known["home"], ignore_errors=True)


def _lives(process: int) -> bool:
    """Another test process may have started it, which then is the one that can wait for it."""
    with suppress(ChildProcessError):
        return os.waitpid(process, os.WNOHANG) == (0, 0)
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
