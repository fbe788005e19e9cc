"""`portico rpkg rollback`: a package brought back to a revision that was published, as a draft."""

import click

from bot.cli.desk import open_desk
from bot.cli.names import complete_names
from bot.cli.namespace import namespace_option
from bot.cli.new_draft import new_revision
from bot.cli.package_path import package_path
from bot.errors import InvalidName, Refused
from bot.packages.layout import NO_REVISION, revision_number
from bot.packages.naming import quoted
from bot.packages.objects import name_of
from bot.packages.operations.rollback import free_workspace
from bot.packages.operations.rollback import rollback as rolled_back
from bot.packages.published import published, published_at

ROLLBACK = """\b
Examples:
  portico rpkg rollback blueprints.networking.dns --revision 1
  portico rpkg rollback blueprints.networking.dns.v3 --revision 1 --workspace undo-mx
"""


@click.command(epilog=ROLLBACK)
@click.argument("name", shell_complete=complete_names)
@click.option("--revision", required=True, metavar="N", help="The published revision to go back to.")
@click.option(
    "--workspace", default="", metavar="NAME", help="Name of this line of work.  [default: rollback-v<N>]"
)
@namespace_option()
def rollback(*, name: str, revision: str, workspace: str, namespace: str) -> None:
    """Begin a new draft with exactly what revision N of a package held.

    NAME is any of the package's revisions, or <repository>.<path, with dots>. What was published stays so:
    once it is published itself, the draft is the next revision.
    """
    number = _number(revision)
    desk = open_desk(namespace)
    shelf = desk.shelf(name.partition(".")[0])
    path = package_path(shelf, name)
    revisions = shelf.catalog.revisions
    target = published_at(revisions, path, number)
    taken = {each.workspace for each in revisions if each.path == path}
    draft = new_revision(shelf, path, workspace or free_workspace(number, taken))
    latest = next(reversed(published(revisions, path).values()))
    source = name_of(shelf.registration, target)
    content = rolled_back(source, number, shelf.client.files(target), shelf.client.files(latest))
    draft.begin(shelf.client.write(content.files), content.story)


def _number(text: str) -> int:
    if text == str(NO_REVISION):
        raise Refused(
            "The source revision may not be a placeholder package revision; name a number from 1 on."
        )
    number = revision_number(text)
    if number < 1:
        raise InvalidName(f"The revision {quoted(text)} must be a number from 1 on, such as '2'.")
    return number
