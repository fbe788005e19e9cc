"""The bytes that go to a container and come back, over the one socket that the Engine attaches."""

import selectors
import socket
import time
from contextlib import suppress
from typing import NamedTuple

from bot.errors import NotRun
from bot.render.program import KILLED

_CHUNK = 256 * 1024
_HEADER = 8  # of a frame: stream, three zeros, size as four bytes ("Attach to a container" in the API)
_STDERR = 2


class Said(NamedTuple):
    """All that was written."""

    stdout: bytes
    stderr: bytes


def converse(attached: socket.socket, request: bytes, deadline: float, most: int) -> Said:
    """Send `request`, close that half, and read until the container is done.

    `deadline` is of `time.monotonic`; `most` counts the bytes of both streams. Raises TimeoutError, and
    NotRun when more is written than `most`; the caller must then kill the container.
    """
    attached.setblocking(False)
    frames = _Frames(most)
    left = memoryview(request)
    with selectors.DefaultSelector() as selector:
        selector.register(attached, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while True:
            ready = selector.select(_left(deadline))
            events = ready[0][1] if ready else 0
            if events & selectors.EVENT_WRITE:
                left = _send(attached, left)
                if not left:
                    _close_half(attached)
                    selector.modify(attached, selectors.EVENT_READ)
            if events & selectors.EVENT_READ:
                received = _receive(attached)
                if received == b"":
                    return frames.said()
                frames.feed(received or b"")


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _send(attached: socket.socket, left: memoryview) -> memoryview:
    """What is still to be sent: nothing when the function does not listen, as it may answer all the same."""
    try:
        return left[attached.send(left[:_CHUNK]) :] if left else left
    except BlockingIOError:
        return left
    except (BrokenPipeError, ConnectionResetError):
        return left[:0]


def _close_half(attached: socket.socket) -> None:
    with suppress(OSError):
        attached.shutdown(socket.SHUT_WR)


def _receive(attached: socket.socket) -> bytes | None:
    """Some bytes; none at the end; None when there are none yet."""
    try:
        return attached.recv(_CHUNK)
    except BlockingIOError:
        return None
    except ConnectionResetError:
        return b""


class _Frames:
    """Takes the two streams apart, whose frames come in pieces of any size."""

    def __init__(self, most: int) -> None:
        self._most = self._left = most
        self._header = bytearray()
        self._in_frame = 0
        self._streams: tuple[list[bytes], list[bytes]] = ([], [])

    def feed(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            if not self._in_frame:
                view = self._open(view)
                continue
            part, view = view[: self._in_frame], view[self._in_frame :]
            self._in_frame -= len(part)
            self._left -= len(part)
            if self._left < 0:
                raise NotRun(
                    f"The function wrote more than {self._most} bytes and was stopped; it must write less, "
                    "or be given fewer resources.",
                    KILLED,
                )
            self._streams[self._header[0] == _STDERR].append(bytes(part))
            if not self._in_frame:
                self._header.clear()

    def _open(self, view: memoryview) -> memoryview:
        """Take what belongs to the header of the next frame; one of an empty frame is forgotten."""
        lacking = _HEADER - len(self._header)
        self._header += view[:lacking]
        if len(self._header) == _HEADER:
            self._in_frame = int.from_bytes(self._header[4:], "big")
            if not self._in_frame:
                self._header.clear()
        return view[lacking:]

    def said(self) -> Said:
        return Said(b"".join(self._streams[0]), b"".join(self._streams[1]))
