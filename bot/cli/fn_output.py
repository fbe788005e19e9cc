"""Where the outcome of functions goes when it is not written back: standard output, or a new folder."""

import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import click

from bot.cli.folder_changes import refuse_existing, write_file, write_new
from bot.errors import UserError
from bot.packages.krm_list import format_documents, format_resource_list
from bot.packages.naming import quoted
from bot.packages.rendering import Step
from bot.packages.resource import Resource
from bot.render.place import place
from bot.render.report import format_results
from bot.render.written import by_path

STDOUT, UNWRAP = "stdout", "unwrap"
RESULTS = "results.yaml"


def check_output(output: str | None) -> None:
    """Refuse a folder that is there already, before anything runs."""
    if output and output not in {STDOUT, UNWRAP}:
        refuse_existing(Path(output))


def check_results(folder: Path | None) -> None:
    """Refuse a folder for results that cannot be one, before anything runs."""
    if folder is not None and folder.exists() and not folder.is_dir():
        raise UserError(f"{quoted(str(folder))} is a file; `--results-dir` must name a folder.")


def write_output(output: str, items: Iterable[Resource]) -> None:
    """Write the items where `output` says: 'stdout' as a ResourceList, 'unwrap' plain, else into a folder."""
    if output == STDOUT:
        _print(format_resource_list(items))
    elif output == UNWRAP:
        _print(format_documents(items))
    else:
        write_items(Path(output), items)


def write_items(folder: Path, items: Iterable[Resource]) -> None:
    """Write every item to its file in a new folder."""
    placed = list(items)
    place(placed, "")
    write_new(folder, {path: format_documents(group) for path, group in by_path(placed).items()})


def write_results(
    folder: Path | None, steps: Sequence[Step], directories: Collection[str], exit_code: int
) -> None:
    """Write `results.yaml` into the folder, if one was asked for, and say where it is."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_file(folder / RESULTS, format_results(steps, directories, exit_code))
    except OSError as error:
        raise UserError(f"{quoted(str(folder))} cannot be written: {error.strerror}.") from None
    click.echo(f"For complete results, see {folder / RESULTS}", err=True)


def _print(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
