"""`portico action`: one round as a step of a GitHub workflow, or as a job of a GitLab pipeline."""

import os
from pathlib import Path

import click

from bot.action import job
from bot.action.run import perform, perform_rendering, read_run
from bot.errors import Refused
from bot.settings import read_settings

EPILOG = """\b
Examples:
  portico action
  portico action --branch main --directory packages
  portico action --mode render
"""

LIFECYCLE, RENDER = "lifecycle", "render"


@click.command(epilog=EPILOG)
@click.option("--branch", default="main", show_default=True, help="The registered branch.")
@click.option("--directory", default="", metavar="DIR", help="The folder with the packages.")
@click.option(
    "--mode",
    type=click.Choice((LIFECYCLE, RENDER)),
    default=LIFECYCLE,
    show_default=True,
    help="`render` only renders what a pull request changes, and writes nothing.",
)
def action(*, branch: str, directory: str, mode: str) -> int:
    """Do one round as a step of a GitHub workflow or a job of a GitLab pipeline: no server is needed.

    It reads the event that the workflow runs for, looks at the change that it names (at all of them after a
    schedule), renders, answers, publishes what was approved, and writes the outputs `state`, `package`,
    `revision`, `tag` and `changed`, a summary, and annotations. What a change brings along is never checked
    out, and only functions that are built in or that the policy names are run. With `--mode render` it only
    validates and renders, in memory, the packages that a pull request changes, and shows their difference.
    In a pipeline of GitLab it prints how things stand; run it there by a schedule, as README says.
    """
    settings = read_settings(os.environ)
    place = Path(os.environ.get("RUNNER_TEMP") or settings.cache) / "portico"
    if job.is_job(os.environ):
        if mode == RENDER:
            raise Refused("`--mode render` is for workflows of GitHub; leave it out in a pipeline of GitLab.")
        return job.perform(job.read_job(os.environ, branch=branch, directory=directory, place=place))
    run = read_run(os.environ, branch=branch, directory=directory, place=place)
    return perform_rendering(run) if mode == RENDER else perform(run)
