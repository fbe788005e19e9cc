"""A worker: a child process that runs what nobody trusts, within bounds, once."""

import contextlib
import math
import os
import selectors
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from time import monotonic
from typing import IO

import bot
from bot.errors import WorkerFailed
from bot.render.bounds import MEGABYTE, Bounds
from bot.render.workers import confinement

_CHUNK = 1 << 16  # bytes; as many as a pipe holds
_MOST_SAID = 1 << 14  # bytes of standard error that are looked at; more is read, and dropped
# How Rust's, C++'s and Python's runtimes say that memory was refused them.
_NO_MEMORY = (b"memory allocation of ", b"bad_alloc", b"MemoryError", b"out of memory")


def run_worker(module: str, request: bytes, bounds: Bounds) -> bytes:
    """What `module.answer(request)` returns in a new process, which is gone when this returns or raises.

    `module` is one of `bot.render.workers`. The process has no environment, can write no file and start no
    other process, and is never used twice. Raises WorkerFailed when it exceeds a bound, or crashes.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 our own words
            _command(module, bounds),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            env={},
            start_new_session=True,
        )
    except OSError as error:
        raise WorkerFailed(f"could not be started: {error.strerror}") from None
    deadline = monotonic() + bounds.seconds
    try:
        answer, said = _talk(process, request, bounds, deadline)
        code = process.wait(max(0.0, deadline - monotonic()))
    except subprocess.TimeoutExpired:
        raise _timed_out(bounds) from None
    finally:
        _end(process)
    if code:
        raise WorkerFailed(_reason(code, said, bounds))
    return answer


def _command(module: str, bounds: Bounds) -> list[str]:
    # -I -S: no environment, no folder of a person's, and no search for what is installed: it is told.
    python = [sys.executable, "-I", "-S", "-B", "-X", "utf8", confinement.__file__, module]
    memory = bounds.memory + bounds.reserved
    limits = (math.ceil(bounds.seconds) + 1, bounds.processor_seconds, memory, bounds.open_files)
    installed = (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))
    places = dict.fromkeys((str(Path(bot.__file__).parents[1]), *installed))
    return [*python, *map(str, limits), *places]


def _talk(
    process: "subprocess.Popen[bytes]", request: bytes, bounds: Bounds, deadline: float
) -> tuple[bytes, bytes]:
    """Hand in the request and read all that is answered, and the first of what is said beside it."""
    answer, said = bytearray(), bytearray()
    left = memoryview(request)
    stdin, stdout, stderr = _pipes(process)
    with selectors.DefaultSelector() as pipes:
        pipes.register(stdin, selectors.EVENT_WRITE)
        pipes.register(stdout, selectors.EVENT_READ)
        pipes.register(stderr, selectors.EVENT_READ)
        while pipes.get_map():
            ready = pipes.select(max(0.0, deadline - monotonic()))
            if monotonic() >= deadline:
                raise _timed_out(bounds)
            for key, _ in ready:
                if key.fileobj is stdin:
                    left = left[_write(stdin, left) :]
                    if not left:
                        pipes.unregister(stdin)
                        stdin.close()
                elif not (read := os.read(key.fd, _CHUNK)):
                    pipes.unregister(key.fileobj)
                elif key.fileobj is stdout:
                    answer += read
                else:
                    said += read[: _MOST_SAID - len(said)]
            if len(answer) > bounds.answer:
                raise WorkerFailed(f"returned more than {_size(bounds.answer)}")
    return bytes(answer), bytes(said)


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise AssertionError  # they were asked for
    os.set_blocking(process.stdin.fileno(), False)
    return process.stdin, process.stdout, process.stderr


def _write(stdin: IO[bytes], left: memoryview) -> int:
    """How much of the rest is off our hands: all of it when nobody reads any more."""
    try:
        return os.write(stdin.fileno(), left[:_CHUNK])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(left)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process with all that it started, if it has not ended; an ended one's id may be another's."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in _pipes_of(process):
        with contextlib.suppress(BrokenPipeError):
            pipe.close()


def _pipes_of(process: "subprocess.Popen[bytes]") -> list[IO[bytes]]:
    return [pipe for pipe in (process.stdin, process.stdout, process.stderr) if pipe is not None]


def _reason(code: int, said: bytes, bounds: Bounds) -> str:
    """Why a process ended with `code`: a negative one is a signal's number."""
    if code == -signal.SIGXCPU:
        return f"used more than {bounds.processor_seconds} s of the processor"
    if code == confinement.OUT_OF_MEMORY or any(words in said for words in _NO_MEMORY):
        return f"used more than {_size(bounds.memory)}"
    if code == -signal.SIGALRM:
        return str(_timed_out(bounds))
    return "crashed"


def _timed_out(bounds: Bounds) -> WorkerFailed:
    return WorkerFailed(f"timed out after {bounds.seconds:g} s")


def _size(count: int) -> str:
    return f"{count // MEGABYTE} MB" if count >= MEGABYTE else f"{count} bytes"
