"""`portico forge`: the forges on which packages live."""

import click

from bot.cli.lazy_group import Entry, LazyGroup

COMMANDS = {
    "check": Entry("forge_check:check", "Say what is missing on GitHub or GitLab, and how to set it.")
}
EPILOG = """\b
Examples:
  portico forge check --config serve.yaml
  portico forge check --forge gitlab --repository acme/infra/packages
"""


@click.group(cls=LazyGroup, entries=COMMANDS, epilog=EPILOG)
def forge() -> None:
    """Look at repositories on GitHub and GitLab as portico sees them."""
