"""What Git starts for a hook: hands its streams to the resident process, or does the work itself.

Started as `python -I -S client.py <hook>` in the repository: it imports nothing of ours and little of
Python, because starting Python with all of Portico takes longer than the work. (`_socket` is the part of
`socket` that does it; the rest of that module takes as long to import as Python itself takes to start.)
"""

import _socket
import os
import sys

ROOM = "portico"
STREAMS = (0, 1, 2)
DIED = b""
# The resident has the streams, and is about to read from them.
TAKEN = b"\x01"


def address(program: str) -> str:
    """The socket's name relative to the repository; a new version of the program gets a new one."""
    version = os.stat(os.path.join(os.path.dirname(program), "..", "__init__.py")).st_mtime_ns  # noqa: PTH116, PTH118, PTH120 # pathlib costs 8 ms
    return f"{ROOM}/resident-{os.getuid()}-{version:x}.sock"


def main() -> None:
    program, hook = sys.argv[0], sys.argv[1]
    python = sys.executable
    inside = [python, "-P", "-m", "bot.hooks.run", hook]
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(program))))  # noqa: PTH100, PTH120 # pathlib costs 8 ms
    if os.path.exists(f"{ROOM}/no-resident"):  # noqa: PTH110 # pathlib costs 8 ms
        _instead(root, inside)
    door = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        door.connect(address(program))
    except OSError:
        _start_resident(root, python)
        _instead(root, inside)
    words = "\0".join((hook, *(f"{name}={value}" for name, value in os.environ.items())))
    sent = words.encode(errors="surrogateescape")
    streams = b"".join(stream.to_bytes(4, sys.byteorder) for stream in STREAMS)
    rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)]
    try:
        door.sendmsg([len(sent).to_bytes(4, "big")], rights)
        door.sendall(sent)
    except OSError:
        _instead(root, inside)
    if _heard(door) == DIED:
        # It ended, was idle too long or was killed, before it read anything of this push.
        _instead(root, inside)
    if (answer := _heard(door)) == DIED:
        sys.stderr.write("portico: the resident process died while it served this push; push again\n")
        sys.exit(1)
    os._exit(answer[0])  # nothing is buffered here, and tidying up takes Python 3 ms


def _heard(door: "_socket.socket") -> bytes:
    """One byte: first TAKEN, then the hook's exit code; DIED when nobody is there to send it."""
    try:
        return door.recv(1)
    except OSError:
        return DIED


def _instead(root: str, inside: list[str]) -> None:
    """Become the program that does the work, when there is nobody to hand it to."""
    os.environ["PYTHONPATH"] = root
    os.execv(inside[0], inside)  # noqa: S606 # our own interpreter and module


def _start_resident(root: str, python: str) -> None:
    """Start the resident for the next push, without a thread, a terminal or a stream of this one."""
    if os.fork():
        os.wait()
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in STREAMS:
        os.dup2(nowhere, stream)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    kept["PYTHONPATH"] = root
    os.execve(python, [python, "-P", "-m", "bot.hooks.resident"], kept)  # noqa: S606 # our own interpreter and module


if __name__ == "__main__":
    main()
