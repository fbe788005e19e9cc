"""Changes and issues at rest, so that a tick asks only for those at which something happened since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.lifecycle.issue import IssueAt
from bot.packages.layout import TAGS

LOOKS = 2  # at an issue, each time that it changed
EVERY = 12  # rounds in which each is looked at once: who may push or is in a team shows on no change


class Signs(NamedTuple):
    """What can be seen of a change without asking for it: its own signs, and those of the registered branch.

    `published` is the package's tree there, `policy` the policy file, `tags` are those of the package;
    `together` are the branches of drafts at its commit.
    """

    updated: str
    head: str
    published: str
    policy: bytes
    tags: tuple[str, ...] = ()
    together: tuple[str, ...] = ()


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
    heard: dict[int, tuple[str, int]] = field(default_factory=dict)  # issues, by when they changed; and looks

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

    def due(self, issues: Sequence[IssueAt]) -> Sequence[IssueAt]:
        """Those to look at, forgetting what is not listed any more.

        Each is twice: in the very second of the first look something more may have been said.
        """
        self.heard = {one.number: self._looks_at(one) for one in issues}
        return [one for one in issues if self.heard[one.number][1] < LOOKS]

    def listen(self, issue: IssueAt) -> None:
        """Remember a look at an issue."""
        updated, looks = self._looks_at(issue)
        self.heard[issue.number] = (updated, looks + 1)

    def _looks_at(self, issue: IssueAt) -> tuple[str, int]:
        updated, looks = self.heard.get(issue.number, ("", 0))
        return (issue.updated, looks if updated == issue.updated else 0)

    def remember(self, number: int, signs: Signs) -> None:
        self.known[number] = signs
