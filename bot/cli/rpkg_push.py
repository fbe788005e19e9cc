"""`portico rpkg push`: a draft's files, from a folder or a ResourceList."""

import sys
from pathlib import Path
from typing import NamedTuple

import click

from bot.cli.author import author
from bot.cli.desk import Desk, Found, open_desk, tell
from bot.cli.folder import read_folder, update_folder
from bot.cli.names import complete_names
from bot.cli.namespace import namespace_option
from bot.cli.progress import progress
from bot.cli.rpkg_pull import metadata_of
from bot.cli.seen import look_at
from bot.errors import Moved, Refused, UserError
from bot.packages.naming import quoted
from bot.packages.operations.writing import WRITTEN_SUBJECT, written_story
from bot.packages.package import KPTFILE, Files
from bot.packages.placing import check_place
from bot.packages.resource_list import METADATA_FILE, Token, format_token, read_list, read_token
from bot.packages.revision import Lifecycle, PackageRevision

EPILOG = """\b
Examples:
  portico rpkg push blueprints.networking.dns.add-mx dns
  portico rpkg pull NAME | my-function | portico rpkg push NAME -
"""


class _Load(NamedTuple):
    """What is to be pushed, and what it was pulled from."""

    token: Token
    files: Files


@click.command(epilog=EPILOG)
@click.argument("name", shell_complete=complete_names)
@click.argument("source", default="-", type=click.Path(path_type=Path), metavar="[DIR|-]")
@click.option(
    "-m", "--message", default=WRITTEN_SUBJECT, show_default=True, help="First line of the commit's message."
)
@namespace_option()
def push(*, name: str, source: Path, message: str, namespace: str) -> None:
    """Write the draft NAME: what DIR holds, or the ResourceList on standard input.

    It is refused when the draft moved since it was pulled. What the server renders is brought back into DIR.
    """
    read = sys.stdin.buffer.read() if str(source) == "-" else None
    desk = open_desk(namespace)
    found = desk.find(name)
    revision, client = found.revision, found.shelf.client
    check_draft(name, revision)
    current = client.files(revision)
    load = _Load(*read_list(read, current)) if read is not None else _load(source)
    _check_token(load.token, name, revision)
    if load.files == current:
        click.echo(f"{name} is unchanged", err=True)
        return
    for path, file in load.files.items():
        check_place(path, file)
    if KPTFILE not in load.files:
        raise UserError(f"The package must contain a {KPTFILE} at its root; add it.")
    with progress(f"Writing {name}"):
        tell(client.save(revision, client.write(load.files), written_story(message), author()))
    click.echo(f"{name} pushed")
    if read is None:
        _follow(desk, found, source, load.files, namespace)


def _load(folder: Path) -> _Load:
    files = read_folder(folder)
    try:
        token = read_token((folder / METADATA_FILE).read_bytes())
    except OSError:
        raise UserError(
            f"{quoted(METADATA_FILE)} was not found in {quoted(str(folder))}, so it cannot be told what "
            "was pulled; pull into a new folder and copy your changes there."
        ) from None
    return _Load(token, files)


def check_draft(name: str, revision: PackageRevision) -> None:
    """Raise Refused, with what can be done, unless the revision is a draft."""
    if revision.lifecycle is Lifecycle.PROPOSED:
        raise Refused(
            f"Only drafts can be written, and {quoted(name)} is Proposed; `portico rpkg reject {name}` "
            "makes it a draft again."
        )
    if revision.lifecycle is not Lifecycle.DRAFT:
        raise Refused(
            f"Only drafts can be written, and {quoted(name)} is {revision.lifecycle}; begin a new one with "
            f"`portico rpkg copy {name} --workspace WORKSPACE`."
        )


def _check_token(token: Token, name: str, revision: PackageRevision) -> None:
    if token.name != name:
        raise Refused(
            f"These files were pulled from {quoted(token.name)}, not from {quoted(name)}; name that one."
        )
    if token.version != revision.commit:
        raise Moved(
            f"The draft {quoted(name)} moved since it was pulled, from {token.version[:12]} to "
            f"{revision.commit[:12]}; pull it into a new folder, bring your changes there, and push that."
        )


def _follow(desk: Desk, found: Found, folder: Path, files: Files, namespace: str) -> None:
    """Bring the folder to what the server rendered, so that it can be changed and pushed again."""
    shelf = found.shelf.anew()
    now = next((one for one in shelf.catalog.revisions if one.name == found.revision.name), None)
    if now is None:
        return
    rendered = shelf.client.files(now)
    if rendered != files:
        try:
            changed = update_folder(folder, files, rendered)
        except UserError as error:
            click.echo(
                f"{quoted(str(folder))} is older than the draft now ({error}); go on in a new folder: "
                f"`portico rpkg pull {found.name} NEW-DIR`.",
                err=True,
            )
            return
        click.echo(f"{quoted(str(folder))} has what the server rendered: {', '.join(changed)}", err=True)
    current = Found(found.name, shelf, now)
    (folder / METADATA_FILE).write_bytes(format_token(metadata_of(current, namespace)))
    look_at(desk, current)
