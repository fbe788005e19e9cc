"""Why a rendering stopped, in kpt's words."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.packages.package import KPTFILE
from bot.packages.problem import Problem

# What kpt writes where the step itself has said what is wrong.
SAID = "already handled error"


_DETAILS = "Details:\n"


class Failure(NamedTuple):
    """Where and why: `package` is the directory whose pipeline it was, `doing` kpt's name for what it did."""

    package: str
    reason: str = SAID
    doing: str = "pipeline.run"

    def __str__(self) -> str:
        where = f"./{self.package}" if self.package else "."
        why = f"\n\t{self.doing}: {self.reason}" if self.doing else f" {self.reason}"
        return f"pkg.render: pkg {where}:{why}"


def failure_before(problems: Iterable[Problem]) -> Failure | None:
    """Why nothing ran, where kpt would note it in the root Kptfile: that of a subpackage cannot be read."""
    first = next((problem for problem in problems if problem.kpt), None)
    directory, _, name = first.where.rpartition("/") if first else ("", "", "")
    if first is None or name != KPTFILE or not directory or _DETAILS not in first.kpt:
        return None
    why = first.kpt.partition(_DETAILS)[2].rstrip("\n")
    return Failure(
        "", f'pkg ./{directory}: error reading Kptfile at "./{directory}": {why}', "pkg.Subpackages"
    )
