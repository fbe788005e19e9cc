"""One round as a job of a GitLab pipeline, from its environment to its exit code."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import compose
from bot.action.event import Where
from bot.action.report import moved
from bot.attendant.attendant import Attendant
from bot.errors import Later, UserError
from bot.lifecycle.explain import explain
from bot.lifecycle.state import Facts
from bot.packages.layout import Layout, RefKind

TOKEN = "PORTICO_TOKEN"  # noqa: S105 the name of a variable
STILL = "No branch and no tag has moved."  # a merge request may have been opened or answered nevertheless
# GitLab's own variables: https://docs.gitlab.com/ci/variables/predefined_variables/
_NEEDED = ("CI_PROJECT_PATH", "CI_SERVER_URL", TOKEN)


@dataclass(frozen=True, slots=True)
class Job:
    """A pipeline's job, as its environment describes it."""

    project: str
    token: str
    url: str
    where: Where
    layout: Layout
    place: Path


def is_job(environ: Mapping[str, str]) -> bool:
    """Whether this runs in a pipeline of GitLab."""
    return bool(environ.get("GITLAB_CI"))


def read_job(environ: Mapping[str, str], *, branch: str, directory: str, place: Path) -> Job:
    """Read a job's environment; raises UserError that names what is missing, and how it is set."""
    for name in _NEEDED:
        if not environ.get(name):
            raise UserError(
                f"{name} is not set; `portico action` runs as a job of a GitLab pipeline, which sets "
                f"CI_PROJECT_PATH and CI_SERVER_URL, and is given a project's token as the protected and "
                f"masked variable {TOKEN}."
            )
    return Job(
        environ["CI_PROJECT_PATH"],
        environ[TOKEN],
        environ["CI_SERVER_URL"].rstrip("/"),
        _where(environ),
        Layout(branch, directory.strip("/")),
        place,
    )


def perform(job: Job) -> int:
    """Look where the pipeline runs, and tell what came of it; 1 when something went wrong."""
    git = f"{job.url}/{job.project}.git"
    attendant = compose.on_gitlab(
        compose.OnGitLab(job.project, job.token, job.layout, job.url, git, job.place)
    )
    branches = attendant.room.branches
    before = branches.refs()
    facts: Facts | None = None
    failures: list[str] = []
    try:
        facts, failures = _look(attendant, job.where)
        branches.refresh()
    except Later as error:
        failures = [f"{error} The next pipeline does it."]
    except UserError as error:
        failures = [str(error)]
    told = [explain(facts)] if facts is not None else []
    told += [*moved(before, branches.refs()), *failures]
    sys.stdout.writelines(f"{line}\n" for line in told or [STILL])
    return 1 if failures else 0


def _look(attendant: Attendant, where: Where) -> tuple[Facts | None, list[str]]:
    if where.number:
        return attendant.look(where.number), []
    if where.branch and (facts := attendant.look_at_branch(where.branch)):
        return facts, []
    return None, attendant.look_at_all()


def _where(environ: Mapping[str, str]) -> Where:
    number, branch = environ.get("CI_MERGE_REQUEST_IID", ""), environ.get("CI_COMMIT_BRANCH", "")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        return Where(int(number))
    return Where(branch=branch) if branch.startswith(f"{RefKind.DRAFT}/") else Where()
