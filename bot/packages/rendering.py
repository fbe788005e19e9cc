"""What a run of a package's function pipeline came to."""

from collections.abc import Mapping
from typing import NamedTuple

from bot.packages.problem import Problem


class Reference(NamedTuple):
    """Which resource a result is about; what it lacks is ''."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""


class Result(NamedTuple):
    """One sentence of a function, in kpt's shape.

    `severity` is error, warning or info, or '' for functions that give none (people are shown info);
    `file` is a path from the root of the package, `document` the place in it, from 0; `line` is
    ours, from 1, and 0 where it is not known. `current` and `proposed` are plain values of the field.
    """

    message: str
    severity: str = "info"
    file: str = ""
    field: str = ""
    resource: Reference | None = None
    line: int = 0
    document: int = 0
    current: object = None
    proposed: object = None
    tags: tuple[tuple[str, str], ...] = ()


class Step(NamedTuple):
    """One function that ran (or could not).

    `function` is the image as it was resolved, or the executable; `package` is the directory of its Kptfile,
    '' for the root; `error` is why it could not run, or why what it returned was refused; `line` is its
    place in that Kptfile; `selected` is how many resources it was given, None where it was given all;
    `digest` is that of the image which ran in a container.
    """

    function: str
    package: str = ""
    exit_code: int = 0
    results: tuple[Result, ...] = ()
    stderr: str = ""
    error: str = ""
    name: str = ""
    is_executable: bool = False
    is_validator: bool = False
    line: int = 0
    selected: int | None = None
    digest: str = ""


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
