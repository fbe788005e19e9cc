"""`portico explain`: what state a package revision is in, what is possible now, and what that waits for."""

import click

from bot.cli.desk import open_desk, warn
from bot.cli.names import complete_names
from bot.cli.namespace import namespace_option
from bot.lifecycle.commands import EXPLAIN

EPILOG = """\b
Example:
  portico explain blueprints.networking.dns.add-mx
"""


@click.command(epilog=EPILOG)
@click.argument("name", shell_complete=complete_names)
@namespace_option()
def explain(*, name: str, namespace: str) -> None:
    """Say what state the package revision NAME is in, what is possible now, and what each step waits for.

    The server answers, because it knows who approved; where it has no hooks, the repository alone is asked.
    """
    desk = open_desk(namespace)
    found = desk.find(name)
    revision, client = found.revision, found.shelf.client
    if client.has_hooks:
        click.echo(client.say(EXPLAIN, revision.name, revision.commit).text)
    else:
        warn(
            "The server has no hooks; without `portico hook install` there, nothing below can be asked of it."
        )
        from bot import compose  # noqa: PLC0415 `portico explain --help` needs none of the house
        from bot.lifecycle.explain import explain as explained  # noqa: PLC0415 and neither this

        facts = compose.gatherer(client.repository, client.layout).facts(revision.name)
        click.echo(explained(facts))
