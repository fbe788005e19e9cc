"""`portico fn sink`: a ResourceList as a new folder."""

import sys
from pathlib import Path

import click

from bot.cli.fn_output import write_items
from bot.cli.folder_changes import refuse_existing
from bot.packages.krm_list import read_resource_list

EPILOG = """\b
Examples:
  portico fn sink dns-copy < list.yaml
  portico fn source dns | portico fn sink dns-copy
"""


@click.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def sink(*, folder: Path) -> None:
    """Write the ResourceList on standard input into DIR, which must not exist.

    Each resource goes to the file that its annotations name, or else to one that is named for it.
    """
    refuse_existing(folder)
    items, _ = read_resource_list(sys.stdin.buffer.read())
    write_items(folder, items)
