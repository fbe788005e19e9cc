"""`portico explain`: what state a package revision is in, what is possible now, and what that waits for."""

import click

from bot.cli.desk import open_desk
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
    found = open_desk(namespace).find(name)
    client = found.shelf.client
    if client.has_hooks:
        answer = client.say(EXPLAIN, found.revision.name, found.revision.commit)
        click.echo(answer.text or answer.reason)
    else:
        click.echo(client.explain(found.revision.name))
