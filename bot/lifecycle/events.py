"""What happened. Events name things; they never carry facts to decide from."""

from typing import NamedTuple

from bot.lifecycle.commands import Command
from bot.packages.naming import RevisionName


class Asked(NamedTuple):
    """Somebody asked for something, at whichever door."""

    command: Command


class Pushed(NamedTuple):
    """The draft's branch has a new head."""

    name: RevisionName


class Rendered(NamedTuple):
    """The pipeline ran at the draft's head, and what it changed is committed."""

    name: RevisionName


Event = Asked | Pushed | Rendered
