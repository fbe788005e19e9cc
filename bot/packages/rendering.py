"""What a run of a package's function pipeline came to."""

from collections.abc import Mapping
from typing import NamedTuple

from bot.packages.problem import Problem


class Result(NamedTuple):
    """One sentence of a function: `severity` is error, warning or info; `file` is relative to the package."""

    message: str
    severity: str = "info"
    file: str = ""
    field: str = ""
    resource: str = ""
    line: int = 0


class Step(NamedTuple):
    """One function that ran (or could not): `package` is the directory of its Kptfile, '' for the root."""

    function: str
    package: str = ""
    exit_code: int = 0
    results: tuple[Result, ...] = ()
    stderr: str = ""


class Rendering(NamedTuple):
    """Files that the pipeline changed, by path in the package (None: it deleted the file), and its steps.

    The pipeline failed when there are problems; `changes` is empty then.
    """

    changes: Mapping[str, bytes | None]
    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> bool:
        return bool(self.problems)
