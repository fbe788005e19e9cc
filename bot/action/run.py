"""One round of a workflow's run, from its environment to its exit code."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import compose
from bot.action.advice import advice, no_followers
from bot.action.event import Where, read_event
from bot.action.preview import preview_summary, previews
from bot.action.report import (
    Round,
    annotations,
    listed,
    outputs,
    summary,
    write_outputs,
    write_summary,
)
from bot.attendant.attendant import Attendant
from bot.attendant.comparison import comparison
from bot.errors import Later, Moved, UserError
from bot.lifecycle import change_messages
from bot.lifecycle.state import Facts
from bot.packages.layout import Layout
from bot.packages.problem import Problem

TOKEN = "PORTICO_TOKEN"  # noqa: S105 the name of a variable
# GitHub's own variables (docs: "Variables reference"), and what `action.yml` sets beside them.
_NEEDED = ("GITHUB_REPOSITORY", TOKEN)
PATIENCE_SECONDS = 180  # in which what GitHub asks to wait for, or shows late, is waited for
PAUSE_SECONDS = 5
MOST_DIFFERENCE = 200_000  # characters of the difference in the summary


@dataclass(frozen=True, slots=True)
class Run:
    """A workflow's run, as its environment describes it; paths are None where nothing is to be written."""

    repository: str
    token: str
    where: Where
    layout: Layout
    api: str
    git: str
    place: Path
    output: Path | None = None
    summary: Path | None = None


def read_run(environ: Mapping[str, str], *, branch: str, directory: str, place: Path) -> Run:
    """Read a run's environment; raises UserError that names what is missing, and how it is set."""
    for name in _NEEDED:
        if not environ.get(name):
            raise UserError(
                f"{name} is not set; `portico action` runs as a step of a GitHub workflow, which sets "
                f"GITHUB_REPOSITORY, and is given a token: `env: {{{TOKEN}: ${{{{ github.token }}}}}}`."
            )
    repository = environ["GITHUB_REPOSITORY"]
    server = environ.get("GITHUB_SERVER_URL") or "https://github.com"
    return Run(
        repository,
        environ[TOKEN],
        read_event(environ.get("GITHUB_EVENT_NAME", ""), environ.get("GITHUB_EVENT_PATH", "")),
        Layout(branch, directory.strip("/")),
        environ.get("GITHUB_API_URL") or "https://api.github.com",
        f"{server.rstrip('/')}/{repository}.git",
        place,
        _path(environ.get("GITHUB_OUTPUT")),
        _path(environ.get("GITHUB_STEP_SUMMARY")),
    )


def perform(run: Run, pause: Callable[[float], None] = time.sleep) -> int:
    """Look where the event says, and tell what came of it; 1 when there is something to mend."""
    done = Round(notes=[change_messages.from_a_fork_here()]) if run.where.foreign else _round(run, pause)
    tell(run, outputs(done), summary(done), _problems(run, done))
    return 0 if done.is_well else 1


def perform_rendering(run: Run) -> int:
    """Render what a pull request changes, and write nothing; 1 when there is something to mend."""
    if not run.where.head:
        raise UserError("`mode: render` looks at a pull request; let the workflow run `on: pull_request`.")
    span = compose.span(_on_github(run), run.where.base, run.where.head)
    try:
        pages = previews(span, compose.renderer())
        problems = [problem for page in pages for problem in page.problems]
        told = preview_summary(pages)
    except UserError as error:
        problems = [Problem("", str(error))]
        told = f"{listed([str(error)])}\n"
    tell(run, outputs(Round()), told, problems)
    return 1 if problems else 0


def tell(run: Run, values: Mapping[str, str], text: str, problems: Iterable[Problem]) -> None:
    """Leave outputs, a summary and annotations where GitHub looks for them."""
    if run.output:
        write_outputs(run.output, values)
    if run.summary:
        write_summary(run.summary, text)
    for line in annotations(problems):
        sys.stdout.write(f"{line}\n")


def _on_github(run: Run) -> compose.OnGitHub:
    access = compose.GitHubAccess(run.token)
    return compose.OnGitHub(run.repository, access, run.layout, run.api, run.git, run.place)


def _round(run: Run, pause: Callable[[float], None]) -> Round:
    try:
        attendant = compose.on_github(_on_github(run))
    except UserError as error:
        return Round(failures=_explained([str(error)]))
    room = attendant.room
    before = room.branches.refs()
    facts: Facts | None = None
    failures: list[str] = []
    try:
        facts, failures = _patiently(lambda: _look(attendant, run.where), pause)
    except (Moved, Later) as error:
        failures = [f"{error} The next run does it."]
    except UserError as error:
        failures = [str(error)]
    room.branches.refresh()
    after = room.branches.refs()
    note = no_followers(room.forge.home().me) if after != before else ""
    difference = comparison(room, facts, MOST_DIFFERENCE) if facts is not None else ""
    return Round(facts, before, after, [note] if note else [], _explained(failures), difference)


def _patiently(
    look: Callable[[], tuple[Facts | None, list[str]]], pause: Callable[[float], None]
) -> tuple[Facts | None, list[str]]:
    """Look again after what passes by itself: nobody would start this run once more."""
    left = float(PATIENCE_SECONDS)
    while True:
        try:
            return look()
        except (Moved, Later) as error:
            seconds = (error.seconds if isinstance(error, Later) else 0) or PAUSE_SECONDS
            if seconds > left:
                raise
            left -= seconds
        pause(seconds)


def _look(attendant: Attendant, where: Where) -> tuple[Facts | None, list[str]]:
    """Where an event names nothing, everything is looked at: what other runs were too late for, too."""
    if where.number:
        return attendant.look(where.number), []
    if where.issue:
        attendant.look_at_issue(where.issue)
        return None, []
    if where.branch and (facts := attendant.look_at_branch(where.branch)):
        return facts, []
    return None, attendant.look_at_all()


def _explained(failures: list[str]) -> list[str]:
    return [f"{failure} {advice(failure)}".rstrip() for failure in failures]


def _problems(run: Run, done: Round) -> Iterator[Problem]:
    """Everything that a person must mend, by files of the repository."""
    yield from (Problem("", failure) for failure in done.failures)
    yield from done.policy_problems
    if done.facts is not None:
        directory = run.layout.full_path(done.facts.name.path)
        yield from (problem.below(directory) for problem in done.problems)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
