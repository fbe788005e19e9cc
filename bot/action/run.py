"""One round of a workflow's run, from its environment to its exit code."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import compose
from bot.action.event import Where, read_event
from bot.action.report import annotations, outputs, summary, write_outputs, write_summary
from bot.attendant.attendant import Attendant
from bot.errors import Later, UserError
from bot.lifecycle.state import Facts
from bot.packages.layout import Layout

TOKEN = "PORTICO_TOKEN"  # noqa: S105 the name of a variable
# GitHub's own variables (docs: "Variables reference"), and what `action.yml` sets beside them.
_NEEDED = ("GITHUB_REPOSITORY", TOKEN)


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


def perform(run: Run) -> int:
    """Look where the event says, and tell what came of it; 1 when something went wrong."""
    access = compose.GitHubAccess(run.token)
    attendant = compose.on_github(
        compose.OnGitHub(run.repository, access, run.layout, run.api, run.git, run.place)
    )
    room = attendant.room
    before = room.branches.refs()
    facts: Facts | None = None
    failures: list[str] = []
    try:
        facts, failures = _look(attendant, run.where)
    except Later as error:
        failures = [f"{error} The next run does it."]
    except UserError as error:
        failures = [str(error)]
    room.branches.refresh()
    if run.output:
        write_outputs(run.output, outputs(facts, before, room.branches.refs()))
    if run.summary:
        write_summary(run.summary, summary(facts, failures))
    _annotate(run, facts, failures)
    return 1 if failures else 0


def _look(attendant: Attendant, where: Where) -> tuple[Facts | None, list[str]]:
    """A run that was cancelled for a newer one is made up for: whatever came, drafts are looked at, too."""
    if where.number:
        return attendant.look(where.number), []
    if where.branch and (facts := attendant.look_at_branch(where.branch)):
        return facts, []
    return None, attendant.look_at_all()


def _annotate(run: Run, facts: Facts | None, failures: list[str]) -> None:
    lines = [f"::error::{failure}".replace("%", "%25").replace("\n", "%0A") for failure in failures]
    if facts is not None:
        directory = run.layout.full_path(facts.name.path)
        lines += annotations((*facts.problems, *facts.render_problems), directory)
    for line in lines:
        sys.stdout.write(f"{line}\n")


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
