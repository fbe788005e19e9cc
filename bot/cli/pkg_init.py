"""`portico pkg init`: a folder made a package."""

import os
from pathlib import Path

import click

from bot.cli.folder_changes import write_changes
from bot.errors import UserError
from bot.packages.initial import DEFAULT_DESCRIPTION, initial_files
from bot.packages.naming import quoted

EPILOG = """\b
Examples:
  portico pkg init                          the folder that you are in
  portico pkg init networking/dns --description "our zones" --keywords dns,zones
"""


@click.command(epilog=EPILOG)
@click.argument("folder", default=".", type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--description", default=DEFAULT_DESCRIPTION, show_default=True, help="What it is for.")
@click.option("--keywords", default="", metavar="WORD,...", help="Words by which people find it.")
@click.option("--site", default="", metavar="URL", help="Where people read about it.")
def init(*, folder: Path, description: str, keywords: str, site: str) -> None:
    """Write a Kptfile, a README and a package context into DIR, which is made where it is not there.

    What is there already stays as it is.
    """
    place = Path(os.path.normpath(folder.absolute()))
    if place.exists() and not place.is_dir():
        raise UserError(f"{quoted(str(folder))} is a file; name a folder.")
    words = [word.strip() for word in keywords.split(",") if word.strip()]
    files = initial_files(place.name, description=description, keywords=words, site=site)
    missing = {path: file.content for path, file in files.items() if not (place / path).exists()}
    place.mkdir(parents=True, exist_ok=True)
    for path in missing:
        click.echo(f"writing {folder / path}", err=True)
    write_changes(place, missing, {})
