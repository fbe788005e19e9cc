"""Changes that have come to rest, so that a tick asks only for those at which something happened since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.packages.layout import TAGS

EVERY = 12  # rounds in which each is looked at once: who may push or is in a team shows on no change


class Signs(NamedTuple):
    """What can be seen of a change without asking for it: its own signs, and those of the registered branch.

    `published` is the package's tree there, `policy` the policy file, `tags` are those of the package.
    """

    updated: str
    head: str
    published: str
    policy: bytes
    tags: tuple[str, ...] = ()


def tags_by_package(refs: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """The tags among refs, each with what it names, by the directory that its name says."""
    found: dict[str, list[str]] = {}
    for ref, oid in sorted(refs.items()):
        if ref.startswith(TAGS):
            found.setdefault(ref[len(TAGS) :].rpartition("/")[0], []).append(f"{ref} {oid}")
    return found


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
