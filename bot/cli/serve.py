"""`portico serve`: the bot, which hears a forge's webhooks and looks at its changes."""

from pathlib import Path

import click

from bot.cli.printable import printable

EPILOG = """\b
Examples:
  portico serve --config /etc/portico/serve.yaml
  portico serve --config serve.yaml --failed     # what was given up, and why
"""


@click.command(epilog=EPILOG)
@click.option(
    "--config", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The settings, in YAML."
)
@click.option("--failed", is_flag=True, help="Only list what was given up, and why.")
def serve(*, config: Path, failed: bool) -> int:
    """Hear a forge's webhooks, and keep its changes and packages in step.

    POST /webhooks/github takes webhooks in; GET /healthz and /readyz tell of its health, /metrics is for
    Prometheus. What is to be done is kept in a file until it is done, so that the process can be ended, or
    killed, at any time: SIGTERM lets it end what it has begun. What no webhook told of is found by a look at
    everything every few minutes. It logs to standard error, as JSON lines when that is no terminal.
    """
    from bot.cli.service import open_service  # noqa: PLC0415 `portico serve --help` needs none of it
    from bot.web.doors import doors  # noqa: PLC0415 the same
    from bot.web.queue import given_up  # noqa: PLC0415 the same

    service = open_service(config)
    if failed:
        for line in given_up(service.config):
            click.echo(printable(line))
        return 0
    from bot.web.serve import serve as run  # noqa: PLC0415 its libraries come with an extra

    return run(service.config, doors, service.log)
