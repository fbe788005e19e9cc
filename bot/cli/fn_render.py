"""`portico fn render`: the pipelines of a package, run in place."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from bot.cli.fn_faults import tell
from bot.cli.fn_functions import finder, permits_of
from bot.cli.fn_log import Log
from bot.cli.fn_options import running_options
from bot.cli.fn_output import check_output, write_output, write_results
from bot.cli.local_package import read_package, resolved, write_changes
from bot.packages.documents.collector import collector_paused
from bot.packages.problem import Problem
from bot.render.pipeline import KPT, Habits, Pipeline, Rendered, finished, written

NO_ATTRIBUTION = "KRM_DISABLE_ATTRIBUTION"
EPILOG = """\b
Examples:
  portico fn render                       the package in this folder
  portico fn render dns --results-dir out
  portico fn render dns -o stdout         leave the files as they are
"""


@click.command(epilog=EPILOG)
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
    folder = resolved(package)
    attributes = not os.environ.get(NO_ATTRIBUTION)
    habits = replace(KPT, attribute=attributes, status=bool(options["status"]))
    pipeline = Pipeline(finder(permits_of(ctx.params)), habits=habits)
    with collector_paused():
        rendered = pipeline.run(
            read_package(folder), Log(folder.name, truncate=bool(options["truncate_output"]))
        )
        problems = rendered.problems if output else _write(folder, rendered, habits)
        if output and not problems:
            write_output(output, finished(rendered, habits))
    code = 1 if problems else 0
    if code:
        tell(rendered.failure if rendered.execution else None, problems, folder.name)
    _sum_up(rendered, code)
    steps = rendered.execution.steps if rendered.execution else ()
    write_results(ctx.params["results_dir"], steps, rendered.directories, code)
    return code


def _write(folder: Path, rendered: Rendered, habits: Habits) -> Sequence[Problem]:
    rendering = written(rendered, habits)
    write_changes(folder, rendering.changes)
    return rendering.problems


def _sum_up(rendered: Rendered, code: int) -> None:
    execution = rendered.execution
    if execution is None or (code and not rendered.saves):
        return
    ran = len(execution.steps) - bool(code)
    where = f"function(s) in {execution.packages} package(s)."
    if not code:
        click.echo(f"Successfully executed {ran} {where}", err=True)
    elif ran:
        click.echo(f"Partially executed {ran} {where}", err=True)
    else:
        click.echo(f"Failed to execute any functions in {execution.packages} package(s).", err=True)
