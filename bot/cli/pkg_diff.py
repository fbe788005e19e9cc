"""`portico pkg diff`: what differs between a package in a folder and its upstream."""

import os
from pathlib import Path

import click

from bot.cli.difference_output import FORMS, TEXT, color_option, show
from bot.cli.folder import read_folder
from bot.cli.pkg_upstreams import upstreams
from bot.errors import NotFound, Refused
from bot.packages.difference import difference
from bot.packages.kptfile import read_kptfile
from bot.packages.merge.merge_comment import all_with_merge_comments
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE, Files
from bot.packages.source import read_package_at

TYPES = ("local", "remote", "combined", "3way")
EPILOG = """\b
Examples:
  portico pkg diff                           what was changed here since it was got
  portico pkg diff dns@v2                    in what it differs from v2
  portico pkg diff dns@v2 --diff-type remote what changed upstream
"""


@click.command(epilog=EPILOG)
@click.argument("package", default=".", metavar="[DIR][@REF]")
@click.option(
    "--diff-type", "kind", type=click.Choice(TYPES), help="By default local, or combined where REF is given."
)
@click.option("-o", "--output", type=click.Choice((TEXT, *FORMS)), default=TEXT, show_default=True)
@color_option
def diff(*, package: str, kind: str | None, output: str, color: str) -> None:
    """Show by resource and field what differs; secrets are masked.

    `local` is what was changed here, `remote` what changed upstream, `combined` what differs from upstream,
    `3way` the first two. The Kptfile is left out, as kpt leaves it out.
    """
    at = read_package_at(package, folder=".")
    folder = Path(os.path.normpath(Path(at.folder).absolute()))
    files = read_folder(folder)
    if KPTFILE not in files:
        raise NotFound(f"{quoted(str(folder))} has no Kptfile; name the folder of a package.")
    kptfile = read_kptfile(files[KPTFILE].content)
    if kptfile.upstream is None or kptfile.upstream_lock is None:
        raise Refused("package must have an upstream reference, which `portico pkg get` writes; get it anew.")
    shelf = upstreams()
    chosen = kind or ("combined" if at.ref else "local")
    was = shelf.fetch_origin(kptfile.upstream_lock).files if chosen != "combined" else {}
    asked = kptfile.upstream._replace(ref=at.ref or kptfile.upstream.ref)
    new = shelf.fetch(asked).files if chosen != "local" else {}
    origin, local, remote = map(without_kptfile, all_with_merge_comments((was, files, new)))
    sides = {"local": (origin, local), "remote": (origin, remote), "combined": (local, remote)}
    for title in ("local", "remote") if chosen == "3way" else (chosen,):
        if chosen == "3way":
            click.echo(f"{title}:")
        show(difference(*sides[title]), output, color)


def without_kptfile(files: Files) -> Files:
    """A package as it is compared: its Kptfile always differs."""
    return {path: file for path, file in files.items() if path != KPTFILE}
