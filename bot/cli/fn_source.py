"""`portico fn source`: a folder as a ResourceList, for functions and pipes."""

import sys
from pathlib import Path

import click

from bot.cli.fn_config import read_config
from bot.cli.fn_faults import tell
from bot.cli.fn_output import STDOUT, UNWRAP
from bot.cli.local_package import read_package, resolved
from bot.cli.pflag import PflagCommand
from bot.packages.krm_list import format_documents, format_resource_list
from bot.packages.problem import Problem
from bot.render.hydration import resources_of

EPILOG = """\b
Examples:
  portico fn source dns
  portico fn source dns | portico fn eval - --image set-namespace -- namespace=staging | portico fn sink new
"""


@click.command(cls=PflagCommand, epilog=EPILOG)
@click.argument("package", default=".", type=click.Path(path_type=Path), metavar="[DIR]")
@click.option(
    "-o", "--output", type=click.Choice((STDOUT, UNWRAP)), default=STDOUT, help="As a list, or plain."
)
@click.option(
    "--fn-config", type=click.Path(path_type=Path), metavar="FILE", help="The functionConfig of the list."
)
def source(*, package: Path, output: str, fn_config: Path | None) -> int:
    """Print every resource of DIR and of the folders in it, with annotations that say where each stood."""
    problems: list[Problem] = []
    folder = resolved(package)
    items = resources_of(read_package(folder), problems)
    if problems:
        tell(None, problems, folder.name)
        return 1
    config = read_config(fn_config) if fn_config else None
    data = format_documents(items) if output == UNWRAP else format_resource_list(items, config)
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    return 0
