"""`portico repo get`: registered repositories as a table or as objects."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import click

from bot.cli.age import format_age
from bot.cli.desk import open_desk, warn
from bot.cli.names import complete_repositories
from bot.cli.namespace import namespace_option
from bot.cli.output import output_option, write_list, write_object
from bot.cli.progress import progress
from bot.cli.table import format_table
from bot.errors import UserError
from bot.git.remote import list_refs
from bot.packages.naming import quoted
from bot.packages.registration import ROOT, Registration, to_object

HEADER = ("NAME", "TYPE", "CONTENT", "SYNC SCHEDULE", "DEPLOYMENT", "READY", "ADDRESS", "BRANCH", "AGE")
_AT_ONCE = 10
EPILOG = """\b
Examples:
  portico repo get
  portico repo get blueprints -o yaml
"""


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_repositories)
@click.option("--no-headers", is_flag=True, help="Leave the table's header out.")
@click.option("-A", "--all-namespaces", is_flag=True, help="Show the namespace too.")
@output_option()
@namespace_option()
def get(
    *, names: tuple[str, ...], no_headers: bool, all_namespaces: bool, output: str | None, namespace: str
) -> None:
    """List registered repositories: all, or those named."""
    found = open_desk(namespace).registrations(names)
    if output in {"yaml", "json"}:
        objects = (to_object(one, namespace) for one in found)
        if len(names) == 1:
            write_object(next(objects), output)
        else:
            write_list(objects, output)
    elif output == "name":
        click.echo("".join(f"repository.config.porch.kpt.dev/{one.name}\n" for one in found), nl=False)
    elif found:
        lines = [
            _row(one, ready, wide=output == "wide") for one, ready in zip(found, _ready(found), strict=True)
        ]
        header = HEADER if output != "wide" else (*HEADER, "DIRECTORY", "UPSTREAM")
        rows = lines if no_headers else [header, *lines]
        if all_namespaces:
            rows = [("NAMESPACE" if row is header else namespace, *row) for row in rows]
        click.echo(format_table(rows), nl=False)
    else:
        click.echo("No resources found", err=True)


def _ready(found: Sequence[Registration]) -> list[str]:
    """Ask every repository whether it answers and has its branch."""
    with progress(f"Asking {len(found)} repositories"), ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(_ask, found))


def _ask(registration: Registration) -> str:
    try:
        refs = list_refs(registration.url)
    except UserError as error:
        warn(f"The repository {quoted(registration.name)} does not answer: {error}")
        return "False"
    if registration.layout.branch_ref in refs:
        return "True"
    warn(f"The repository {quoted(registration.name)} has no branch {quoted(registration.branch)}.")
    return "False"


def _row(registration: Registration, ready: str, *, wide: bool) -> tuple[str, ...]:
    return (
        registration.name,
        "git",
        "Package",
        "",
        str(registration.deployment).lower(),
        ready,
        registration.url,
        registration.branch,
        format_age(registration.created, datetime.now(UTC)),
        *((ROOT + registration.directory, registration.upstream) if wide else ()),
    )
