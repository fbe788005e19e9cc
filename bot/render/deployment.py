"""A package that was got to be deployed, customized as `kpt pkg get --for-deployment` does it."""

import posixpath
from collections import defaultdict

from bot.packages.documents.node import Node
from bot.packages.function import Function
from bot.packages.package import Files, package_directories
from bot.packages.problem import Problem
from bot.packages.rendering import Rendering
from bot.packages.resource import Resource
from bot.render.evaluation import evaluate, evaluated
from bot.render.failure import Failure
from bot.render.function import Outcome, Runner
from bot.render.functions.gen_pkg_context import NAME, gen_pkg_context
from bot.render.hydration import resources_of
from bot.render.watch import Watch
from bot.render.written import by_path


def customize(files: Files, watch: Watch) -> tuple[Rendering, Failure | None]:
    """Give the package, and each below it, the context that its functions read; all is written as kpt does.

    The failure is None where nothing could be run, or nothing failed.
    """
    problems: list[Problem] = []
    items = resources_of(files, problems)
    if problems:
        return Rendering({}, problems=tuple(problems)), None
    directories = frozenset(package_directories(files))

    def run(selected: list[Resource], config: Node | None) -> Outcome:
        return _each(selected, config, directories)

    before = by_path(items)
    execution = evaluate(items, Function(NAME), None, lambda _: Runner(NAME, run), watch)
    return evaluated(files, before, execution), execution.failure


def _each(items: list[Resource], config: Node | None, directories: frozenset[str]) -> Outcome:
    """Run the function over every package by itself."""
    groups: defaultdict[str, list[Resource]] = defaultdict(list)
    for item in items:
        groups[_nearest(item.path, directories)].append(item)
    left: list[Resource] = []
    outcomes = []
    for directory, group in groups.items():
        for item in group:
            item.package = directory
        outcome = gen_pkg_context(group, config)
        for item in (*group, *outcome.items):
            item.package = ""  # to the function's package, the root, all of them belong
        left += outcome.items
        outcomes.append(outcome)
    return Outcome(left, tuple(result for outcome in outcomes for result in outcome.results))


def _nearest(path: str, directories: frozenset[str]) -> str:
    directory = posixpath.dirname(path)
    while directory and directory not in directories:
        directory = posixpath.dirname(directory)
    return directory
