"""`portico pkg get`: a package from any Git repository, as a folder that remembers where it is from."""

import os
from pathlib import Path

import click

from bot.cli.folder import write_folder
from bot.cli.merging import first_strategy_option
from bot.cli.pkg_upstreams import say_fetch, upstreams
from bot.cli.progress import progress
from bot.errors import UserError
from bot.git.upstream import is_repository
from bot.packages.acquisition import acquire
from bot.packages.merge.merge_comment import with_merge_comments
from bot.packages.naming import quoted
from bot.packages.package import Files
from bot.packages.provenance import Strategy
from bot.packages.source import Standing, destination, read_source

EPILOG = """\b
Examples:
  portico pkg get https://github.com/team/blueprints.git/networking/dns@v1
  portico pkg get git@git.example.com:team/blueprints.git/dns@main my-dns
  portico pkg get ../blueprints.git/dns dns --strategy fast-forward
  portico pkg get ../blueprints.git/dns edge-dns --for-deployment
"""


@click.command(epilog=EPILOG)
@click.argument("source", metavar="REPO[/DIR][@REF]")
@click.argument("place", default="", metavar="[DEST]")
@first_strategy_option("How `pkg update` will upgrade it.")
@click.option(
    "--for-deployment", is_flag=True, help="It is to be deployed: its own name goes into its context."
)
def get(*, source: str, place: str, strategy: str, for_deployment: bool) -> int:
    """Get the package at DIR of a repository, at a branch, tag or commit, and those that it is made of.

    Its Kptfile says from where and from which commit it is, for `pkg update`.
    """
    shelf = upstreams()
    upstream = read_source(source, shelf.branches, is_repository)
    folder = Path(destination(upstream, place, _standing))
    name = Path(os.path.normpath(folder.absolute())).name
    click.echo(f'Package "{name}":', err=True)
    with progress(f"Fetching {name}"):
        acquired = acquire(name, upstream, shelf.fetch, strategy=Strategy(strategy))
    for arrival in acquired.arrivals:
        say_fetch(arrival.fetched)
    click.echo(f"\nFetched {len(acquired.arrivals)} package(s).", err=True)
    files: Files | None = with_merge_comments(acquired.files)
    if for_deployment and files:
        from bot.cli.pkg_deployment import customized  # noqa: PLC0415 most packages run no function

        files = customized(files, name)
    if files is None:
        return 1
    if folder.exists() and not any(folder.iterdir()):
        folder = _emptied(folder)
    write_folder(folder, files)
    if for_deployment:
        click.echo("\nCustomized package for deployment.", err=True)
    return 0


def _standing(path: str) -> Standing:
    place = Path(path)
    if place.is_dir():
        return Standing.FULL if any(place.iterdir()) else Standing.EMPTY
    if place.exists() or place.is_symlink():
        return Standing.FILE
    return Standing.NOTHING if place.absolute().parent.is_dir() else Standing.NO_PARENT


def _emptied(folder: Path) -> Path:
    """The folder that one is in, which is empty, out of the way for the package."""
    place = folder.absolute()
    try:
        place.rmdir()
    except OSError as error:
        raise UserError(f"{quoted(str(folder))} cannot be replaced: {error.strerror}.") from None
    return place
