"""`portico kubernetes`: package revisions as objects of a cluster."""

import click

from bot.cli.lazy_group import Entry, LazyGroup

COMMANDS = {
    "run": Entry("kubernetes_run:run", "Mirror registered repositories into a cluster, and take orders."),
}
EPILOG = """\b
Examples:
  portico kubernetes run --once
  kubectl get packagerevisions
"""


@click.group(cls=LazyGroup, entries=COMMANDS, epilog=EPILOG)
def kubernetes() -> None:
    """Show package revisions in a cluster as objects, and take orders from them."""
