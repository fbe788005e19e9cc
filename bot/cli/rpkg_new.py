"""`portico rpkg init` and `copy`: new drafts."""

import click

from bot.cli.author import author
from bot.cli.desk import Shelf, open_desk, tell
from bot.cli.names import complete_names, complete_repositories
from bot.cli.namespace import namespace_option
from bot.cli.progress import progress
from bot.errors import Refused, UserError
from bot.packages.initial import DEFAULT_DESCRIPTION, initial_files
from bot.packages.layout import NO_REVISION
from bot.packages.naming import RevisionName, check_name, check_object_name, object_name, quoted
from bot.packages.operations.content import Story
from bot.packages.revision import Lifecycle

INIT_SUBJECT = "Creating new empty revision"
COPY_SUBJECT = "Creating new revision by copying previous revision"
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
    name = check_name(RevisionName(package, workspace))
    shown = check_object_name(object_name(repository, *name))
    shelf = open_desk(namespace).shelf(repository)
    _check_new_package(shelf, name)
    words = [word.strip() for word in keywords.split(",") if word.strip()]
    files = initial_files(package.rpartition("/")[2], description=description, keywords=words, site=site)
    fields = {"description": description, "keywords": words, "site": site}
    task = {"type": "init", "init": {key: value for key, value in fields.items() if value}}
    with progress(f"Writing {shown}"):
        tell(shelf.client.begin(name, shelf.client.write(files), Story(INIT_SUBJECT, task), author()))
    click.echo(f"{shown} created")


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
    name = check_name(RevisionName(revision.path, workspace))
    shown = check_object_name(object_name(shelf.registration.name, *name))
    _check_free(shelf, name)
    task = {"type": "edit", "edit": {"sourceRef": {"name": source}}}
    with progress(f"Writing {shown}"):
        tell(shelf.client.begin(name, shelf.client.tree(revision), Story(COPY_SUBJECT, task), author()))
    click.echo(f"{shown} created")


def _check_new_package(shelf: Shelf, name: RevisionName) -> None:
    """Refuse a package that is there, or that lies in another or around it (facts: Porch §3.2)."""
    _check_free(shelf, name)
    where = shelf.registration.name
    for path in sorted({revision.path for revision in shelf.catalog.revisions}):
        if path == name.path:
            raise Refused(
                f"The package {quoted(path)} already exists in repository {quoted(where)}; begin its next "
                f"revision with `portico rpkg copy NAME --workspace {name.workspace}`."
            )
        if name.path.startswith(f"{path}/") or path.startswith(f"{name.path}/"):
            raise Refused(
                f"The package path {quoted(name.path)} conflicts with existing package {quoted(path)}: "
                "packages cannot be nested; choose another path."
            )


def _check_free(shelf: Shelf, name: RevisionName) -> None:
    if any(revision.name == name for revision in shelf.catalog.revisions):
        raise Refused(
            f"Package revision workspace names must be unique, and package {quoted(name.path)} in repository "
            f"{quoted(shelf.registration.name)} has a workspace {quoted(name.workspace)} already; choose "
            "another."
        )
