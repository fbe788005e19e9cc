"""Orders to a repository whose own server decides: said to it, as a person says them."""

from bot.errors import Refused
from bot.git.client import Client
from bot.lifecycle import cluster_messages
from bot.lifecycle.commands import Command, Propose, ProposeDeletion
from bot.lifecycle.events import Asked, Event

# The server would take whoever pushes for the one who decides, and that is us.
ANYBODYS = (Propose, ProposeDeletion)


def say_to(client: Client, event: Event) -> None:
    """Push the word of what was asked; raises Refused with the server's reason, and TransportFailed."""
    if isinstance(event, Asked):
        command: Command = event.command
        if not isinstance(command, ANYBODYS):
            raise Refused(cluster_messages.ask_the_server(command))
        client.say(command.word, command.name, command.at)
