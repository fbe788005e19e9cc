"""A package in a folder, rendered in place: what rendering needs is read, and nothing is half written."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from bot.cli.folder import check_place
from bot.errors import Refused, UserError
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


def write_changes(folder: Path, changes: Mapping[str, bytes | None]) -> None:
    """Write and delete files below `folder`: all of them, or none where any cannot be written.

    Raises Refused for a path that lies behind a link or would leave the folder, UserError where the disk
    does not take it.
    """
    for path in changes:
        check_place(path, File(b""))
        if any((folder / parent).is_symlink() for parent in (Path(path), *Path(path).parents)):
            raise Refused(f"{quoted(path)} lies behind a link, so nothing was written; remove the link.")
    ready: list[tuple[Path, Path]] = []
    try:
        for path, data in changes.items():
            if data is not None:
                ready.append((_beside(folder / path, data), folder / path))
        for new, place in ready:
            new.replace(place)
        for path, data in changes.items():
            if data is None:
                (folder / path).unlink(missing_ok=True)
    except OSError as error:
        why = f"{error.strerror or error}"
        raise UserError(f"{quoted(str(folder))} cannot be written: {why}; nothing was changed.") from None
    finally:
        for new, _ in ready:
            new.unlink(missing_ok=True)


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that does not exist yet."""
    refuse_existing(folder)
    folder.mkdir(parents=True)
    write_changes(folder, files)


def refuse_existing(folder: Path) -> None:
    """Raise Refused, in kpt's words, when the folder is there."""
    if folder.exists() or folder.is_symlink():
        raise Refused(f'directory "{folder}" already exists, please delete the directory and retry')


def _beside(place: Path, data: bytes) -> Path:
    """Write `data` next to where it belongs, so that one rename puts it there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o644
    with NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", delete=False) as new:
        try:
            new.write(data)
            new.flush()
            os.fchmod(new.fileno(), mode)
        except BaseException:
            Path(new.name).unlink()
            raise
    return Path(new.name)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Paths from the folder, and places."""

    def complain(error: OSError) -> None:
        raise error

    for here, directories, names in os.walk(folder, onerror=complain):
        directories[:] = [name for name in directories if name != _GIT]
        prefix = os.path.relpath(here, folder) + "/" if here != str(folder) else ""
        for name in names:
            yield prefix + name, Path(here) / name
