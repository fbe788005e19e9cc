"""`portico reconcile`: does what hooks and webhooks would have done, from what is there."""

from collections.abc import Iterator
from pathlib import Path

import click

EPILOG = """\b
Examples:
  portico reconcile /srv/git/packages.git
  portico reconcile /srv/git/*.git        # from a timer, for instance every five minutes
  portico reconcile --config serve.yaml   # the repositories on forges that `portico serve` looks at
"""


@click.command(epilog=EPILOG)
@click.argument("repositories", nargs=-1, type=click.Path(path_type=Path), metavar="[REPOSITORY]...")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Look once at every repository on a forge in the settings of `portico serve`.",
)
def reconcile(*, repositories: tuple[Path, ...], config: Path | None) -> int:
    """Bring the bare REPOSITORY (default: the current directory) to rest, or those on a forge.

    Renders drafts that came while hooks were off, and completes what a server left half done. Running it
    twice writes nothing the second time. Ends with 1 when something could not be done, after all the rest.

    With `--config` one round is made over the repositories on forges, as `portico serve` does every few
    minutes; it serves without a server, from a timer, and beside one.
    """
    failures = list(_on_forges(config)) if config else []
    for repository in repositories or (() if config else (Path(),)):
        failures += _bare(repository)
    for failure in failures:
        click.echo(f"Error: {failure}", err=True)
    return 1 if failures else 0


def _bare(repository: Path) -> Iterator[str]:
    from bot.hooks.tick import tick  # noqa: PLC0415 `portico reconcile --help` needs no Git

    for failure in tick(repository):
        yield f"{repository}: {failure}"


def _on_forges(config: Path) -> Iterator[str]:
    from bot.cli.service import open_service  # noqa: PLC0415 `portico reconcile --help` needs none of it
    from bot.web.doors import doors  # noqa: PLC0415 the same
    from bot.web.meter import Uncounted  # noqa: PLC0415 the same
    from bot.web.round import go_round  # noqa: PLC0415 the same

    service = open_service(config)
    yield from go_round(doors(service.config, Uncounted()), service.config.workers, service.log)
