"""Why functions did not do what was asked, told at the end."""

from collections.abc import Sequence

import click

from bot.cli.printable import printable
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
            _say(f"Error: {failure.reason}")
        return
    words = next((problem.kpt_of(package) for problem in problems if problem.kpt), "")
    if words:
        _say(words if words.startswith("Error: ") else f"Error: {words}")
    for problem in problems[:MOST]:
        _say(f"{'' if words else 'Error: '}{problem}")
    if len(problems) > MOST:
        _say(f"  … and {len(problems) - MOST} more")


def _say(text: str) -> None:
    click.echo(printable(text), err=True)
