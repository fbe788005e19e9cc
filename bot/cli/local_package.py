"""A package in a folder, rendered in place: what rendering needs is read, and nothing is half written."""

import os
import signal
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from bot.cli.folder import check_place, write_folder
from bot.errors import Refused, UserError
from bot.packages.ignore import KRMIGNORE
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, REGULAR, File, Files
from bot.render.hydration import may_hold_resources

_GIT = ".git"
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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


def write_changes(folder: Path, changes: Mapping[str, bytes | None], files: Files) -> None:
    """Write and delete files below `folder`: all of them, or none where any cannot be written.

    Raises Refused for a path that lies behind a link, would leave the folder, or is not as it was when
    `files` were read; UserError where the disk does not take it. Ctrl-C waits until all is written.
    """
    ready: list[tuple[Path, Path]] = []
    made: list[Path] = []
    written = 0
    try:
        for path in changes:
            _check(folder, path, files)
        for path, data in changes.items():
            if data is not None:
                _make_parents(folder / path, made)
                ready.append((_beside(folder / path, data), folder / path))
        with _uninterrupted():
            for path in changes:
                _check(folder, path, files)
            for new, place in ready:
                new.replace(place)
                written += 1
            for path, data in changes.items():
                if data is None:
                    (folder / path).unlink(missing_ok=True)
                    written += 1
    except OSError as error:
        left = f"{written} of {len(changes)} files are written already" if written else "nothing was changed"
        why = error.strerror or str(error)
        raise UserError(f"{quoted(str(folder))} cannot be written: {why}; {left}.") from None
    finally:
        for new, _ in ready:
            new.unlink(missing_ok=True)
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()  # those that are still empty


def write_file(place: Path, data: bytes) -> None:
    """Write one file as a whole: in the place of a link, and not through it. Raises OSError."""
    new = _beside(place, data)
    try:
        new.replace(place)
    finally:
        new.unlink(missing_ok=True)


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that does not exist yet, and is not there before they all are."""
    refuse_existing(folder)
    write_folder(folder, {path: File(data) for path, data in files.items()})


def refuse_existing(folder: Path) -> None:
    """Raise Refused, in kpt's words, when the folder is there."""
    if folder.exists() or folder.is_symlink():
        raise Refused(f'directory "{folder}" already exists, please delete the directory and retry')


def _check(folder: Path, path: str, files: Files) -> None:
    """Refuse what is not ours to write, or has another content than what was rendered."""
    check_place(path, File(b""))
    if any((folder / parent).is_symlink() for parent in (Path(path), *Path(path).parents)):
        raise Refused(f"{quoted(path)} lies behind a link, so nothing was written; remove the link.")
    place = folder / path
    if place.exists() and not place.is_file():
        raise Refused(f"{quoted(path)} is no file, so nothing was written; move what is there.")
    now = place.read_bytes() if place.exists() else None
    if now != (files[path].content if path in files else None):
        raise Refused(f"{quoted(path)} was edited meanwhile, so nothing was written; run the command again.")


def _make_parents(place: Path, made: list[Path]) -> None:
    """Make the directories above a file that are not there, and note which."""
    missing = []
    for parent in place.parents:
        if parent.exists():
            break
        missing.append(parent)
    for parent in reversed(missing):
        parent.mkdir(exist_ok=True)
        made.append(parent)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let signals that ask to end wait for a moment: half of the files would be new, and half old.

    Blocking them would not do: another thread could be the one that hears.
    """
    heard: list[int] = []
    is_main = threading.current_thread() is threading.main_thread()
    before = {
        number: signal.signal(number, lambda number, _: heard.append(number))
        for number in (_ENDING if is_main else ())
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for first in heard[:1]:
            signal.raise_signal(first)


def _beside(place: Path, data: bytes) -> Path:
    """Write `data` next to where it belongs, so that one rename puts it there."""
    mode = stat.S_IMODE(place.lstat().st_mode) if place.is_file() and not place.is_symlink() else 0o644
    # Not named for the file: its name may be as long as names can be.
    with NamedTemporaryFile(dir=place.parent, prefix=".portico.", delete=False) as new:
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
