"""A difference on standard output: in the form that was asked for, and in colours on a terminal."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import click

from bot.packages.difference import Difference, format_json, format_markdown, format_stat, format_text

TEXT, STAT = "text", "stat"
FORMS: Mapping[str, Callable[[Difference], str]] = {
    "json": format_json,
    "markdown": format_markdown,
    STAT: format_stat,
}
_COLOURS = {"added": "green", "removed": "red", "changed": "yellow", "hunk": "cyan"}
# By https://no-color.org.
_NO_COLOR = "NO_COLOR"


def color_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--color`, as Git has it."""
    return click.option(
        "--color",
        type=click.Choice(("auto", "always", "never")),
        default="auto",
        show_default=True,
        help="Whether lines are coloured; by default on a terminal, unless NO_COLOR is set.",
    )(command)


def show(found: Difference, output: str = TEXT, color: str = "auto") -> None:
    """Write the difference as `output`, 'text' or one of FORMS, says; secrets are masked in all of them."""
    if output in FORMS:
        click.echo(FORMS[output](found), nl=False)
        return
    wanted = color == "always" or (color == "auto" and not os.environ.get(_NO_COLOR))
    # Without a word about it, click takes colours away where there is no terminal.
    text = format_text(found, _styled) if wanted else format_text(found)
    click.echo(text, nl=False, color=True if color == "always" else None)


def _styled(role: str, line: str) -> str:
    return click.style(line, fg=_COLOURS.get(role), bold=role == "head" or None)
