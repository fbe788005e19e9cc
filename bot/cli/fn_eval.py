"""`portico fn eval`: one function over a folder, or over a ResourceList on standard input."""

import sys
from pathlib import Path
from typing import NamedTuple

import click

from bot.cli.fn_call import CallCommand, config_from, function_of, readable_resources, words_of
from bot.cli.fn_faults import tell
from bot.cli.fn_functions import finder, permits_of
from bot.cli.fn_log import Log
from bot.cli.fn_options import running_options
from bot.cli.fn_output import STDOUT, check_output, check_results, write_output, write_results
from bot.cli.fn_save import configured, save_function, saving_options
from bot.cli.fn_selection import selection_options
from bot.cli.folder_changes import write_changes
from bot.cli.local_package import read_package, resolved
from bot.errors import UserError
from bot.packages.documents import Node
from bot.packages.function import Function
from bot.packages.krm_list import read_resource_list
from bot.packages.package import Files
from bot.packages.problem import Problem
from bot.packages.resource import Resource
from bot.render.evaluation import evaluate, evaluated
from bot.render.execution import Execution
from bot.render.place import place
from bot.render.written import by_path

STDIN = "-"
EPILOG = """\b
Examples:
  portico fn eval dns --image set-namespace:v0.4 -- namespace=staging
  portico fn eval dns --image set-labels --match-kind Deployment -- tier=backend
  portico fn eval dns --exec ./my-function --fn-config config.yaml
  portico fn eval dns --image set-labels --save --type mutator -- tier=backend
"""


class _Source(NamedTuple):
    """What the function is run over: `folder` is None for standard input, `config` what came with that."""

    folder: Path | None
    files: Files
    items: list[Resource]
    config: Node | None = None


@click.command(cls=CallCommand, epilog=EPILOG, options_metavar="[OPTIONS]")
@click.argument("package", default=".", metavar="[DIR|-] [-- [KIND] key=value...]")
@click.option("-i", "--image", default="", help="The function's image; short names are the catalog's.")
@click.option(
    "--exec", "executable", metavar="COMMAND", default="", help="An executable of yours, not an image."
)
@click.option("--tag", default="", help="The image's tag, or a constraint such as '~0.2'.")
@click.option("--fn-config", type=click.Path(path_type=Path), metavar="FILE", help="The function's config.")
@click.option("--network", is_flag=True, help="Let the container reach the network.")
@click.option("--mount", multiple=True, help="Mount into the container: type=bind,src=…,dst=….")
@click.option("-e", "--env", multiple=True, metavar="NAME[=VALUE]", help="A variable of the container.")
@click.option("--as-current-user", is_flag=True, help="Run the container as you, not as nobody.")
@selection_options
@saving_options
@running_options
@click.pass_context
def evaluation(ctx: click.Context, /, **options: object) -> int:
    """Run one function over every resource of DIR and of the folders in it.

    The words after `--` are its config. Its results go to standard error, changed files are written back.
    """
    function = function_of(ctx.params)
    words = words_of(ctx)
    output, fn_config = ctx.params["output"], ctx.params["fn_config"]
    check_output(output)
    check_results(ctx.params["results_dir"])
    saved = _saved(ctx.params, function, words, fn_config)
    source = _read(str(options["package"]), fn_config)
    given = source.config if not words and not fn_config else None
    config = given or config_from(words, fn_config)
    before = by_path(source.items)
    log = Log(truncate=bool(ctx.params["truncate_output"]))
    execution = evaluate(source.items, function, config, finder(permits_of(ctx.params)), log)
    problems = _write(source, before, execution, output)
    if problems:
        tell(execution.failure, problems)
    elif saved and source.folder:
        save_function(source.folder, saved, str(ctx.params["kind"]))
    write_results(ctx.params["results_dir"], execution.steps, {""}, 1 if problems else 0)
    return 1 if problems else 0


def _saved(
    params: dict[str, object], function: Function, words: tuple[str, ...], fn_config: Path | None
) -> Function | None:
    """The function as it will be saved, found out before it runs; None where it will not be."""
    if not params["saved"]:
        return None
    if not params["kind"]:
        raise UserError("must specify --type mutator or --type validator, as what the function is saved")
    return configured(Path(str(params["package"])), function, words, fn_config)


def _read(package: str, fn_config: Path | None) -> _Source:
    """The resources, but for the file of the config where that is one of them."""
    if package == STDIN:
        items, config = read_resource_list(sys.stdin.buffer.read())
        place(items, "")
        return _Source(None, {}, items, Node(config.kind, content=[config]) if config else None)
    folder = resolved(Path(package))
    files = read_package(folder)
    without = ""
    if fn_config and fn_config.resolve().is_relative_to(folder.resolve()):
        without = fn_config.resolve().relative_to(folder.resolve()).as_posix()
    return _Source(folder, files, readable_resources(files, folder.name, without=without))


def _write(
    source: _Source, before: dict[str, list[Resource]], execution: Execution, output: str | None
) -> tuple[Problem, ...]:
    """Write what the function came to where it belongs; returns what is wrong."""
    if execution.failure:
        return tuple(execution.problems)
    if output or source.folder is None:
        write_output(output or STDOUT, execution.left)
        return ()
    rendering = evaluated(source.files, before, execution)
    if not rendering.problems:
        write_changes(source.folder, rendering.changes, source.files)
    return rendering.problems
