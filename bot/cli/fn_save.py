"""`portico fn eval --save`: the function that was run, as an entry of the Kptfile's pipeline."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from bot.cli.folder_changes import write_changes
from bot.errors import UserError
from bot.packages.documents import emit, parse
from bot.packages.function import Function
from bot.packages.kptfile import kptfile_of
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE, File
from bot.packages.pipeline_entry import add_function


def saving_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Whether the function is saved, and as what."""
    kinds = click.Choice(("mutator", "validator"))
    command = click.option("-t", "--type", "kind", type=kinds, help="As what it is saved.")(command)
    return click.option("-s", "--save", "saved", is_flag=True, help="Add it to the Kptfile's pipeline.")(
        command
    )


def save_function(folder: Path, function: Function, kind: str) -> None:
    """Add the function to the Kptfile in `folder`; all else there stays as it is."""
    place = folder / KPTFILE
    if not place.is_file():
        click.echo(f"There is no Kptfile in {quoted(str(folder))}: function not added.", err=True)
        return
    before = place.read_bytes()
    documents = parse(before, path=str(place))
    kptfile_of(documents[0], path=str(place))
    replaced = add_function(documents[0], function, kind)
    write_changes(folder, {KPTFILE: emit(documents, wide=None)}, {KPTFILE: File(before)})
    verb = "Updated" if replaced else "Added"
    click.echo(f'{verb} "{function.image or function.exec}" as {kind} in the Kptfile.', err=True)


def configured(folder: Path, function: Function, words: Sequence[str], config: Path | None) -> Function:
    """The function with its config; raises UserError for one of a form that a Kptfile cannot hold."""
    if config is not None:
        path = os.path.relpath(config.resolve(), folder.resolve())
        if path.startswith(".."):
            raise UserError(
                f"{quoted(str(config))} lies outside of the package, so the Kptfile cannot name it; move it."
            )
        return function._replace(config_path=path)
    pairs = [word.partition("=") for word in words]
    if any(not equals for _, equals, _ in pairs):
        raise UserError("A config of a kind of its own must be a file to be saved; use `--fn-config`.")
    return function._replace(config_map=tuple((key, value) for key, _, value in pairs))
