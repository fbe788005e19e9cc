"""`portico rpkg init` and `copy`: new drafts."""

import click

from bot.cli.desk import open_desk
from bot.cli.names import complete_names, complete_repositories
from bot.cli.namespace import namespace_option
from bot.cli.new_draft import new_package, new_revision
from bot.errors import Refused, UserError
from bot.packages.initial import DEFAULT_DESCRIPTION, initial_files
from bot.packages.layout import NO_REVISION
from bot.packages.naming import RevisionName, check_name, quoted
from bot.packages.operations.beginning import copied_story, initial_story
from bot.packages.revision import Lifecycle

INIT = """\b
Example:
  portico rpkg init networking/dns --repository blueprints --workspace v1 --description "our name servers"
"""
COPY = """\b
Example:
  portico rpkg copy blueprints.networking.dns.v1 --workspace add-mx
"""


@click.command(epilog=INIT)
@click.argument("package")
@click.option("--repository", required=True, metavar="NAME", shell_complete=complete_repositories)
@click.option("--workspace", default="v1", show_default=True, help="Name of this line of work.")
@click.option(
    "--description", default=DEFAULT_DESCRIPTION, show_default=True, help="What the package is for."
)
@click.option("--keywords", default="", metavar="A,B", help="Words to find it by, between commas.")
@click.option("--site", default="", metavar="URL", help="A page about the package.")
@namespace_option()
def init(  # noqa: PLR0913 one parameter per option
    *,
    package: str,
    repository: str,
    workspace: str,
    description: str,
    keywords: str,
    site: str,
    namespace: str,
) -> None:
    """Begin a new package at PACKAGE, a path such as networking/dns, as a draft."""
    # Before anything is asked of anybody.
    check_name(RevisionName(package, workspace))
    draft = new_package(open_desk(namespace).shelf(repository), package, workspace, word="init")
    words = [word.strip() for word in keywords.split(",") if word.strip()]
    files = initial_files(package.rpartition("/")[2], description=description, keywords=words, site=site)
    fields = {"description": description, "keywords": words, "site": site}
    draft.begin(draft.shelf.client.write(files), initial_story(fields))


@click.command(epilog=COPY)
@click.argument("source", metavar="NAME", shell_complete=complete_names)
@click.option("--workspace", metavar="NAME", help="Name of the new line of work.  [required]")
@namespace_option()
def copy(*, source: str, workspace: str | None, namespace: str) -> None:
    """Begin a new draft with the files of the published revision called NAME."""
    if not workspace:
        raise UserError("--workspace is required to specify the workspace name of the new draft.")
    shelf, revision = open_desk(namespace).find(source)[1:]
    if revision.lifecycle not in (Lifecycle.PUBLISHED, Lifecycle.DELETION_PROPOSED):
        raise Refused(
            f"The source revision must be published, and {quoted(source)} is {revision.lifecycle}; go on "
            "with it, or copy a published one."
        )
    if revision.revision == NO_REVISION:
        raise Refused(
            f"The source revision may not be the placeholder package revision {quoted(source)}; copy one "
            "that has a revision number."
        )
    draft = new_revision(shelf, revision.path, workspace)
    draft.begin(shelf.client.tree(revision), copied_story(source))
