"""Git's pkt-lines: four hex digits of length, then the line; `0000` ends a group (gitprotocol-common)."""

from collections.abc import Iterable
from typing import BinaryIO

FLUSH = b"0000"
LONGEST = 65516


def read_group(stream: BinaryIO) -> list[bytes]:
    """Every line up to the next flush, without trailing line feeds; raises EOFError when Git went away."""
    lines: list[bytes] = []
    while True:
        head = stream.read(4)
        if len(head) < 4:
            raise EOFError("the push ended before it was complete")
        size = int(head, 16)
        if size == 0:
            return lines
        lines.append(stream.read(size - 4).removesuffix(b"\n"))


def write_group(stream: BinaryIO, lines: Iterable[bytes]) -> None:
    """Write the lines and a flush, and send them."""
    for line in lines:
        cut = line[:LONGEST]
        stream.write(b"%04x" % (len(cut) + 4) + cut)
    stream.write(FLUSH)
    stream.flush()
