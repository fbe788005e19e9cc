"""What a look's end means for it: done, put back for a while, or given up."""

from dataclasses import dataclass

from bot.errors import AccessDenied, Later, Moved, NotFound, NotRun, TransportFailed, UserError, WorkerFailed

# With the pauses below, half an hour passes before a look is given up.
MOST_TRIES = 10
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 600.0
# A forge that asks to wait is believed, but not for ever, and not with a number that is none.
LONGEST_REST = 3600.0
SHORTEST_REST = 1.0
UNSAID_REST = 30.0
# What may be well again by itself. NotFound: forges tell of a change before they can show it.
PASSING = (TransportFailed, Moved, NotFound, NotRun, WorkerFailed, OSError)


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do."""

    word: str = "done"


@dataclass(frozen=True, slots=True)
class Rest:
    """The forge asks to leave its repository alone for so many seconds; this is no failure."""

    seconds: float
    word: str = "later"


@dataclass(frozen=True, slots=True)
class Again:
    """It failed, and is tried again after so many seconds."""

    seconds: float
    word: str = "failed"


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It failed for good, or until somebody mends something."""

    word: str = "given_up"


Outcome = Done | Rest | Again | GiveUp


def outcome(error: Exception | None, tries: int, chance: float) -> Outcome:
    """Judge a look that ended with `error`, None for none, after `tries` that had failed before.

    `chance`, from 0 to 1, spreads pauses, so that what failed together does not come back together.
    """
    if error is None:
        return Done()
    if isinstance(error, Later):
        return Rest(min(max(SHORTEST_REST, error.seconds or UNSAID_REST), LONGEST_REST) + chance)
    # A person must mend the rest of UserError, and whoever mends it is heard; what nobody expected may pass.
    passing = isinstance(error, PASSING) or not isinstance(error, UserError)
    if not passing or tries + 1 >= MOST_TRIES:
        return GiveUp()
    pause = min(FIRST_PAUSE * 2**tries, LONGEST_PAUSE)
    return Again(pause * (1 + chance) / 2)


def is_denial(error: Exception | None) -> bool:
    """Whether the forge did not take our credentials."""
    return isinstance(error, AccessDenied)
