"""`portico pkg update`: a package in a folder, brought to another version of its upstream."""

import os
from pathlib import Path

import click

from bot.cli.folder import read_folder, update_folder
from bot.cli.merging import on_conflict_option, strategy_option
from bot.cli.pkg_upstreams import upstreams
from bot.cli.progress import progress
from bot.errors import NotFound, Refused
from bot.git.upstream import Upstreams
from bot.packages.acquisition import Fetched
from bot.packages.kptfile import Upstream, read_kptfile
from bot.packages.merge.conflict import OnConflict
from bot.packages.merge.upgrade import upgrade
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE
from bot.packages.provenance import Strategy
from bot.packages.source import read_package_at, without_credentials

EPILOG = """\b
Examples:
  portico pkg update                        to the newest of the ref that it follows
  portico pkg update dns@v2
  portico pkg update dns@v2 --on-conflict stop
"""


@click.command(epilog=EPILOG)
@click.argument("package", default=".", metavar="[DIR][@REF]")
@strategy_option()
@on_conflict_option(OnConflict.UPSTREAM)
def update(*, package: str, strategy: str | None, on_conflict: str) -> int:
    """Merge what changed upstream into the package in DIR, which keeps its own changes and comments.

    Every field that both sides changed differently is named, with the three values and the one that holds.
    """
    at = read_package_at(package, folder=".")
    folder = Path(os.path.normpath(Path(at.folder).absolute()))
    local = read_folder(folder)
    if KPTFILE not in local:
        raise NotFound(f"{quoted(str(folder))} has no Kptfile; name the folder of a package.")
    if read_kptfile(local[KPTFILE].content).upstream is None:
        raise Refused("package must have an upstream reference, which `portico pkg get` writes; get it anew.")
    fetch = _Fetching(upstreams())
    with progress(f"Updating {folder.name}"):
        merged = upgrade(
            local,
            fetch,
            ref=at.ref,
            strategy=Strategy(strategy) if strategy else None,
            on_conflict=OnConflict(on_conflict),
        )
    for conflict in merged.conflicts:
        click.echo(f"conflict: {conflict}", err=True)
    if merged.stopped:
        click.echo(f"Error: {len(merged.conflicts)} conflict(s), so nothing was changed.", err=True)
        return 1
    update_folder(folder, local, merged.files)
    click.echo(f'Updated package "{folder.name}".\n\nUpdated {max(fetch.count, 1)} package(s).', err=True)
    return 0


class _Fetching:
    """Fetches for an upgrade, and says what."""

    def __init__(self, shelf: Upstreams) -> None:
        self._shelf = shelf
        self.count = 0

    def __call__(self, upstream: Upstream) -> Fetched:
        which = "origin" if upstream.commit else "upstream"
        self.count += which == "upstream"
        where = f"{without_credentials(upstream.repo)}@{upstream.ref}"
        click.echo(f"Fetching {which} from {where}", err=True)
        fetched = self._shelf.fetch_origin(upstream) if upstream.commit else self._shelf.fetch(upstream)
        for warning in fetched.warnings:
            click.echo(warning, err=True)
        return fetched
