"""`portico repo register` and `unregister`."""

from datetime import UTC, datetime
from os.path import normpath
from pathlib import Path

import click

from bot.cli.author import author
from bot.cli.desk import Desk, open_desk, tell
from bot.cli.names import complete_repositories
from bot.cli.namespace import namespace_option
from bot.cli.outcome import each
from bot.cli.progress import progress
from bot.errors import NotFound, UserError
from bot.git.remote import list_refs
from bot.packages.naming import quoted
from bot.packages.registration import (
    DEFAULT_BRANCH,
    ROOT,
    Registration,
    check_conflicts,
    check_registration,
    default_name,
    is_path,
)

REGISTER = """\b
Examples:
  portico repo register https://git.example.com/team/blueprints.git
  portico repo register git@git.example.com:team/clusters.git --name edge --directory sites/edge --deployment
  portico repo register /srv/git/new.git --create-branch
"""
UNREGISTER = """\b
Example:
  portico repo unregister blueprints
"""


@click.command(epilog=REGISTER)
@click.argument("url")
@click.option(
    "--name", metavar="NAME", help="Name of the repository; the last part of the URL when not given."
)
@click.option(
    "--branch", default=DEFAULT_BRANCH, show_default=True, help="Branch that published packages are on."
)
@click.option("--create-branch", is_flag=True, help="Make the branch where it does not exist.")
@click.option("--directory", default=ROOT, show_default=True, help="Directory that packages are in.")
@click.option("--description", default="", help="What the repository is for.")
@click.option("--deployment", is_flag=True, help="Its published packages are ready to be deployed.")
@click.option("--upstream", default="", metavar="NAME", help="Repository that its packages are cloned from.")
@click.option(
    "--secret-ref", default="", metavar="NAME", help="Secret that holds Porch's credentials, by name."
)
@click.option("--repo-basic-username", hidden=True)
@click.option("--repo-basic-password", hidden=True)
@namespace_option()
def register(  # noqa: PLR0913 one parameter per option
    *,
    url: str,
    name: str | None,
    branch: str,
    create_branch: bool,
    directory: str,
    description: str,
    deployment: bool,
    upstream: str,
    secret_ref: str,
    repo_basic_username: str | None,
    repo_basic_password: str | None,
    namespace: str,
) -> None:
    """Register the Git repository at URL: a path, or a file, ssh, http or https URL.

    Credentials are never written down: Git asks your credential helper, or your SSH agent.
    """
    if repo_basic_username or repo_basic_password:
        raise UserError(
            "Credentials are not kept here: give them to Git's credential helper (`git help "
            "credentials`), and name the Secret that Porch uses with `--secret-ref NAME`."
        )
    registration = check_registration(
        Registration(
            name=name or default_name(url),
            url=normpath(Path(url).expanduser().absolute()) if is_path(url) else url,
            branch=branch,
            directory=directory.strip("/"),
            description=description,
            deployment=deployment,
            upstream=upstream,
            create_branch=create_branch,
            credentials=secret_ref,
            created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
    )
    desk = open_desk(namespace)
    _check_beside_others(desk, registration)
    with progress(f"Looking at {registration.name}"):
        _check_there(desk, registration)
    desk.registry.add(registration)


def _check_beside_others(desk: Desk, registration: Registration) -> None:
    others = desk.registrations()
    check_conflicts(registration, others, desk.settings.namespace)
    if registration.upstream and registration.upstream not in {other.name for other in others}:
        raise NotFound(
            f"The upstream {quoted(registration.upstream)} is not registered; register it first, or leave "
            f"`--upstream` out."
        )


def _check_there(desk: Desk, registration: Registration) -> None:
    """Raise what stops this repository from being used; make its branch when that was asked for."""
    refs = list_refs(registration.url)
    if registration.layout.branch_ref in refs:
        return
    if registration.create_branch:
        tell(desk.client(registration).create_branch(author()))
        return
    if not refs:
        raise NotFound(
            f"The repository is empty; push a branch {quoted(registration.branch)}, or let one be made with "
            f"`--create-branch`."
        )
    raise NotFound(
        f"The branch {quoted(registration.branch)} was not found in the repository; name another one with "
        f"`--branch`, or let it be made with `--create-branch`."
    )


@click.command(epilog=UNREGISTER)
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=complete_repositories)
@namespace_option()
def unregister(*, names: tuple[str, ...], namespace: str) -> int:
    """Forget the repositories called NAME; in Git, nothing changes."""
    registry = open_desk(namespace).registry

    def forget(name: str) -> str:
        registry.remove(name)
        return ""

    return each(names, forget)
