"""Commands on many packages: which are meant, what is planned for them, whether to go on, what came of it."""

import functools
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

import click

from bot.cli.author import author
from bot.cli.desk import Found
from bot.cli.names import complete_names, complete_repositories
from bot.cli.plan import Step, carry_out, outcome_table, plan, plan_table, tell_conflicts, tell_errors
from bot.cli.stock import Stock
from bot.errors import InvalidName, UserError
from bot.packages.address import same_repository
from bot.packages.kptfile import Kptfile, read_kptfile
from bot.packages.naming import quoted
from bot.packages.source import directory_path

# Which of the revisions that are there a command is for, where none are named.
Candidates = Callable[[Found], bool]


class Words(NamedTuple):
    """What a command says of its work: 'Upgrading', 'Upgrade', 'upgraded', and a line for a single one."""

    doing: str
    do: str
    done: str
    line: str


class Bulk(NamedTuple):
    """What a person said of which packages they mean, and of how to go on."""

    names: tuple[str, ...]
    repository: str | None
    labels: tuple[str, ...]
    upstream: str | None
    everything: bool
    dry_run: bool
    yes: bool

    @property
    def selects(self) -> bool:
        """Whether packages are meant by what they are, and not by their names."""
        return not self.names

    def check(self) -> None:
        """Raise UserError where it is not said which packages are meant, or twice."""
        conditions = bool(self.repository or self.labels or self.upstream or self.everything)
        if self.names and conditions:
            raise UserError(
                "Either name packages or select them by --repository, --label, --upstream or --all, not both."
            )
        if not self.names and not conditions:
            raise UserError(
                "Name a package, or select some by --repository, --label or --upstream, or take --all."
            )
        if self.selects and not (self.dry_run or self.yes or sys.stdin.isatty()):
            raise UserError(
                "There is nobody to ask here; look at the plan with --dry-run first, then say --yes."
            )


def bulk_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add the names and options that a Bulk is made of, which is given as `bulk`."""
    options = (
        click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_names),
        click.option(
            "--repository",
            metavar="NAME",
            shell_complete=complete_repositories,
            help="Select packages of this repository.",
        ),
        click.option(
            "-l",
            "--label",
            "labels",
            multiple=True,
            metavar="KEY=VALUE",
            help="Select packages whose Kptfile has this label.",
        ),
        click.option("--upstream", metavar="NAME", help="Select packages that follow this package."),
        click.option("--all", "everything", is_flag=True, help="Select all packages."),
        click.option("--dry-run", is_flag=True, help="Show the plan, and change nothing."),
        click.option("-y", "--yes", is_flag=True, help="Do not ask before changing what was selected."),
    )

    @functools.wraps(function)
    def gathered(**values: object) -> int:
        bulk = Bulk._make(values.pop(name) for name in Bulk._fields)
        if not values.get("discover"):
            bulk.check()
        return function(bulk=bulk, **values)

    for option in reversed(options):
        gathered = option(gathered)
    return gathered


def run(bulk: Bulk, stock: Stock, words: Words, candidates: Candidates, one: Callable[[str], Step]) -> int:
    """Plan with `one`, ask where that is due, and do it; the exit code."""
    whole = True
    names: Sequence[str] = bulk.names
    if bulk.selects:
        whole, names = _selected(bulk, stock, candidates)
    elif len(names) > 1:
        _read_all(stock, names)
    steps = plan(names, words.doing, one)
    if len(names) == 1 and not bulk.selects:
        return _run_one(bulk, steps[0], words)
    if not steps:
        click.echo("No packages were selected.", err=True)
        return int(not whole)
    tell_conflicts(steps)
    count = sum(step.work is not None for step in steps)
    if bulk.dry_run or count:
        click.echo(plan_table(steps), nl=False, err=not bulk.dry_run)
    if not bulk.dry_run and count:
        if bulk.selects and not bulk.yes and not _agreed(f"{words.do} {count}?", steps):
            return 1
        steps = carry_out(steps, words.doing, author())
    if not bulk.dry_run:
        click.echo(outcome_table(steps, words.done), nl=False)
    return tell_errors(steps) or int(not whole)


def _agreed(question: str, steps: Sequence[Step]) -> bool:
    """Ask a person who was told why some of what they selected cannot be done."""
    tell_errors(steps)
    return click.confirm(question, err=True)


def _run_one(bulk: Bulk, step: Step, words: Words) -> int:
    """One package that was named: in porchctl's words."""
    tell_conflicts([step])
    if step.error is not None:
        raise step.error
    if bulk.dry_run:
        click.echo(plan_table([step]), nl=False)
        return 0
    if step.work is None:
        click.echo(f"{step.name} is already up to date", err=True)
        return 0
    (done,) = carry_out([step], words.doing, author())
    if done.error is not None:
        raise done.error
    click.echo(words.line.format(name=step.name, result=step.work.result))
    return 0


def _read_all(stock: Stock, names: Sequence[str]) -> None:
    """Read at once what would be read one by one; what cannot be is said of each name."""
    wanted = {name.partition(".")[0] for name in names}
    stock.open([one for one in stock.registrations() if one.name in wanted])


def _selected(bulk: Bulk, stock: Stock, candidates: Candidates) -> tuple[bool, list[str]]:
    """The names of what is meant; False when a repository could not be read."""
    registrations = stock.registrations([bulk.repository] if bulk.repository else [])
    labels = [_label(text) for text in bulk.labels]
    followed = stock.find(bulk.upstream) if bulk.upstream else None
    whole = stock.read(registrations)
    items = filter(candidates, stock.all(registrations))
    return whole, [item.name for item in items if _is_meant(item, labels, followed)]


def _is_meant(item: Found, labels: Sequence[tuple[str, str]], followed: Found | None) -> bool:
    if not labels and followed is None:
        return True
    kptfile = _kptfile_of(item)
    if kptfile is None or any(kptfile.labels.get(key) != value for key, value in labels):
        return False
    return followed is None or _follows(kptfile, followed)


def follows_any(item: Found) -> bool:
    """Whether a package says that it follows another, or cannot be read, which is not to be passed over."""
    kptfile = _kptfile_of(item)
    return kptfile is None or (kptfile.upstream is not None and bool(kptfile.upstream.repo))


def _kptfile_of(item: Found) -> Kptfile | None:
    try:
        return read_kptfile(item.shelf.client.kptfile(item.revision))
    except UserError:
        return None


def _follows(kptfile: Kptfile, followed: Found) -> bool:
    upstream, registration = kptfile.upstream, followed.shelf.registration
    if upstream is None or not same_repository(upstream.repo, registration.url):
        return False
    try:
        return directory_path(upstream.directory) == registration.layout.full_path(followed.revision.path)
    except InvalidName:
        return False


def _label(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise UserError(f"The label {quoted(text)} must be written KEY=VALUE.")
    return key, value
