"""Why functions did not do what was asked, told at the end."""

from collections.abc import Sequence

import click

from bot.packages.problem import Problem
from bot.render.failure import SAID, Failure

MOST = 50


def tell(failure: Failure | None, problems: Sequence[Problem], package: str = "") -> None:
    """Print what is wrong: kpt's words for the first, where it has some, and every problem with its place.

    A function that failed has said so already; `failure` is None when nothing could be run. `package` is
    what the package is called.
    """
    if failure is not None:
        if not failure.reason.endswith(SAID):
            click.echo(f"Error: {failure.reason}", err=True)
        return
    words = next((problem.kpt_of(package) for problem in problems if problem.kpt), "")
    if words:
        click.echo(words if words.startswith("Error: ") else f"Error: {words}", err=True)
    for problem in problems[:MOST]:
        click.echo(f"{'' if words else 'Error: '}{problem}", err=True)
    if len(problems) > MOST:
        click.echo(f"  … and {len(problems) - MOST} more", err=True)
