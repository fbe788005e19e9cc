"""`portico fn render`: the pipelines of a package, run in place."""

import math
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click

from bot.cli.fn_faults import tell
from bot.cli.fn_functions import Permits, finder, permits_of
from bot.cli.fn_log import Log
from bot.cli.fn_memory import Remembered
from bot.cli.fn_options import running_options
from bot.cli.fn_output import check_output, check_results, write_output, write_results
from bot.cli.folder_changes import write_changes
from bot.cli.local_package import read_package, resolved
from bot.cli.pflag import PflagCommand
from bot.packages.documents.collector import collector_paused
from bot.packages.package import Files, package_directories
from bot.packages.problem import Problem
from bot.packages.rendering import Step
from bot.render.failure import Failure
from bot.render.limits import LIMITS
from bot.render.pipeline import KPT, Habits, Pipeline, Rendered, finished, written
from bot.render.replay import replay

# Whoever waits decides for how long.
_PATIENT = replace(LIMITS, seconds=math.inf)
NO_ATTRIBUTION = "KRM_DISABLE_ATTRIBUTION"
EPILOG = """\b
Examples:
  portico fn render                       the package in this folder
  portico fn render dns --results-dir out
  portico fn render dns -o stdout         leave the files as they are
"""


@click.command(cls=PflagCommand, epilog=EPILOG)
@click.argument("package", default=".", type=click.Path(path_type=Path), metavar="[DIR]")
@click.option(
    "--status/--no-status", default=True, show_default=True, help="Write what came of it into the Kptfile."
)
@running_options
@click.pass_context
def render(ctx: click.Context, /, *, package: Path, output: str | None, **options: object) -> int:
    """Run the functions that the Kptfiles of a package and its subpackages name, subpackages first.

    Files are rewritten in kpt's format, and the Kptfile's `status` says how it went. Nothing else is changed
    when a function fails, unless the package asks for it (annotation `kpt.dev/save-on-render-failure`).
    """
    check_output(output)
    check_results(ctx.params["results_dir"])
    folder = resolved(package)
    attributes = not os.environ.get(NO_ATTRIBUTION)
    habits = replace(KPT, attribute=attributes, status=bool(options["status"]))
    log = Log(folder.name, truncate=bool(options["truncate_output"]))
    run = _Run(folder, read_package(folder), habits, log, permits_of(ctx.params))
    with collector_paused():
        done = run.elsewhere(output) if output else run.in_place()
    if done.problems:
        tell(done.failure, done.problems, folder.name)
    _sum_up(done)
    write_results(ctx.params["results_dir"], done.steps, package_directories(run.files), done.code)
    return done.code


class _Done(NamedTuple):
    """How a rendering ended; `saved`: what was done before a failure was kept."""

    steps: Sequence[Step]
    packages: int
    problems: Sequence[Problem] = ()
    failure: Failure | None = None
    saved: bool = False

    @property
    def code(self) -> int:
        return 1 if self.problems else 0


class _Run(NamedTuple):
    """One rendering of a folder."""

    folder: Path
    files: Files
    habits: Habits
    log: Log
    permits: Permits

    def in_place(self) -> _Done:
        """Write what comes of it into the folder; what was rendered before is not run again."""
        memory = Remembered(self.files, self.habits, self.permits.prefix)
        known = memory.recall()
        if known is not None:
            replay(known, self.files, self.log)
            write_changes(self.folder, known.changes, self.files)
            return _Done(known.steps, len(package_directories(self.files)))
        rendered = self._rendered()
        rendering = written(rendered, self.habits)
        write_changes(self.folder, rendering.changes, self.files)
        memory.keep(rendered, rendering)
        return _done(rendered, rendering.problems)

    def elsewhere(self, output: str) -> _Done:
        """Leave the folder as it is."""
        rendered = self._rendered()
        if not rendered.problems:
            write_output(output, finished(rendered, self.habits))
        return _done(rendered, rendered.problems)

    def _rendered(self) -> Rendered:
        return Pipeline(finder(self.permits), _PATIENT, self.habits).run(self.files, self.log)


def _done(rendered: Rendered, problems: Sequence[Problem]) -> _Done:
    execution = rendered.execution
    if execution is None:
        return _Done((), 0, problems)
    return _Done(execution.steps, execution.packages, problems, execution.failure, rendered.saves)


def _sum_up(done: _Done) -> None:
    if not done.packages or (done.problems and not done.saved):
        return
    ran = len(done.steps) - bool(done.problems)
    where = f"function(s) in {done.packages} package(s)."
    if not done.problems:
        click.echo(f"Successfully executed {ran} {where}", err=True)
    elif ran:
        click.echo(f"Partially executed {ran} {where}", err=True)
    else:
        click.echo(f"Failed to execute any functions in {done.packages} package(s).", err=True)
