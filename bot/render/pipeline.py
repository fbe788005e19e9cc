"""The pipeline: a package's functions over its resources, and what is written of what they did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.errors import InvalidDocument, UserError
from bot.packages.documents.collector import collector_paused
from bot.packages.kptfile import Kptfile
from bot.packages.package import KPTFILE, Files
from bot.packages.problem import Problem
from bot.packages.rendering import Rendering
from bot.packages.resource import Resource
from bot.render.acceptance import accept
from bot.render.attribution import attribute
from bot.render.catalog import built_in
from bot.render.execution import Execution
from bot.render.failure import Failure, failure_before
from bot.render.function import Find
from bot.render.hydration import Hydrated, hydrate
from bot.render.limits import LIMITS, Limits
from bot.render.status import with_status
from bot.render.watch import Silent, Watch
from bot.render.written import by_path, changes, formatted, tidy

BREADTH_FIRST = "kpt.dev/bfs-rendering"
_SAVE_ON_FAILURE = "kpt.dev/save-on-render-failure"


@dataclass(frozen=True, slots=True)
class Habits:
    """What a rendering does beside running functions.

    `reformat`: files that no function changed are written in kpt's format too; `status`: what came of it is
    written into the root Kptfile, which loses its comments by that; `save`: a package that asks for it keeps
    what the functions before the failing one did; `attribute`: Config Connector's resources say that a
    function touched them; `early`: functions that may not run are all told before any runs.
    """

    reformat: bool = False
    status: bool = False
    save: bool = False
    attribute: bool = False
    early: bool = True


REPOSITORY = Habits()
KPT = Habits(reformat=True, status=True, save=True, attribute=True, early=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What running the pipelines came to: `execution` is None when nothing could be run.

    `before` are the resources by the files that held them, which functions may have moved since.
    """

    files: Files
    packages: list[Hydrated]
    before: Mapping[str, list[Resource]]
    problems: tuple[Problem, ...]
    execution: Execution | None = None

    @property
    def failure(self) -> Failure | None:
        """Why it stopped, if it did."""
        return self.execution.failure if self.execution else failure_before(self.problems)

    @property
    def left(self) -> list[Resource]:
        """The resources as the functions left them."""
        if self.execution:
            return self.execution.left
        return [item for items in self.before.values() for item in items]

    @property
    def directories(self) -> frozenset[str]:
        """Those of all packages, '' being the root."""
        return frozenset(package.directory for package in self.packages)

    @property
    def saves(self) -> bool:
        """Whether the package asks for what was done before a failure."""
        return self.execution is not None and _says(self.packages, _SAVE_ON_FAILURE)


class Pipeline:
    """Renders packages, with functions found by `find`, within `limits`, with these `habits`."""

    def __init__(self, find: Find = built_in, limits: Limits = LIMITS, habits: Habits = REPOSITORY) -> None:
        self._find = find
        self._limits = limits
        self.habits = habits

    def render(self, files: Files, watch: Watch | None = None) -> Rendering:
        """Run the pipelines of a package and its subpackages, as `kpt fn render` does.

        Nothing that `files` holds makes it raise: what is wrong is in the rendering's problems.
        """
        with collector_paused():
            # Without a name for what was run, its trees are gone before the collector looks for them.
            return written(self.run(files, watch), self.habits)

    def run(self, files: Files, watch: Watch | None = None) -> Rendered:
        """Run the pipelines, and write nothing yet."""
        problems: list[Problem] = []
        packages = hydrate(files, problems)
        problems += _excesses(packages, self._limits)
        if self.habits.early and not problems:
            problems += self._refusals(packages)
        before = by_path(item for package in packages for item in package.resources)
        if problems:
            return Rendered(files, packages, before, tuple(problems))
        execution = Execution(self._find, watch or Silent(), self._limits)
        if _says(packages, BREADTH_FIRST):
            execution.breadth_first(packages)
        else:
            execution.depth_first(packages)
        return Rendered(files, packages, before, tuple(execution.problems), execution)

    def _refusals(self, packages: list[Hydrated]) -> Iterator[Problem]:
        """Every function that may not run."""
        known = set()
        for package in packages:
            for function in package.kptfile.functions:
                try:
                    if function not in known:
                        self._find(function)
                except UserError as error:
                    yield Problem(package.place, str(error), function.line)
                known.add(function)


def written(rendered: Rendered, habits: Habits) -> Rendering:
    """The files that a rendering changes, by these habits."""
    problems = rendered.problems
    steps = tuple(rendered.execution.steps) if rendered.execution else ()
    found: Mapping[str, bytes | None] = {}
    if not problems or (habits.save and rendered.saves):
        try:
            found = _files(rendered, habits)
            accept(found, rendered.files, rendered.before)
        except InvalidDocument as error:
            found = {}
            problems = (*problems, Problem(error.path, error.reason, error.line))
    if habits.status and (rendered.execution or rendered.failure):
        kptfile = found.get(KPTFILE) or rendered.files[KPTFILE].content
        try:
            found = {**found, KPTFILE: with_status(kptfile, steps, rendered.failure, rendered.directories)}
        except InvalidDocument as error:
            found, problems = {}, (*problems, Problem(KPTFILE, error.reason, error.line))
    return Rendering(found, steps, problems)


def finished(rendered: Rendered, habits: Habits) -> list[Resource]:
    """The resources that are left, as kpt would print them by these habits."""
    left = rendered.left
    if habits.attribute:
        attribute(left)
    if habits.reformat and rendered.execution:
        for item in rendered.execution.passed:
            tidy(item)
    return left


def _files(rendered: Rendered, habits: Habits) -> Mapping[str, bytes | None]:
    left = finished(rendered, habits)
    if not habits.reformat:
        return changes(rendered.files, rendered.before, left)
    found = formatted(rendered.files, rendered.before, left)
    # What a failed rendering left is kept, and nothing else is removed for it.
    return {path: data for path, data in found.items() if data is not None or not rendered.problems}


def _says(packages: list[Hydrated], annotation: str) -> bool:
    return bool(packages) and says(packages[-1].kptfile, annotation)


def says(kptfile: Kptfile, annotation: str) -> bool:
    """Whether a Kptfile has an annotation that is true."""
    return kptfile.annotations.get(annotation, "").lower() == "true"


def _excesses(packages: list[Hydrated], limits: Limits) -> Iterator[Problem]:
    """Each limit that the package exceeds."""
    functions = sum(len(package.kptfile.functions) for package in packages)
    resources = sum(len(package.resources) for package in packages)
    for package in packages:
        count = len(package.kptfile.functions)
        if count > limits.functions_per_package:
            yield _excess(package.place, "functions", count, limits.functions_per_package)
    root = packages[-1].place if packages else ""
    for what, count, most in (
        ("subpackages", len(packages) - 1, limits.packages),
        ("functions", functions, limits.functions),
        ("resources", resources, limits.resources),
        ("functions and selectors times resources", _work(packages), limits.work),
    ):
        if count > most:
            yield _excess(root, what, count, most)


def _work(packages: list[Hydrated]) -> int:
    """How many resources all functions are given together, and all selectors look at."""
    given: dict[str, int] = {}
    work = 0
    for package in packages:
        given[package.directory] = len(package.resources) + sum(
            given[child.directory] for child in package.children
        )
        asked = sum(1 + len(each.selectors) + len(each.exclude) for each in package.kptfile.functions)
        work += given[package.directory] * (1 + asked)
    return work


def _excess(where: str, what: str, count: int, most: int) -> Problem:
    return Problem(where, f"The package has {count} {what}; it must have at most {most} to be rendered.")
