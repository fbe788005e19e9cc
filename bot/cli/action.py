"""`portico action`: one round as a step of a GitHub workflow."""

import os
from pathlib import Path

import click

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
    """Do one round as a step of a GitHub workflow, which needs no server of yours.

    It reads the event that the workflow runs for, looks at the change that it names (at all of them after a
    schedule), renders, answers, publishes what was approved, and writes the outputs `state`, `package`,
    `revision`, `tag` and `changed`, a summary, and annotations. What a change brings along is never checked
    out, and only functions that are built in or that the policy names are run.
    """
    settings = read_settings(os.environ)
    place = Path(os.environ.get("RUNNER_TEMP") or settings.cache) / "portico"
    return perform(read_run(os.environ, branch=branch, directory=directory, place=place))
