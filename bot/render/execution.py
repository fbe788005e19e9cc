"""One rendering under way: the functions of every package, in their order, until one of them fails."""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import NoReturn

from bot.errors import InvalidDocument, UserError
from bot.packages.documents.node import Node
from bot.packages.function import Function
from bot.packages.problem import Problem
from bot.packages.rendering import Result, Step
from bot.packages.resource import Resource, copy_of
from bot.render import krm
from bot.render.config import config_map_of
from bot.render.failure import SAID, Failure
from bot.render.function import Find, Outcome, Runner
from bot.render.hydration import Hydrated
from bot.render.limits import LIMITS, Limits
from bot.render.place import Judged, place
from bot.render.selection import merge, select
from bot.render.watch import Watch

MOST_PROBLEMS = 50  # of one function; its step holds every result


class _StoppedError(Exception):
    """The rendering ends here; `failure` says why."""


@dataclass(slots=True)
class Execution:
    """Runs pipelines; afterwards `left` is what the resources came to, whether it failed or not.

    `passed` are the resources that went through a function; `packages` counts those whose turn came.
    """

    find: Find
    watch: Watch
    limits: Limits = LIMITS
    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failure: Failure | None = None
    packages: int = 0
    passed: set[Resource] = field(default_factory=set)
    _left: dict[str, list[Resource]] = field(default_factory=dict)
    _checked: set[Resource] = field(default_factory=set)
    _judged: Judged = field(default_factory=dict)
    _configs: dict[tuple[str, str], Resource] = field(default_factory=dict)
    _started: float = field(default_factory=monotonic)

    @property
    def left(self) -> list[Resource]:
        """All resources as they are now, package by package."""
        return [item for items in self._left.values() for item in items]

    def depth_first(self, packages: list[Hydrated]) -> None:
        """Subpackages before the package that holds them, which is then given what they came to."""
        self._left = {package.directory: package.resources for package in reversed(packages)}
        self._configs = _configs(packages)
        for package in packages:
            items = self._left[package.directory] + [
                item for child in package.children for item in self._left.pop(child.directory)
            ]
            self._left[package.directory] = items
            if not self._ran(package, items):
                return

    def breadth_first(self, packages: list[Hydrated]) -> None:
        """Each package before its subpackages, over its own resources and theirs."""
        order = by_breadth(packages)
        self._left = {package.directory: package.resources for package in order}
        self._configs = _configs(packages)
        for package in order:
            below = [package, *_descendants(package)]
            items = [item for each in below for item in self._left.pop(each.directory)]
            self._left[package.directory] = items
            ran = self._ran(package, items)
            self._share_out(package, below)
            if not ran:
                if package is not order[0] and self.failure:
                    self.failure = Failure("", f"pkg ./{package.directory}: {self.failure.reason}")
                return
        self._left = {package.directory: self._left[package.directory] for package in order}

    def _share_out(self, package: Hydrated, below: list[Hydrated]) -> None:
        """Give every package its own resources back."""
        items = self._left.pop(package.directory)
        owners: dict[str, list[Resource]] = {each.directory: [] for each in below}
        for item in items:
            owners.get(item.package, owners[package.directory]).append(item)
        self._left |= owners

    def _ran(self, package: Hydrated, items: list[Resource]) -> bool:
        self.packages += 1
        self.watch.package(package.directory)
        try:
            self._pipeline(package, items)
        except _StoppedError:
            return False
        return True

    def _pipeline(self, package: Hydrated, items: list[Resource]) -> None:
        mutators = package.kptfile.mutators
        if not package.kptfile.functions:
            self._check("input", package, items)
            return
        # All of them are looked for before any runs: what can be known before is said before.
        runners = [self._runner(package, function) for function in mutators]
        for function, runner in zip(mutators, runners, strict=True):
            self._mutate(package, function, runner)
        for function in package.kptfile.validators:
            self._validate(package, function)
        self.watch.package_done()

    def _mutate(self, package: Hydrated, function: Function, runner: Runner) -> None:
        items = self._left[package.directory]
        selected = select(function, items)
        stood = [(item.path, item.index) for item in selected]
        outcome, step = self._run(package, function, runner, items, selected)
        returned = sorted(outcome.items, key=_name) if runner.sorts else outcome.items
        left = merge(items, selected, returned)
        # Where none came and none went, all may still stand where they stood: so it is with most functions.
        if outcome.items is not selected or stood != [(item.path, item.index) for item in selected]:
            try:
                self._count(left)
                place(left, package.directory, self._judged)
            except InvalidDocument as error:
                self._refuse(package, step, error.reason)
        self._left[package.directory] = left
        self._check("output", package, outcome.items, step)
        self._done(step)

    def _count(self, items: list[Resource]) -> None:
        if len(items) > self.limits.resources:
            raise InvalidDocument(
                f"it left {len(items)} resources; a package must have at most {self.limits.resources}."
            )

    def _validate(self, package: Hydrated, function: Function) -> None:
        items = self._left[package.directory]
        runner = self._runner(package, function, is_validator=True)
        # A validator's edits are thrown away, so it is given copies.
        copies = [_copy(item) for item in select(function, items)]
        _, step = self._run(package, function, runner, items, copies, is_validator=True)
        self._done(step)

    def _runner(self, package: Hydrated, function: Function, *, is_validator: bool = False) -> Runner:
        try:
            runner = self.find(function)
            if runner.expect:
                runner.expect()
        except UserError as error:
            step = _step(package, function, function.image or function.exec, is_validator=is_validator)
            self._refuse(package, step, str(error))
        return runner

    def _run(  # noqa: PLR0913 # a run is all of these
        self,
        package: Hydrated,
        function: Function,
        runner: Runner,
        items: list[Resource],
        selected: list[Resource],
        *,
        is_validator: bool = False,
    ) -> tuple[Outcome, Step]:
        step = _step(package, function, runner.title, is_validator=is_validator)
        self._check("input", package, items, step)
        if monotonic() - self._started > self.limits.seconds:
            reason = f"the functions before it took longer than {self.limits.seconds:g} s together"
            self._refuse(package, step, f"{reason}; they must be quicker, or fewer.")
        if function.selectors or function.exclude:
            step = step._replace(selected=len(selected))
        self.watch.running(runner.title, package.directory, step.selected)
        if not is_validator:
            self.passed.update(selected)
        try:
            outcome = runner.run(selected, self._config(package, function, items))
        except UserError as error:
            self._refuse(package, step, error.reason if isinstance(error, InvalidDocument) else str(error))
        step = step._replace(
            exit_code=outcome.exit_code,
            results=outcome.results,
            stderr=outcome.stderr,
            error=outcome.error,
            digest=outcome.digest,
        )
        if outcome.exit_code:
            self.problems += _failure(package, function, step)
            self._stop(package, step, SAID)
        return outcome, step

    def _config(self, package: Hydrated, function: Function, items: list[Resource]) -> Node | None:
        """The functionConfig as earlier functions left it, or as it was loaded where they moved it."""
        if function.config_path:
            path = package.config_place(function)
            found = next(
                (item for item in items if item.path == path and item.package == package.directory), None
            )
            return (found or self._configs[package.directory, path]).document
        return config_map_of(function.config_map) if function.config_map else None

    def _check(self, which: str, package: Hydrated, items: list[Resource], step: Step | None = None) -> None:
        """Refuse what is no resource, be it read or made; what is as it was before is not looked at again."""
        was_run = which == "output"
        new = [item for item in items if item not in self._checked or (was_run and item.is_edited)]
        self._checked.update(new)
        faulty = [item for item in new if item.fault()]
        if not faulty:
            return
        first = faulty[0]
        path = posixpath.relpath(first.path, package.directory or ".")
        reason = f"{which} resource list must contain only KRM resources: {path}: {krm.fault(first)}"
        for item in faulty:
            message = f"This is not a Kubernetes resource: {item.fault()}."
            self.problems.append(Problem(item.path, message, item.root.line))
        self._stop(package, step._replace(exit_code=1, error=reason) if step else None, reason)

    def _refuse(self, package: Hydrated, step: Step, reason: str) -> NoReturn:
        """A function could not run, or what it returned is not taken."""
        message = f"The function '{step.function}' failed: {reason}"
        self.problems.append(Problem(package.place, message, step.line))
        self._stop(package, step._replace(exit_code=1, error=reason), reason)

    def _done(self, step: Step) -> None:
        self.steps.append(step)
        self.watch.ended(step)

    def _stop(self, package: Hydrated, step: Step | None, reason: str) -> NoReturn:
        if step:
            self._done(step)
        # Without functions there is no step: kpt has not begun to run a pipeline then.
        self.failure = Failure(package.directory, reason, *([] if step else [""]))
        raise _StoppedError


