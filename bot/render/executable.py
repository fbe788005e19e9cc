"""A function that is a person's own program (`exec:`), run with all that the person may do.

Content from a change never gets here: only a front door that was told `--allow-exec` makes one.
"""

import os
import selectors
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from bot.errors import NotRun
from bot.packages.documents.node import Node
from bot.packages.naming import quoted
from bot.packages.resource import Resource
from bot.render.exchange import exchange
from bot.render.function import Outcome, Run
from bot.render.program import KILLED, OUT_OF_TIME, Answer, Bounds

_CHUNK = 256 * 1024
_CANNOT_RUN, _NOT_FOUND = 126, 127


@dataclass(frozen=True, slots=True)
class Executable:
    """A command line, split as a shell does but run without one, in the caller's folder and environment.

    Of `bounds` only time and output are kept: whoever runs a program of their own has set its other limits.
    """

    command: str
    folder: Path
    environ: Mapping[str, str] = field(hash=False)
    bounds: Bounds = Bounds()

    def run(self, request: bytes) -> Answer:
        """Give the program its input and return its answer, whatever its exit code.

        Raises NotRun when it could not run, or was stopped; its children are stopped with it.
        """
        process = self._started()
        try:
            streams = _Streams(process, self.bounds.output)
            deadline = time.monotonic() + self.bounds.seconds
            streams.exchange(request, deadline)
            exit_code = process.wait(max(deadline - time.monotonic(), 0))
        except (TimeoutError, subprocess.TimeoutExpired):
            raise NotRun(
                f"The function {quoted(self.command)} took longer than {self.bounds.seconds:g} s and "
                "was stopped; it must be quicker, or be given fewer resources.",
                OUT_OF_TIME,
            ) from None
        finally:
            _stop(process)
        # A shell's exit code of what a signal ended.
        return Answer(streams.stdout, streams.stderr, exit_code if exit_code >= 0 else 128 - exit_code)

    def _started(self) -> "subprocess.Popen[bytes]":
        words = self._words()
        try:
            return subprocess.Popen(  # noqa: S603 the person asked for this very command by --allow-exec
                words,
                cwd=self.folder,
                env=dict(self.environ),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise NotRun(
                f"The function {quoted(self.command)} was not found; its program must be on the `PATH`, or "
                "named by its path.",
                _NOT_FOUND,
            ) from None
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise NotRun(
                f"The function {quoted(self.command)} cannot be run ({why}); it must be a program that you "
                "may execute.",
                _CANNOT_RUN,
            ) from error

    def _words(self) -> list[str]:
        try:
            words = shlex.split(self.command)
        except ValueError as error:
            raise NotRun(
                f"The command {quoted(self.command)} cannot be read ({error}); its quotes must be closed.",
                _CANNOT_RUN,
            ) from None
        if not words:
            raise NotRun("The command of `exec` is empty; it must name a program.", _CANNOT_RUN)
        return words


def run_executable(executable: Executable) -> Run:
    """The function of the pipeline that the program is."""

    def run(items: list[Resource], config: Node | None) -> Outcome:
        return exchange(executable.run, items, config)

    return run


class _Streams:
    """The three pipes of a process, written and read as they are ready, so that no side waits for ever."""

    def __init__(self, process: "subprocess.Popen[bytes]", most: int) -> None:
        self._stdin = cast("IO[bytes]", process.stdin)
        self._most = self._left = most
        self._stdout: list[bytes] = []
        self._stderr: list[bytes] = []
        self._read = {
            cast("IO[bytes]", process.stdout).fileno(): self._stdout,
            cast("IO[bytes]", process.stderr).fileno(): self._stderr,
        }

    @property
    def stdout(self) -> bytes:
        return b"".join(self._stdout)

    @property
    def stderr(self) -> bytes:
        return b"".join(self._stderr)

    def exchange(self, request: bytes, deadline: float) -> None:
        """Write all, read all. Raises TimeoutError, and NotRun for too much output."""
        left = memoryview(request)
        writing = self._stdin.fileno()
        os.set_blocking(writing, False)
        with selectors.DefaultSelector() as selector:
            selector.register(writing, selectors.EVENT_WRITE)
            for reading in self._read:
                selector.register(reading, selectors.EVENT_READ)
            while selector.get_map():
                seconds = deadline - time.monotonic()
                if seconds <= 0:
                    raise TimeoutError
                for key, _ in selector.select(seconds):
                    if key.fd != writing:
                        if not self._receive(key.fd):
                            selector.unregister(key.fd)
                    elif not (left := _written(writing, left)):
                        selector.unregister(writing)
                        self._stdin.close()

    def _receive(self, reading: int) -> bool:
        """Say whether there may be more."""
        data = os.read(reading, _CHUNK)
        self._left -= len(data)
        if self._left < 0:
            raise NotRun(
                f"The function wrote more than {self._most} bytes and was stopped; it must write less, or be "
                "given fewer resources.",
                KILLED,
            )
        self._read[reading].append(data)
        return bool(data)


def _written(writing: int, left: memoryview) -> memoryview:
    """What is still to be written: nothing when the program does not listen."""
    try:
        return left[os.write(writing, left[:_CHUNK]) :] if left else left
    except BlockingIOError:
        return left
    except BrokenPipeError:
        return left[:0]


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End the process with its children, if there are any left, and close the pipes."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
