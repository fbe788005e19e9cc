"""Groups whose commands are imported when they are run, so that `--help` answers at once."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from bot.packages.naming import quoted


class Entry(NamedTuple):
    """One command: `place` is '<module of bot.cli>:<attribute>', `help` its line in the group's help."""

    place: str
    help: str
    aliases: tuple[str, ...] = ()


class LazyGroup(click.Group):
    """A group that knows of its commands only names, aliases and one line of help each."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **kwargs: Any) -> None:  # noqa: ANN401 what click takes
        super().__init__(*args, **kwargs)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 click's signature
        entry = self.entries.get(cmd_name) or next(
            (entry for entry in self.entries.values() if cmd_name in entry.aliases), None
        )
        if entry is None:
            return None
        module, _, attribute = entry.place.partition(":")
        command: click.Command = getattr(import_module(f"bot.cli.{module}"), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say of a word that is no command which ones there are."""
        if not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None and args[0][:1] != "-":
            ctx.fail(f"No such command {quoted(args[0])}; {self._instead(args[0])}")
        return super().resolve_command(ctx, args)

    def _instead(self, word: str) -> str:
        known = [name for key, entry in self.entries.items() for name in (key, *entry.aliases)]
        if near := get_close_matches(word, known, 1):
            return f"did you mean `{near[0]}`?"
        return f"there are {', '.join(f'`{name}`' for name in self.entries)}."

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 click's signature
        rows = [(", ".join((name, *entry.aliases)), entry.help) for name, entry in self.entries.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names come from the list, so that pressing the tab key imports nothing."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            CompletionItem(name, help=entry.help)
            for name, entry in self.entries.items()
            if name.startswith(incomplete)
        ]
