"""A function as a command line calls it: what it is, its config, and what it is run over."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from bot.cli.fn_config import config_of, read_config
from bot.cli.fn_faults import tell
from bot.cli.fn_selection import selectors_of
from bot.cli.pflag import PflagCommand
from bot.errors import UserError
from bot.packages.documents import Node
from bot.packages.function import Function
from bot.packages.package import Files
from bot.packages.problem import Problem
from bot.packages.resource import Resource
from bot.render.hydration import resources_of

_WORDS = "portico.fn.words"


class CallCommand(PflagCommand):
    """A command of which all that stands behind `--` is the function's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the words behind the first `--` apart."""
        cut = args.index("--") if "--" in args else len(args)
        ctx.meta[_WORDS] = tuple(args[cut + 1 :])
        return super().parse_args(ctx, args[:cut])


def words_of(ctx: click.Context) -> tuple[str, ...]:
    """The words behind `--`; raises UserError where `--fn-config` was given, too."""
    words: tuple[str, ...] = ctx.meta[_WORDS]
    if words and ctx.params["fn_config"]:
        raise UserError(
            "The config must come from `--fn-config` or from the words after `--`, not from both."
        )
    return words


def function_of(params: Mapping[str, Any]) -> Function:
    """The function that the options name; raises UserError unless it is one image, or one executable."""
    image, executable = str(params["image"]), str(params["executable"])
    if not image and not executable:
        raise UserError("must specify --image or --exec")
    if image and executable:
        raise UserError("must specify only one of --image and --exec")
    selectors, exclude = selectors_of(params)
    return Function(image, executable, tag=str(params["tag"]), selectors=selectors, exclude=exclude)


def config_from(words: tuple[str, ...], file: Path | None) -> Node:
    """The function's config, from a file or from words."""
    return read_config(file) if file else config_of(words)


def readable_resources(files: Files, name: str, *, without: str = "") -> list[Resource]:
    """Every resource of a package called `name`, but those of the file `without`.

    Raises UserError when a file cannot be read, after each of them was told.
    """
    problems: list[Problem] = []
    items = resources_of(files, problems, without=without)
    if problems:
        tell(None, problems, name)
        raise UserError("Nothing was run: every file with resources must be readable; see above.")
    return items
