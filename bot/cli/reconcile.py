"""`portico reconcile`: does what hooks would have done, from what is there."""

from pathlib import Path

import click

EPILOG = """\b
Examples:
  portico reconcile /srv/git/packages.git
  portico reconcile /srv/git/*.git        # from a timer, for instance every five minutes
"""


@click.command(epilog=EPILOG)
@click.argument("repositories", nargs=-1, type=click.Path(path_type=Path), metavar="[REPOSITORY]...")
def reconcile(*, repositories: tuple[Path, ...]) -> int:
    """Bring the bare REPOSITORY (default: the current directory) to rest.

    Renders drafts that came while hooks were off, and completes what a server left half done. Running it
    twice writes nothing the second time. Ends with 1 when something could not be done, after all the rest.
    """
    from bot.hooks.tick import tick  # noqa: PLC0415 `portico reconcile --help` needs no Git

    failures = []
    for repository in repositories or (Path(),):
        failures += [f"{repository}: {failure}" for failure in tick(repository)]
    for failure in failures:
        click.echo(f"Error: {failure}", err=True)
    return 1 if failures else 0
