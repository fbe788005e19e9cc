"""Event in, commands out."""

from typing import assert_never

from bot.lifecycle.commands import Command, Render
from bot.lifecycle.events import Asked, Event, Pushed, Rendered


def interpret(event: Event) -> tuple[Command, ...]:
    """The commands that an event amounts to, none when it needs nothing more."""
    match event:
        case Asked(command):
            return (command,)
        case Pushed(name):
            return (Render(name=name),)
        case Rendered(_):
            return ()
        case _:
            assert_never(event)
