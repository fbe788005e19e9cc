"""Why functions did not do what was asked, told at the end."""

from collections.abc import Sequence

import click

from bot.packages.problem import Problem
from bot.render.failure import SAID, Failure

MOST = 50


def tell(failure: Failure | None, problems: Sequence[Problem]) -> None:
    """Print what is wrong: kpt's words for the first, and every problem with its place.

    A function that failed has said so already; `failure` is None when nothing could be run.
    """
    if failure is not None:
        if not failure.reason.endswith(SAID):
            click.echo(f"Error: {failure.reason}", err=True)
        return
    click.echo(f"Error: {problems[0]}", err=True)
    for problem in problems[1:MOST]:
        click.echo(f"  {problem}", err=True)
    if len(problems) > MOST:
        click.echo(f"  … and {len(problems) - MOST} more", err=True)
