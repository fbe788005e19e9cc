"""`portico action`: one round as a step of a GitHub workflow, or as a job of a GitLab pipeline."""

import os
from pathlib import Path

import click

from bot.action import job
from bot.action.run import perform, read_run
from bot.settings import read_settings

EPILOG = """\b
Examples:
  portico action
  portico action --branch main --directory packages
"""


@click.command(epilog=EPILOG)
@click.option("--branch", default="main", show_default=True, help="The registered branch.")
@click.option("--directory", default="", metavar="DIR", help="The folder with the packages.")
def action(*, branch: str, directory: str) -> int:
    """Do one round as a step of a GitHub workflow or a job of a GitLab pipeline: no server is needed.

    It reads the event that the workflow runs for, looks at the change that it names (at all of them after a
    schedule), renders, answers, publishes what was approved, and writes the outputs `state`, `package`,
    `revision`, `tag` and `changed`, a summary, and annotations. What a change brings along is never checked
    out, and only functions that are built in or that the policy names are run. In a pipeline of GitLab it
    prints what a step of GitHub's writes; run it there by a schedule, as README says.
    """
    settings = read_settings(os.environ)
    place = Path(os.environ.get("RUNNER_TEMP") or settings.cache) / "portico"
    if job.is_job(os.environ):
        return job.perform(job.read_job(os.environ, branch=branch, directory=directory, place=place))
    return perform(read_run(os.environ, branch=branch, directory=directory, place=place))
