"""Two streams over one socket: whatever the pieces, each arrives whole, or the conversation ends."""

import itertools
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotRun
from bot.render.containers.conversation import Said, converse

FRAMES = st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=40)), max_size=8)


def frame(stream: int, data: bytes) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(data).to_bytes(4, "big") + data


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def talk(ours: socket.socket, request: bytes = b"", seconds: float = 60, most: int = 1_000_000) -> Said:
    return converse(ours, request, time.monotonic() + seconds, most)


@given(frames=FRAMES, cuts=st.lists(st.integers(0, 400), max_size=6))
def test_frames_may_come_in_any_pieces(frames: list[tuple[int, bytes]], cuts: list[int]) -> None:
    ours, theirs = socket.socketpair()
    data = b"".join(frame(*one) for one in frames)
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]

    def send() -> None:
        for start, end in itertools.pairwise(places):
            theirs.sendall(data[start:end])
        theirs.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    with ours, theirs:
        said = talk(ours, b"request")
        sender.join()
        assert said == tuple(b"".join(part for n, part in frames if n == stream) for stream in (1, 2))
        assert theirs.recv(100) == b"request"
        assert theirs.recv(100) == b""  # the half is closed


def test_most_bytes_are_counted_over_both_streams(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    theirs.sendall(frame(1, b"abc") + frame(2, b"def") + frame(1, b"g"))
    with pytest.raises(NotRun, match="more than 6 bytes"):
        talk(ours, most=6)


def test_as_many_as_are_allowed_are_read(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    theirs.sendall(frame(1, b"abc") + frame(2, b"def"))
    theirs.shutdown(socket.SHUT_WR)
    assert talk(ours, most=6) == (b"abc", b"def")


def test_nothing_is_waited_for_beyond_the_deadline(ends: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(TimeoutError):
        talk(ends[0], b"request", seconds=0.05)


def test_one_that_never_reads_does_not_hold_us(ends: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(TimeoutError):
        talk(ends[0], bytes(10_000_000), seconds=0.05)


def test_a_connection_that_breaks_ends_what_was_said(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    theirs.sendall(frame(1, b"abc"))
    theirs.close()
    assert talk(ours, bytes(10_000_000)) == (b"abc", b"")
