"""Git's file of packed refs, searched where it lies: a look-up costs the same among ten and ten thousand.

Format: git-pack-refs(1). Lines are sorted by name when the header says so; a line that begins with '^'
belongs to the annotated tag above it.
"""

import mmap
from collections.abc import Iterator

SORTED = b" sorted"


def packed_below(common: str, prefix: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and hex id of every packed ref whose name begins with `prefix`; broken lines as they are."""
    try:
        with open(f"{common}/packed-refs", "rb") as file:  # noqa: PTH123 Path costs more than the read
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (FileNotFoundError, ValueError):
        return  # there is none, or it is empty
    with data:
        yield from _below(data, prefix.encode("utf-8", "surrogateescape"))


def _below(data: mmap.mmap, wanted: bytes) -> Iterator[tuple[bytes, bytes]]:
    head = data[: data.find(b"\n") + 1]
    is_sorted = head.startswith(b"#") and SORTED in head
    at = _first(data, wanted) if is_sorted else 0
    while at < len(data):
        line, at = _line(data, at)
        oid, _, name = line.partition(b" ")
        if name.startswith(wanted):
            yield name, oid
        elif is_sorted and name > wanted and len(oid) == 40:
            return


def _line(data: mmap.mmap, at: int) -> tuple[bytes, int]:
    end = data.find(b"\n", at)
    end = len(data) if end < 0 else end
    return data[at:end], end + 1


def _first(data: mmap.mmap, wanted: bytes) -> int:
    """Bisect for the first line whose name is not before `wanted`."""
    low, high = 0, len(data)
    while low < high:
        middle = _start(data, low, (low + high) // 2)
        while data[middle : middle + 1] == b"^":
            middle = _start(data, low, middle - 1)
        line, after = _line(data, middle)
        if line.startswith(b"#") or line.partition(b" ")[2] < wanted:
            low = _past_peeled(data, after)
        else:
            high = middle
    return low


def _start(data: mmap.mmap, low: int, at: int) -> int:
    """Find where the line that holds the byte `at` begins, not before `low`."""
    return max(low, data.rfind(b"\n", low, at) + 1)


def _past_peeled(data: mmap.mmap, at: int) -> int:
    while data[at : at + 1] == b"^":
        _, at = _line(data, at)
    return at
