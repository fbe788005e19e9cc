"""`portico hook install` and `uninstall`: make a plain Git server understand packages, or stop."""

from pathlib import Path

import click

INSTALL = """\b
Examples:
  portico hook install /srv/git/packages.git
  portico hook install /srv/git/packages.git --identity gitolite
"""
UNINSTALL = """\b
Example:
  portico hook uninstall /srv/git/packages.git
"""
EPILOG = INSTALL + "  portico hook uninstall /srv/git/packages.git\n"

IDENTITY_HELP = (
    "How the server learns who pushed; repeat it for several ways, asked in order: `certificate` (a signed "
    "push), `gitolite` (GL_USER), `http` (REMOTE_USER), `variable:NAME`, `system` (the operating system's "
    "user). Trust a variable only where nobody but the server can set it. [default: certificate, system]"
)


@click.group(epilog=EPILOG)
def hook() -> None:
    """Make a plain Git server understand packages.

    With hooks, `git push origin HEAD:drafts/<path>/<workspace>` makes a draft and renders it, and pushes
    to `refs/portico/<word>/<path>/<workspace>` propose, approve, reject, delete and explain it.
    """


@hook.command(epilog=INSTALL, short_help="Install the hooks, or bring them up to date.")
@click.argument("repository", type=click.Path(path_type=Path))
@click.option("--identity", multiple=True, metavar="WAY", help=IDENTITY_HELP)
@click.option(
    "--no-resident", is_flag=True, help="Start Python anew for each push, slower, with nothing kept."
)
def install(*, repository: Path, identity: tuple[str, ...], no_resident: bool) -> None:
    """Install the hooks into the bare REPOSITORY, or bring them up to date.

    An existing pre-receive hook goes on working before ours. Settings are in REPOSITORY/portico/server.yaml.
    """
    from bot.hooks.install import install as do  # noqa: PLC0415 `portico hook --help` needs no Git

    for line in do(repository, identity=identity, resident=not no_resident):
        click.echo(line)


@hook.command(epilog=UNINSTALL, short_help="Take the hooks out, put earlier ones back.")
@click.argument("repository", type=click.Path(path_type=Path))
def uninstall(*, repository: Path) -> None:
    """Take the hooks out of the bare REPOSITORY and put earlier ones back; packages stay as they are."""
    from bot.hooks.install import uninstall as do  # noqa: PLC0415 `portico hook --help` needs no Git

    for line in do(repository):
        click.echo(line)
