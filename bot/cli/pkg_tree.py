"""`portico pkg tree`: what a package holds, drawn."""

from pathlib import Path

import click

from bot.cli.fn_faults import tell
from bot.cli.local_package import read_package, resolved
from bot.packages.package import package_directories
from bot.packages.problem import Problem
from bot.packages.tree import tree_lines
from bot.render.hydration import resources_of

EPILOG = """\b
Examples:
  portico pkg tree
  portico pkg tree networking/dns
"""


@click.command(epilog=EPILOG)
@click.argument("folder", default=".", type=click.Path(path_type=Path), metavar="[DIR]")
def tree(*, folder: Path) -> int:
    """Draw the resources of DIR, file by file, and its subpackages."""
    place = resolved(folder)
    files = read_package(place)
    problems: list[Problem] = []
    items = resources_of(files, problems)
    if problems:
        tell(None, problems, place.name)
        return 1
    click.echo("\n".join(tree_lines(items, package_directories(files), place.name)))
    return 0
