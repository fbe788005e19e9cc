"""The pipeline: every package's functions over its resources, subpackages first, validators last."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.errors import InvalidDocument, NotFound
from bot.packages.documents.collector import collector_paused
from bot.packages.documents.node import Node
from bot.packages.function import Function
from bot.packages.naming import quoted
from bot.packages.package import Files
from bot.packages.problem import Problem
from bot.packages.rendering import Rendering, Result, Step
from bot.packages.resource import Resource, copy_of
from bot.render.catalog import Find, built_in
from bot.render.config import config_map_of
from bot.render.function import Outcome, Run
from bot.render.hydration import Hydrated, hydrate
from bot.render.limits import LIMITS, Limits
from bot.render.selection import merge, select
from bot.render.written import changes, place

MOST_PROBLEMS = 50  # of one function; its step holds every result


class Pipeline:
    """Renders packages, with functions found by `find`, within `limits`."""

    def __init__(self, find: Find = built_in, limits: Limits = LIMITS) -> None:
        self._find = find
        self._limits = limits

    def render(self, files: Files) -> Rendering:
        """Run the pipelines of a package and its subpackages, as `kpt fn render` does.

        Nothing that `files` holds makes it raise: what is wrong is in the rendering's problems.
        """
        with collector_paused():
            return self._render(files)

    def _render(self, files: Files) -> Rendering:
        problems: list[Problem] = []
        packages = hydrate(files, problems)
        problems += _excesses(packages, self._limits)
        runs = {} if problems else self._runs(packages, problems)
        if problems:
            return Rendering({}, (), tuple(problems))
        return _Run(runs).over(files, packages)

    def _runs(self, packages: list[Hydrated], problems: list[Problem]) -> dict[Function, Run]:
        """What runs for each function; the functions that may not run are all reported at once."""
        runs: dict[Function, Run] = {}
        for package in packages:
            for function in package.kptfile.functions:
                try:
                    runs[function] = self._find(function)
                except NotFound as error:
                    problems.append(Problem(package.place, str(error), function.line))
        return runs


@dataclass(slots=True)
class _Run:
    """One rendering under way; it stops at the first function that fails."""

    runs: dict[Function, Run]
    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    checked: set[Resource] = field(default_factory=set)

    def over(self, files: Files, packages: list[Hydrated]) -> Rendering:
        loaded = [item for package in packages for item in package.resources]
        rendered: dict[str, list[Resource]] = {}
        for package in packages:
            items = package.resources + [
                item for child in package.children for item in rendered.pop(child.directory)
            ]
            rendered[package.directory] = self._package(package, items)
            if self.problems:
                return Rendering({}, tuple(self.steps), tuple(self.problems))
        try:
            return Rendering(changes(files, loaded, rendered[""]), tuple(self.steps))
        except InvalidDocument as error:
            return Rendering({}, tuple(self.steps), (Problem(error.path, error.reason, error.line),))

    def _package(self, package: Hydrated, items: list[Resource]) -> list[Resource]:
        """Run one package's functions over its own resources and those of its subpackages."""
        self._check(items)
        for function in package.kptfile.mutators:
            if self.problems:
                return items
            selected = select(function, items)
            outcome = self._function(package, function, items, selected)
            items = merge(items, selected, outcome.items)
            try:
                place(items, package.directory)
            except InvalidDocument as error:
                self.problems.append(Problem(package.place, error.reason, function.line))
            self._check(items)
        for function in package.kptfile.validators:
            if not self.problems:
                # A validator's edits are thrown away, so it is given copies.
                self._function(package, function, items, [_copy(item) for item in select(function, items)])
        return items

    def _check(self, items: list[Resource]) -> None:
        """Refuse what is no resource, be it read or made; what is as it was before is not looked at again."""
        new = [item for item in items if item.is_edited or item not in self.checked]
        self.checked.update(new)
        self.problems += _faults(new)

    def _function(
        self, package: Hydrated, function: Function, items: list[Resource], selected: list[Resource]
    ) -> Outcome:
        config = _config(package, function, items)
        outcome = self.runs[function](selected, config)
        title = function.image or function.exec
        self.steps.append(Step(title, package.directory, outcome.exit_code, outcome.results, outcome.stderr))
        if outcome.exit_code:
            self.problems += _failure(package, function, outcome)
        return outcome


def _config(package: Hydrated, function: Function, items: list[Resource]) -> Node | None:
    """The functionConfig as earlier functions left it, or as it was loaded where one of them removed it."""
    if function.config_path:
        path = package.config_place(function)
        found = next(
            (item for item in items if item.path == path and item.package == package.directory), None
        )
        return (found or next(item for item in package.resources if item.path == path)).document
    return config_map_of(function.config_map) if function.config_map else None


def _copy(item: Resource) -> Resource:
    return Resource(copy_of(item.document), item.path, item.index, item.package)


def _faults(items: Iterable[Resource]) -> Iterator[Problem]:
    """What is no resource: functions are given nothing else, and must return nothing else."""
    for item in items:
        fault = item.fault()
        if fault:
            yield Problem(item.path, f"This is not a Kubernetes resource: {fault}.", item.root.line)


def _failure(package: Hydrated, function: Function, outcome: Outcome) -> Iterator[Problem]:
    """The function by name, and each error that it found by file and line."""
    errors = [result for result in outcome.results if result.severity == "error"]
    said: list[Result] = errors or list(outcome.results)
    why = (
        said[0].message if said else outcome.stderr.strip() or f"it ended with exit code {outcome.exit_code}"
    )
    message = f"The function {quoted(function.title)} failed: {why}"
    yield Problem(package.place, message, function.line)
    for result in errors[:MOST_PROBLEMS]:
        if result.file:
            yield Problem(result.file, f"{function.title}: {result.message}", result.line)


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
        ("functions times resources", _work(packages), limits.work),
    ):
        if count > most:
            yield _excess(root, what, count, most)


def _work(packages: list[Hydrated]) -> int:
    """How many resources all functions are given together."""
    given: dict[str, int] = {}
    work = 0
    for package in packages:
        given[package.directory] = len(package.resources) + sum(
            given[child.directory] for child in package.children
        )
        work += given[package.directory] * (1 + len(package.kptfile.functions))
    return work


def _excess(where: str, what: str, count: int, most: int) -> Problem:
    return Problem(where, f"The package has {count} {what}; it must have at most {most} to be rendered.")
