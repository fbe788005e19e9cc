"""Names that the shell offers when a person presses the tab key."""

import click
from click.shell_completion import CompletionItem

from bot.cli.desk import listed, open_desk
from bot.errors import UserError


def complete_names(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of package revisions as last looked at: the tab key must not wait for a network."""
    try:
        found = listed(open_desk().remembered())
        return [CompletionItem(item.name) for item in found if item.name.startswith(incomplete)]
    except UserError:
        return []


def complete_repositories(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of registered repositories."""
    try:
        found = open_desk().registry.read().found
    except UserError:
        return []
    return [CompletionItem(one.name) for one in found if one.name.startswith(incomplete)]
