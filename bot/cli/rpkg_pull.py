"""`portico rpkg pull`: a package's resources on standard output, or its files in a folder."""

from pathlib import Path

import click

from bot.cli.desk import Found, open_desk
from bot.cli.folder import write_folder
from bot.cli.names import complete_names
from bot.cli.namespace import namespace_option
from bot.cli.seen import look_at
from bot.packages.objects import uid
from bot.packages.package import File
from bot.packages.resource_list import METADATA_FILE, format_list, format_token

EPILOG = """\b
Examples:
  portico rpkg pull blueprints.networking.dns.add-mx dns
  portico rpkg pull blueprints.networking.dns.v1 | less
"""


@click.command(epilog=EPILOG)
@click.argument("name", shell_complete=complete_names)
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@namespace_option()
def pull(*, name: str, folder: Path | None, namespace: str) -> None:
    """Print the resources of the package revision NAME as a ResourceList, or write its files into DIR.

    DIR must not exist. It holds every file as it is, binary files and modes too, and `.KptRevisionMetadata`,
    by which `push` knows what was pulled.
    """
    desk = open_desk(namespace)
    found = desk.find(name)
    files = found.shelf.client.files(found.revision)
    if folder is None:
        click.echo(format_list(files, metadata_of(found, namespace)), nl=False)
    else:
        token = File(format_token(metadata_of(found, namespace)))
        write_folder(folder, {**files, METADATA_FILE: token})
    look_at(desk, found)


def metadata_of(found: Found, namespace: str) -> dict[str, str]:
    """What `.KptRevisionMetadata` says: the object's name, and its commit as the version to push against."""
    return {
        "name": found.name,
        "namespace": namespace,
        "resourceVersion": found.revision.commit,
        "uid": uid(namespace, found.name),
    }
