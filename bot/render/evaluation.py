"""One function over all resources of a tree, as `kpt fn eval` runs it."""

from bot.errors import InvalidDocument
from bot.packages.documents.collector import collector_paused
from bot.packages.documents.node import Node
from bot.packages.function import Function
from bot.packages.kptfile import Kptfile
from bot.packages.package import Files
from bot.packages.problem import Problem
from bot.packages.rendering import Rendering
from bot.packages.resource import Resource
from bot.render.acceptance import accept
from bot.render.execution import Execution
from bot.render.function import Find, Outcome, Runner
from bot.render.hydration import Hydrated
from bot.render.watch import Watch
from bot.render.written import Places, changes, formatted, tidy


def evaluate(
    items: list[Resource], function: Function, config: Node | None, find: Find, watch: Watch
) -> Execution:
    """Run `function` with `config` over those of `items` that it selects."""

    def configured(entry: Function) -> Runner:
        runner = find(entry)

        def run(selected: list[Resource], given: Node | None) -> Outcome:
            outcome = runner.run(selected, config or given)
            if not runner.scatters:
                return outcome
            for item in outcome.items:
                item.path, item.index, item.document.wide = "", -1, False
            return outcome._replace(items=list(outcome.items))  # a new list: they need new places

        return Runner(runner.title, run)

    package = Hydrated("", Kptfile(mutators=(function,)), items)
    execution = Execution(configured, watch)
    with collector_paused():
        execution.depth_first([package])
    return execution


def evaluated(files: Files, before: Places, execution: Execution, *, reformat: bool = True) -> Rendering:
    """The files that the function changed; none when it failed.

    With `reformat`, every file is written in kpt's format, as kpt does it; without, what no function changed
    stays byte for byte as it was.
    """
    steps = tuple(execution.steps)
    if execution.failure:
        return Rendering({}, steps, tuple(execution.problems))
    try:
        if reformat:
            for item in execution.passed:
                tidy(item)
            found = formatted(files, before, execution.left)
        else:
            found = changes(files, before, execution.left)
        accept(found, files, before)
        return Rendering(found, steps)
    except InvalidDocument as error:
        return Rendering({}, steps, (Problem(error.path, error.reason, error.line),))
