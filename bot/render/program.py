"""What runs a function outside of this process: how much it may take, and what it answers."""

from dataclasses import dataclass
from typing import NamedTuple

MIB = 1024 * 1024
# Exit codes, as a shell has them: timeout(1)'s own, and that of SIGKILL.
OUT_OF_TIME = 124
KILLED = 137


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one run may take.

    `memory` and `output` are bytes, output being what is written to stdout and stderr together; `processes`
    counts threads too; `seconds` are of the clock, not of the processor.
    """

    memory: int = 512 * MIB
    processes: int = 256
    seconds: float = 300
    output: int = 64 * MIB


class Answer(NamedTuple):
    """What a program wrote, and how it ended; `digest` is that of its image, '' where there is none."""

    stdout: bytes
    stderr: bytes
    exit_code: int
    digest: str = ""
