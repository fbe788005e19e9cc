"""How an order is carried out by the house, and its refusal heard."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import Refused
from bot.lifecycle.commands import Command
from bot.lifecycle.events import Asked, Event, Pushed
from bot.lifecycle.state import Facts, Outcome
from bot.packages.naming import RevisionName
from bot.packages.problem import Problem
from bot.ports import Voice

# What the rendering of a revision came to: its problems, () when it went well, None when nobody knows.
Rendered = tuple[Problem, ...] | None


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


def settling(
    handle: Callable[[Event, Voice], None], facts: Callable[[RevisionName], Facts]
) -> Callable[[RevisionName], Rendered]:
    """Let `handle` bring an unpublished revision to rest, as a push does."""

    def settle(name: RevisionName) -> Rendered:
        handle(Pushed(name), Hearing())
        found = facts(name)
        return None if found.outcome is Outcome.NOT_YET else found.render_problems

    return settle
