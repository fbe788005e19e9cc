"""`portico fn list`: the functions that are built in."""

import click

from bot.render.catalog import BUILT_IN, PREFIXES


@click.command()
def functions() -> None:
    """List the functions that are built in, and the images that stand for them."""
    for name in sorted(BUILT_IN):
        click.echo(name)
    click.echo(f"Images: {', '.join(PREFIXES)}", err=True)
