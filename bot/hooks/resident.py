"""A process that stays beside one repository, so that a push does not wait for Python to start.

It forks for each hook that is handed to it; the child takes over the hook's streams and environment and
works as if Git had started it. Started on demand by client.py; ends after ten idle minutes.
"""

import contextlib
import fcntl
import gc
import os
import signal
import socket
import struct
import sys
from pathlib import Path

from bot.hooks import client, run

IDLE_SECONDS = 600
# How often it looks whether its repository is still there.
GLANCE_SECONDS = 5
MOST_BYTES = 8 * 1024 * 1024


def main() -> None:
    """Serve the repository in the current directory until nobody has come for a while."""
    room = Path(client.ROOM)
    room.mkdir(exist_ok=True)
    path = Path(client.address(client.__file__))
    with (room / f"resident-{os.getuid()}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return  # another one is there already
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        with socket.socket(socket.AF_UNIX) as door:
            old = os.umask(0o177)  # nobody but this user may hand it work
            door.bind(str(path))
            os.umask(old)
            door.listen(128)
            door.settimeout(GLANCE_SECONDS)
            try:
                serve(door, path)
            finally:
                path.unlink(missing_ok=True)


def serve(door: socket.socket, path: Path) -> None:
    """Fork for each caller until the door at `path` is gone, or has been quiet for long."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children end unattended; callers hear from them directly
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    run.warm_up()
    gc.collect()
    gc.freeze()  # so that children do not copy what they never change
    quiet = 0
    while quiet < IDLE_SECONDS and path.exists():
        try:
            caller, _ = door.accept()
        except TimeoutError:
            quiet += GLANCE_SECONDS
            continue
        quiet = 0
        with caller:
            if _is_ours(caller) and os.fork() == 0:
                door.close()
                _serve_one(caller)


def _is_ours(caller: socket.socket) -> bool:
    """The socket's mode says so already; where the kernel tells who called, its word costs nothing."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    peer = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    uid: int = struct.unpack("3i", peer)[1]
    return uid == os.getuid()


def _serve_one(caller: socket.socket) -> None:
    """Become the hook: its streams, its environment, its exit code."""
    code: int | None = None  # until the push is taken, the caller can still do the work itself
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        caller.settimeout(60)
        size, streams, _, _ = socket.recv_fds(caller, 4, len(client.STREAMS))
        for stream, ours in zip(streams, client.STREAMS, strict=True):
            os.dup2(stream, ours)
        hook, *words = _receive(caller, int.from_bytes(size)).split("\0")
        os.environ.clear()
        for word in words:
            name, _, value = word.partition("=")
            os.environ[name] = value
        caller.sendall(client.TAKEN)
        code = 1
        code = run.run(hook)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        with contextlib.suppress(OSError):
            caller.sendall(b"" if code is None else bytes([code]))
        os._exit(code or 0)


def _receive(caller: socket.socket, size: int) -> str:
    if size > MOST_BYTES:
        raise ValueError("a caller's environment is larger than any hook's")
    parts = b""
    while len(parts) < size and (part := caller.recv(size - len(parts))):
        parts += part
    return parts.decode(errors="surrogateescape")


if __name__ == "__main__":
    main()
