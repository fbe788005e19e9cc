"""Several names at once: what came of each, in porchctl's words, and one exit code for all."""

from collections.abc import Callable, Iterable

import click

from bot.errors import UserError


def each(names: Iterable[str], command: Callable[[str], str]) -> int:
    """Run `command` for every name and print the line it returns ('' for none); 1 when any failed.

    A failure of one stops none of the others (facts: Porch §4).
    """
    failures = []
    for name in names:
        try:
            line = command(name)
        except UserError as error:
            reason = str(error)
            failures.append(reason.replace("\n", "\n  "))
            # What takes several lines is said whole at the end.
            first = reason.partition("\n")[0]
            click.echo(f"{name} failed ({first})", err=True)
        else:
            if line:
                click.echo(line)
    if failures:
        click.echo("Error: errors:\n" + "".join(f"  {failure}\n" for failure in failures), err=True, nl=False)
    return int(bool(failures))
