"""How much a program of strangers may use, because nothing in it bounds itself."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of one run in a process of its own; whatever exceeds one of them is ended."""

    seconds: float = 20.0  # on the wall's clock, the start included
    processor_seconds: int = 15
    memory: int = 1024 * MEGABYTE  # bytes of address space, of which Python and its libraries take some 50 MB
    reserved: int = 0  # bytes of address space more, which a library claims at its start and hardly touches
    answer: int = 64 * MEGABYTE  # bytes
    open_files: int = 32  # descriptors; the three of standard input and output count


BOUNDS = Bounds()
