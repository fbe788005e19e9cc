"""`portico sync`: what a cluster's GitOps engine takes, pinned to published revisions."""

import click

from bot.cli.lazy_group import Entry, LazyGroup

COMMANDS = {
    "create": Entry("sync_create:create", "Pin a package for an engine, or move its pin."),
    "get": Entry("sync_get:get", "List pins, and which of them are behind.", ("ls", "list")),
    "update": Entry("sync_update:update", "Move pins that follow the latest revision to it."),
    "delete": Entry("sync_delete:delete", "Take pins away.", ("del",)),
}
EPILOG = """\b
Examples:
  portico sync create blueprints.networking.dns.v1 --engine flux --dry-run
  portico sync create blueprints.networking.dns --latest --engine argocd --target-namespace dns
  portico sync get
  portico sync update --all
"""


@click.group(cls=LazyGroup, entries=COMMANDS, epilog=EPILOG)
def sync() -> None:
    """Let Config Sync, Flux or Argo CD take packages into a cluster, each at one published revision.

    A pin is the engine's own object (or two of them): it names the tag of a revision, with Flux its commit
    too, and the package's directory. What is no longer published, or not yet, is never pinned.
    """
