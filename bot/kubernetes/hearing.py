"""How an order is carried out by the house, and its refusal heard."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import Refused
from bot.lifecycle.commands import Command
from bot.lifecycle.events import Asked, Event
from bot.packages.naming import RevisionName
from bot.ports import Voice


@dataclass(slots=True)
class Hearing:
    """A voice that keeps what was refused."""

    refused: list[str] = field(default_factory=list)

    def say(self, name: RevisionName, text: str) -> None:
        """Keep nothing: what was done shows in the object itself."""

    def refuse(self, name: RevisionName, text: str) -> None:  # noqa: ARG002 a Voice; the text names it
        self.refused.append(text)


def asking(handle: Callable[[Event, Voice], None]) -> Callable[[Command], None]:
    """Let `handle` carry commands out; what it refuses is raised as Refused."""

    def ask(command: Command) -> None:
        hearing = Hearing()
        handle(Asked(command), hearing)
        if hearing.refused:
            raise Refused("\n".join(hearing.refused))

    return ask
