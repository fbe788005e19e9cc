"""What is to become of several packages: planned first, then done, where one failure stops no other."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import click

from bot.cli.desk import Shelf, tell
from bot.cli.printable import printable
from bot.cli.progress import counted
from bot.cli.table import format_table
from bot.errors import UserError
from bot.git.client import Move
from bot.git.remote import Answer
from bot.lifecycle.person import Person
from bot.packages.merge.conflict import Conflict
from bot.packages.operations.content import MOST_TOLD
from bot.packages.operations.stopped import Stopped

UP_TO_DATE = "already up to date"
# Why is told below the tables, once and whole.
FAILED = "failed"


class Work(NamedTuple):
    """What is to be pushed: `write` makes the commit, `result` says of which draft, or onto what."""

    shelf: Shelf
    result: str
    write: Callable[[Person], Move]


class Step(NamedTuple):
    """One package revision of a plan: `work` is None where there is nothing to do, or an `error`."""

    name: str
    before: str = ""
    after: str = ""
    strategy: str = ""
    conflicts: tuple[Conflict, ...] = ()
    work: Work | None = None
    error: UserError | None = None

    def failed(self, error: UserError) -> "Step":
        """The same step, of which nothing came."""
        conflicts = error.conflicts if isinstance(error, Stopped) else self.conflicts
        return self._replace(conflicts=conflicts, work=None, error=error)


def plan(names: Sequence[str], what: str, one: Callable[[str], Step]) -> list[Step]:
    """Ask `one` for the step of each name, once; what it raises is the step's error."""
    steps = []
    with counted(what, len(names)) as advance:
        for name in dict.fromkeys(names):
            try:
                steps.append(one(name))
            except UserError as error:
                steps.append(Step(name, error=error))
            advance()
    return steps


def carry_out(steps: Sequence[Step], what: str, author: Person) -> list[Step]:
    """Write and push all that there is to do, each repository's in as few pushes as can be.

    Whatever ends it early, each draft is there whole, or not at all.
    """
    outcomes = list(steps)
    shelves: dict[str, dict[int, Work]] = {}
    for index, step in enumerate(steps):
        if step.work is not None:
            shelves.setdefault(step.work.shelf.registration.name, {})[index] = step.work
    with counted(what, sum(map(len, shelves.values()))) as advance:
        for works in shelves.values():
            for index, error in _carried_out(works, author, advance):
                outcomes[index] = steps[index].failed(error)
    return outcomes


def _carried_out(
    works: dict[int, Work], author: Person, advance: Callable[[], None]
) -> Iterator[tuple[int, UserError]]:
    """Write and push what is to go to one repository; yield what failed."""
    moves: dict[int, Move] = {}
    for index, work in works.items():
        try:
            moves[index] = work.write(author)
        except UserError as error:
            yield index, error
        advance()
    if not moves:
        return
    client = works[next(iter(moves))].shelf.client
    answers = client.push_each(list(moves.values()))
    lines = chain.from_iterable(answer.text.splitlines() for answer in answers if isinstance(answer, Answer))
    # What a server says of each of them in the same words is said once.
    tell(Answer("\n".join(dict.fromkeys(lines))))
    for index, answer in zip(moves, answers, strict=True):
        if isinstance(answer, UserError):
            yield index, answer


def plan_table(steps: Sequence[Step]) -> str:
    """What would be done, as a table."""
    rows = (
        (step.name, step.before or "-", step.after or "-", step.strategy or "-", _expected(step))
        for step in steps
    )
    return format_table([("PACKAGE REVISION", "FROM", "TO", "STRATEGY", "CONFLICTS"), *rows])


def outcome_table(steps: Sequence[Step], done: str) -> str:
    """What was done, as a table; `done` is its word, such as 'upgraded'."""
    return format_table(
        [("PACKAGE REVISION", "OUTCOME", "DETAIL"), *((step.name, *_outcome(step, done)) for step in steps)]
    )


def tell_conflicts(steps: Sequence[Step]) -> None:
    """Name what both sides had changed; of several packages, each with its name."""
    for step in steps:
        start = f"{step.name}: " if len(steps) > 1 else ""
        for conflict in step.conflicts[:MOST_TOLD] if not isinstance(step.error, Stopped) else ():
            click.echo(printable(f"{start}conflict: {conflict}"), err=True)


def tell_errors(steps: Sequence[Step]) -> int:
    """Say whole why steps failed, as porchctl does (facts: Porch §4); 1 when any did."""
    errors = [f"{step.name}: {step.error}" for step in steps if step.error is not None]
    if not errors:
        return 0
    lines = chain.from_iterable(error.splitlines() for error in errors)
    click.echo("Error: errors:\n" + "".join(f"  {printable(line)}\n" for line in lines), err=True, nl=False)
    return 1


def _expected(step: Step) -> str:
    if isinstance(step.error, Stopped):
        return str(len(step.conflicts))
    if step.error is not None:
        return FAILED
    return str(len(step.conflicts)) if step.work is not None else UP_TO_DATE


def _outcome(step: Step, done: str) -> tuple[str, str]:
    count = len(step.conflicts)
    conflicts = f"{count} {'conflict' if count == 1 else 'conflicts'}" if count else ""
    if step.error is not None:
        return FAILED, conflicts if isinstance(step.error, Stopped) else "-"
    if step.work is None:
        return "unchanged", UP_TO_DATE
    return done, ", ".join(filter(None, (step.work.result, conflicts)))
