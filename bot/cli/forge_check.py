"""`portico forge check`: what is missing on GitHub or GitLab for portico's work, and how to set it."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from bot.cli.extras import lacking
from bot.cli.forge_target import FORGES, Named, checkup_of, read_target
from bot.cli.printable import printable
from bot.errors import UserError
from bot.lifecycle.finding import Checkup

WELL, WRONG, UNREAD = 0, 1, 2
EPILOG = """\b
Examples:
  portico forge check --config serve.yaml --url https://bot.example.com
  PORTICO_TOKEN=… portico forge check --forge github --repository acme/packages
  portico forge check -o json                # in a workflow or pipeline, as `portico action` runs there
"""


class _Check(click.Command):
    """Ends with 2 for arguments that cannot be understood, since 1 says something of a repository."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:  # noqa: ANN401 what click takes
        try:
            return super().make_context(*args, **more)
        except click.UsageError as error:
            error.show()
            raise click.exceptions.Exit(UNREAD) from None


@click.command(cls=_Check, epilog=EPILOG)
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="The settings of `portico serve`."
)
@click.option("--repository", "names", multiple=True, metavar="NAME", help="Check this one; may be repeated.")
@click.option("--forge", type=click.Choice(FORGES), help="Without --config: where it is.")
@click.option("--server", default="", metavar="URL", help="Without --config: the forge's address.")
@click.option("--branch", default="main", show_default=True, help="Without --config: the registered branch.")
@click.option(
    "--directory", default="", metavar="DIR", help="Without --config: the folder with the packages."
)
@click.option("--url", default="", metavar="URL", help="Where the forge reaches `portico serve`.")
@click.option("--json", "as_json", is_flag=True, help="The same as `-o json`.")
@click.option("-o", "--output", type=click.Choice(("json",)), help="Output format; lines when not given.")
def check(
    *, config: Path | None, names: tuple[str, ...], url: str, as_json: bool, output: str | None, **named: str
) -> int:
    """Say what is missing on GitHub or GitLab for portico's work, why it matters, and how to set it.

    Looks at the credentials and what they may do, the branch and its policy, the webhook and its last
    deliveries, and at what protects branches, merges and tags. It only reads. Without --config it checks one
    repository, with the token in PORTICO_TOKEN, and takes from the environment of a workflow or pipeline
    what no option says.

    Ends with 0 when nothing stops the work, with 1 when something does, and with 2 when that cannot be said.
    """
    try:
        found = list(_of_settings(config, names, url) if config else _of_one(names, url, Named(**named)))
    except UserError as error:
        click.echo(f"Error: {printable(str(error))}", err=True)
        return UNREAD
    except ModuleNotFoundError as error:
        if not (sentence := lacking(error)):
            raise
        click.echo(f"Error: {sentence}", err=True)
        return UNREAD
    (_write_json if as_json or output else _write_lines)(found)
    if any(checkup.unread for checkup in found):
        return UNREAD
    return WRONG if any(checkup.is_wrong for checkup in found) else WELL


def _of_settings(config: Path, names: tuple[str, ...], url: str) -> Iterator[Checkup]:
    from bot.cli.service import open_service  # noqa: PLC0415 `portico forge check --help` needs none of it
    from bot.web.checkups import checkups, patterns  # noqa: PLC0415 the same

    settings = open_service(config).config
    hidden = [] if names else patterns(settings)
    if hidden:
        named = ", ".join(f"'{pattern}'" for pattern in hidden)
        click.echo(f"Not checked: what {named} lets in; name each by `--repository`.", err=True)
    yield from checkups(settings, names, url)


def _of_one(names: tuple[str, ...], url: str, named: Named) -> Iterator[Checkup]:
    for name in names or ("",):
        yield checkup_of(read_target(os.environ, name, named), url)


def _write_lines(found: Sequence[Checkup]) -> None:
    for checkup in found:
        click.echo(printable(f"{checkup.repository} on {checkup.forge}"))
        for finding in checkup.findings:
            click.echo(printable(f"  {finding.grade:<8} {finding.subject}: {finding}"))
        if checkup.unread:
            click.echo(printable(f"  unread   {checkup.unread}"))


def _write_json(found: Sequence[Checkup]) -> None:
    listed = [
        {
            **checkup._asdict(),
            "forge": checkup.forge.lower(),
            "findings": [finding._asdict() for finding in checkup.findings],
        }
        for checkup in found
    ]
    click.echo(json.dumps({"repositories": listed}, indent=2, ensure_ascii=False))
