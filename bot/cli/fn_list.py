"""`portico fn list`: the functions that are built in."""

import click

from bot.cli.table import format_table
from bot.render.catalog import BUILT_IN, PLUGINS
from bot.render.image import CATALOG
from bot.render.versions import CONTRIBUTED, CONTRIBUTED_HOME, HOMES, PUBLISHED

EPILOG = """\b
Examples:
  portico fn list
  portico fn list --images        each image that stands for one, for scripts
"""


@click.command(epilog=EPILOG)
@click.option("--images", is_flag=True, help="Print the images, one in each line.")
def functions(*, images: bool) -> None:
    """List the functions that are built in, with the versions that they answer to.

    They answer to these names in kpt's catalog; any other image, digest or version is run in a container,
    where that is allowed, and never by one of these.
    """
    if images:
        for name in BUILT_IN:
            for home in _homes(name):
                click.echo(home + name)
        return
    rows = [("NAME", "VERSIONS"), *((name, ", ".join(_versions(name))) for name in sorted(BUILT_IN))]
    click.echo(format_table(rows), nl=False)
    for image in PLUGINS.names():
        click.echo(f"{image}   (installed beside Portico)")
    click.echo(f"\nA name alone stands for {CATALOG}NAME; {HOMES[1]}NAME is answered too.", err=True)


def _versions(name: str) -> list[str]:
    minors = {".".join(version.split(".")[:2]) for version in PUBLISHED.get(name, ())}
    return [*(f"v{minor}.x" for minor in sorted(minors)), "latest"] if name in PUBLISHED else ["(kpt's own)"]


def _homes(name: str) -> tuple[str, ...]:
    if name not in PUBLISHED:
        return ("",)
    return (*HOMES, CONTRIBUTED_HOME) if name in CONTRIBUTED else HOMES
