"""`portico pkg`: packages in folders, as `kpt pkg` handles them."""

import click

from bot.cli.lazy_group import Entry, LazyGroup

COMMANDS = {
    "get": Entry("pkg_get:get", "Get a package from a Git repository."),
    "update": Entry("pkg_update:update", "Merge what changed upstream into a package."),
    "diff": Entry("pkg_diff:diff", "Show what differs from upstream."),
    "init": Entry("pkg_init:init", "Make a folder a package."),
    "tree": Entry("pkg_tree:tree", "Draw what a package holds."),
}
EPILOG = """\b
Examples:
  portico pkg get https://git.example.com/team/blueprints.git/dns@v1
  portico pkg update dns@v2
  portico pkg diff dns
  portico pkg init networking/dns --description "our zones"
  portico pkg tree networking/dns
"""


@click.group(cls=LazyGroup, entries=COMMANDS, epilog=EPILOG)
def pkg() -> None:
    """Handle packages in folders, with kpt's arguments and messages."""
