"""`portico pkg diff`: what differs between a package in a folder and its upstream."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from bot.cli.folder import read_folder
from bot.cli.pkg_upstreams import upstreams
from bot.errors import NotFound, Refused
from bot.packages.difference import (
    Difference,
    difference,
    format_json,
    format_markdown,
    format_stat,
    format_text,
)
from bot.packages.kptfile import read_kptfile
from bot.packages.merge.merge_comment import all_with_merge_comments
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE, Files
from bot.packages.source import read_package_at

TYPES = ("local", "remote", "combined", "3way")
FORMS: Mapping[str, Callable[[Difference], str]] = {
    "json": format_json,
    "markdown": format_markdown,
    "stat": format_stat,
}
_COLOURS = {"added": "green", "removed": "red", "changed": "yellow", "hunk": "cyan"}
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
@click.option("-o", "--output", type=click.Choice(("text", *FORMS)), default="text", show_default=True)
def diff(*, package: str, kind: str | None, output: str) -> None:
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
    origin, local, remote = map(_compared, all_with_merge_comments((was, files, new)))
    sides = {"local": (origin, local), "remote": (origin, remote), "combined": (local, remote)}
    for title in ("local", "remote") if chosen == "3way" else (chosen,):
        if chosen == "3way":
            click.echo(f"{title}:")
        click.echo(_shown(difference(*sides[title]), output), nl=False)


def _compared(files: Files) -> Files:
    """A package without its Kptfile."""
    return {path: file for path, file in files.items() if path != KPTFILE}


def _shown(found: Difference, output: str) -> str:
    return FORMS[output](found) if output in FORMS else format_text(found, _styled)


def _styled(role: str, line: str) -> str:
    return click.style(line, fg=_COLOURS.get(role), bold=role == "head")