def _step(package: Hydrated, function: Function, title: str, *, is_validator: bool) -> Step:
    return Step(
        title,
        package.directory,
        name=function.name,
        is_executable=bool(function.exec),
        is_validator=is_validator,
        line=function.line,
    )


def _configs(packages: list[Hydrated]) -> dict[tuple[str, str], Resource]:
    """The resources that configure functions, by package and path: functions may move them."""
    return {
        (package.directory, item.path): item
        for package in packages
        for places in [{package.config_place(each) for each in package.kptfile.functions if each.config_path}]
        for item in (package.resources if places else ())
        if item.path in places
    }


def _name(item: Resource) -> str:
    """By what functions of the Go SDK sort resources."""
    api_version, kind, name, namespace = item.names
    return f"{api_version} {kind} {namespace} {name}"


def _copy(item: Resource) -> Resource:
    return Resource(copy_of(item.document), item.path, item.index, item.package)


def by_breadth(packages: list[Hydrated]) -> list[Hydrated]:
    """The packages, each before its subpackages, level by level."""
    order = packages[-1:]
    for package in order:
        order += package.children
    return order


def _descendants(package: Hydrated) -> Iterator[Hydrated]:
    """The subpackages of a package, each before its own."""
    waiting = package.children[::-1]
    while waiting:
        child = waiting.pop()
        yield child
        waiting += child.children[::-1]


def _failure(package: Hydrated, function: Function, step: Step) -> Iterable[Problem]:
    """The function by name, and each error that it found by file and line."""
    errors = [result for result in step.results if result.severity == "error"]
    said: list[Result] = errors or list(step.results)
    why = said[0].message if said else step.stderr.strip() or f"it ended with exit code {step.exit_code}"
    yield Problem(package.place, f"The function '{function.title}' failed: {why}", function.line)
    for result in errors[:MOST_PROBLEMS]:
        if result.file:
            yield Problem(result.file, f"{function.title}: {result.message}", result.line)
