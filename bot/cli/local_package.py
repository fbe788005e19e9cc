"""A package in a folder, as far as rendering needs it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import click

from bot.errors import UserError
from bot.packages.ignore import KRMIGNORE
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, REGULAR, File, Files
from bot.render.hydration import may_hold_resources

_GIT = ".git"


def resolved(folder: Path) -> Path:
    """The folder itself where a link was named, of which people are told as kpt tells them."""
    place = folder.absolute()
    if place.is_symlink():
        real = place.resolve()
        shown = os.path.relpath(real)
        click.echo(
            f'[WARN] resolved symlink "{folder}" to "{shown}", please note that the symlinks within the '
            "package are ignored",
            err=True,
        )
        return real
    return Path(os.path.normpath(place))


def read_package(folder: Path) -> Files:
    """The regular files below `folder`; those that hold no resources are there by name only.

    Links are left out, as kpt does. Raises UserError for what cannot be read.
    """
    if not folder.is_dir():
        raise UserError(f"{quoted(str(folder))} is no folder; name the folder of a package.")
    files: dict[str, File] = {}
    try:
        for path, place in _files(folder):
            mode = place.lstat().st_mode
            if stat.S_ISREG(mode):
                needed = may_hold_resources(path) or place.name == KRMIGNORE
                content = place.read_bytes() if needed else b""
                files[path] = File(content, EXECUTABLE if mode & stat.S_IXUSR else REGULAR)
    except OSError as error:
        raise UserError(f"{quoted(str(error.filename))} cannot be read: {error.strerror}.") from None
    return files


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Paths from the folder, and places."""

    def complain(error: OSError) -> None:
        raise error

    for here, directories, names in os.walk(folder, onerror=complain):
        directories[:] = [name for name in directories if name != _GIT]
        prefix = os.path.relpath(here, folder) + "/" if here != str(folder) else ""
        for name in names:
            yield prefix + name, Path(here) / name
