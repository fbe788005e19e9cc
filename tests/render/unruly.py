"""A worker's module that does what its request says, good or bad."""

import os
import signal
import subprocess
import sys
from pathlib import Path


def answer(request: bytes) -> bytes:
    word, _, rest = request.partition(b" ")
    return _DEEDS[word.decode()](rest)


def _echo(rest: bytes) -> bytes:
    return rest


def _loop(_rest: bytes) -> bytes:
    while True:
        pass


def _sleep(_rest: bytes) -> bytes:
    signal.pause()
    return b""


def _allocate(rest: bytes) -> bytes:
    return bytes(int(rest))


def _hoard(_rest: bytes) -> bytes:
    hoard = []
    while True:
        hoard.append("x" * 1_000_000)


def _say(_rest: bytes) -> bytes:
    while True:
        sys.stderr.write("x" * 1_000_000)


def _write(rest: bytes) -> bytes:
    try:
        Path(os.fsdecode(rest)).write_bytes(b"something")
    except OSError as error:
        return str(error.errno).encode()
    return b"written"


def _open(_rest: bytes) -> bytes:
    files = []
    try:
        while True:
            files.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        return str(len(files)).encode()


def _fork(_rest: bytes) -> bytes:
    """Leave a process behind that keeps our standard output open, where the system allows it."""
    subprocess.Popen(["/bin/sleep", "61"])
    return b"forked"


def _environment(_rest: bytes) -> bytes:
    return repr((dict(os.environ), str(Path.cwd()), os.getsid(0) == os.getpid())).encode()


def _refuse(_rest: bytes) -> bytes:
    raise ValueError("a secret")


def _kill(rest: bytes) -> bytes:
    os.kill(os.getpid(), getattr(signal, rest.decode()))
    return b""


def _end(_rest: bytes) -> bytes:
    os._exit(3)


_DEEDS = {
    "echo": _echo,
    "loop": _loop,
    "sleep": _sleep,
    "allocate": _allocate,
    "hoard": _hoard,
    "say": _say,
    "write": _write,
    "open": _open,
    "fork": _fork,
    "environment": _environment,
    "refuse": _refuse,
    "kill": _kill,
    "end": _end,
}
