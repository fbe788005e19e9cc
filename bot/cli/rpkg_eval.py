"""`portico rpkg eval`: one function over a draft."""

from pathlib import Path
from typing import Any

import click

from bot.cli.author import author
from bot.cli.desk import open_desk, tell
from bot.cli.difference_output import color_option, show
from bot.cli.fn_call import CallCommand, config_from, function_of, readable_resources, words_of
from bot.cli.fn_faults import tell as tell_faults
from bot.cli.fn_functions import finder, permits_of
from bot.cli.fn_log import Log
from bot.cli.fn_options import calling_options
from bot.cli.fn_output import check_results, write_results
from bot.cli.fn_selection import selection_options
from bot.cli.names import complete_names
from bot.cli.namespace import namespace_option
from bot.cli.progress import progress
from bot.cli.rpkg_push import check_draft
from bot.errors import Refused, UserError
from bot.packages.difference import difference
from bot.packages.documents import Node
from bot.packages.function import Function
from bot.packages.operations.content import Content
from bot.packages.operations.evaluation import evaluation as evaluation_of
from bot.packages.package import Files
from bot.packages.placing import check_place
from bot.render.evaluation import evaluate, evaluated
from bot.render.written import by_path

EPILOG = """\b
Examples:
  portico rpkg eval blueprints.networking.dns.add-mx --image set-namespace:v0.4 -- namespace=staging
  portico rpkg eval NAME --image set-labels --match-kind Deployment --dry-run -- tier=backend
  portico rpkg eval NAME --image starlark --fn-config program.yaml
"""


@click.command("eval", cls=CallCommand, epilog=EPILOG, options_metavar="[OPTIONS]")
@click.argument("name", metavar="NAME [-- [KIND] key=value...]", shell_complete=complete_names)
@click.option("-i", "--image", default="", help="The function's image; short names are the catalog's.")
@click.option("--exec", "executable", default="", hidden=True)
@click.option("--tag", default="", help="The image's tag, or a constraint such as '~0.2'.")
@click.option("--fn-config", type=click.Path(path_type=Path), metavar="FILE", help="The function's config.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@color_option
@selection_options
@calling_options
@namespace_option()
@click.pass_context
def evaluation(ctx: click.Context, /, *, name: str, dry_run: bool, color: str, **options: Any) -> int:  # noqa: ANN401 they are read by name
    """Run one function over every resource of the draft NAME, on this machine, and commit what it changes.

    The words after `--` are its config. Its results go to standard error; when it fails, nothing is changed.
    Files that it does not change stay as they are.
    """
    if ctx.params["executable"]:
        raise Refused(
            "A registered draft must be changed by an image, which others can run, too. To run an executable "
            f"of yours, `portico rpkg pull {name} DIR`, `portico fn eval DIR --exec …`, and push DIR."
        )
    if not ctx.params["image"]:
        raise UserError("must specify --image; `portico fn list` shows those that are built in.")
    function = function_of(ctx.params)
    config = config_from(words_of(ctx), ctx.params["fn_config"])
    check_results(options["results_dir"])
    found = open_desk(options["namespace"]).find(name)
    revision, client = found.revision, found.shelf.client
    check_draft(name, revision)
    files = client.files(revision)
    content = _content(ctx, name, files, function, config)
    if content is None:
        return 1
    if dry_run:
        show(difference(files, content.files), color=color)
    elif content.files == files:
        click.echo(f"{name} is unchanged", err=True)
    else:
        with progress(f"Writing {name}"):
            tell(client.save(revision, client.write(content.files), content.story, author()))
        click.echo(f"{name} evaluated")
    return 0


def _content(ctx: click.Context, name: str, files: Files, function: Function, config: Node) -> Content | None:
    """What the function makes of the draft; None, having told why, when it fails."""
    items = readable_resources(files, name)
    before = by_path(items)
    log = Log(truncate=bool(ctx.params["truncate_output"]))
    execution = evaluate(items, function, config, finder(permits_of(ctx.params)), log)
    rendering = evaluated(files, before, execution, reformat=False)
    write_results(ctx.params["results_dir"], rendering.steps, {""}, int(rendering.failed))
    if rendering.failed:
        tell_faults(execution.failure, rendering.problems, name)
        return None
    content = evaluation_of(files, rendering, function, config)
    for path in rendering.changes:
        if path in content.files:
            check_place(path, content.files[path])
    return content
