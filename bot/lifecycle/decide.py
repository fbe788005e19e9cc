"""Command and facts in, effects out. The whole brain, and it touches nothing."""

from collections.abc import Iterable

from bot.lifecycle import messages
from bot.lifecycle.commands import OWN, Command
from bot.lifecycle.effects import Again, Effect, Finish, Refuse, Say
from bot.lifecycle.guards import Guard
from bot.lifecycle.state import Facts, Unfinished
from bot.lifecycle.transitions import BY_STATE_AND_COMMAND, possible


def decide(command: Command, facts: Facts) -> tuple[Effect, ...]:
    """What shall be done about `command`, as things stand."""
    if facts.unfinished:
        return _finish(command, facts, facts.unfinished)
    row = BY_STATE_AND_COMMAND.get((facts.lifecycle, type(command)))
    if row is None:
        # What the bot asks for by itself is not needed any more where things have moved on.
        return () if isinstance(command, OWN) else (_impossible(command, facts),)
    if refusal := first_objection(row.provided, command, facts):
        return tuple(row.otherwise(command, facts)) if row.otherwise else (Refuse(facts.name, refusal),)
    if row.meanwhile and first_objection(row.awaiting, command, facts):
        return tuple(row.meanwhile(command, facts))
    return tuple(row.then(command, facts))


def first_objection(guards: Iterable[Guard], command: Command, facts: Facts) -> str:
    """The first guard's sentence that says why not; '' when none objects."""
    return next(filter(None, (guard(command, facts) for guard in guards)), "")


def _impossible(command: Command, facts: Facts) -> Refuse:
    can = possible(facts.lifecycle)
    return Refuse(facts.name, messages.impossible(facts.name, command.word, facts.lifecycle, can))


def _finish(command: Command, facts: Facts, unfinished: Unfinished) -> tuple[Effect, ...]:
    """Complete what a crash cut short, then look at the command again."""
    return (
        Finish(facts.name, facts.head, unfinished),
        Say(facts.name, messages.finished(facts.name, unfinished.what)),
        Again(command),
    )
