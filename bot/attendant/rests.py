"""Changes that have come to rest, so that a tick asks only for those at which something happened since."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

EVERY = 12  # rounds in which each is looked at once: who may push or is in a team shows on no change


class Signs(NamedTuple):
    """What can be seen of a change without asking for it: its own signs, and those of the registered branch.

    `published` is the package's tree there, `policy` the policy file.
    """

    updated: str
    head: str
    published: str
    policy: bytes


@dataclass(slots=True)
class Rests:
    """Remembers in this process; a new one looks at everything once."""

    known: dict[int, Signs] = field(default_factory=dict)
    rounds: int = 0

    def begin_round(self, numbers: Collection[int], *, anew: bool) -> None:
        """Forget what is not among `numbers` any more, and with `anew` those whose turn it is."""
        if anew:
            self.rounds += 1
        listed = set(numbers)
        for number in [*self.known]:
            is_due = anew and number % EVERY == self.rounds % EVERY
            if is_due or number not in listed:
                del self.known[number]

    def is_at_rest(self, number: int, signs: Signs) -> bool:
        return self.known.get(number) == signs

    def remember(self, number: int, signs: Signs) -> None:
        self.known[number] = signs
