"""Changes of a person's folder: all of them or none, and nothing that was edited meanwhile is lost."""

import os
import secrets
import signal
import stat
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

from bot.cli.folder import write_folder
from bot.errors import Refused, UserError
from bot.packages.naming import quoted
from bot.packages.package import File, Files
from bot.packages.placing import check_place

_BLOCK = 4096
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def write_changes(folder: Path, changes: Mapping[str, bytes | None], files: Files) -> None:
    """Write and delete files below `folder`: all of them, or none where any cannot be written.

    Each is written beside its place and renamed, so that nobody sees half of one; room for them all is found
    before, and what was written until one fails gets back what `files` say. Raises Refused for a path that
    lies behind a link, would leave the folder, or is not as it was when `files` were read; UserError where
    the disk does not take it. Ctrl-C waits until all is written.
    """
    made: list[Path] = []
    done: list[str] = []
    try:
        _check(folder, changes, files)
        size = 0
        for path, data in changes.items():
            if data is not None:
                _make_parents(folder / path, made)
                size += -(-len(data) // _BLOCK) * _BLOCK
        with _uninterrupted():
            _find_room(folder, size)
            _put_all(folder, changes, done)
            for path, data in changes.items():
                if data is None:
                    (folder / path).unlink(missing_ok=True)
    except OSError as error:
        outcome = _put_back(folder, done, files)
        why = error.strerror or str(error)
        raise UserError(f"{quoted(str(folder))} cannot be written: {why}; {outcome}.") from None
    finally:
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()  # those that are still empty


def write_file(place: Path, data: bytes) -> None:
    """Write one file as a whole: in the place of a link, and not through it. Raises OSError."""
    _put(str(place), str(place.with_name(_hidden())), data)


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that does not exist yet, and is not there before they all are."""
    refuse_existing(folder)
    write_folder(folder, {path: File(data) for path, data in files.items()})


def refuse_existing(folder: Path) -> None:
    """Raise Refused, in kpt's words, when the folder is there."""
    if folder.exists() or folder.is_symlink():
        raise Refused(f'directory "{folder}" already exists, please delete the directory and retry')


def _check(folder: Path, changes: Mapping[str, bytes | None], files: Files) -> None:
    """Refuse what is not ours to write, or has another content than what was rendered."""
    links: dict[str, bool] = {"": folder.is_symlink()}
    for path in changes:
        check_place(path, File(b""))
        place = path
        while place or links[""]:
            if place not in links:
                links[place] = (folder / place).is_symlink()
            if links[place]:
                raise Refused(f"{quoted(path)} lies behind a link, so nothing was written; remove the link.")
            place = place.rpartition("/")[0]
        now = _content(folder, path)
        if now != (files[path].content if path in files else None):
            raise Refused(
                f"{quoted(path)} was edited meanwhile, so nothing was written; run the command again."
            )


def _content(folder: Path, path: str) -> bytes | None:
    try:
        found = os.lstat(f"{folder}/{path}")
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode):
        raise Refused(f"{quoted(path)} is no file, so nothing was written; move what is there.")
    return (folder / path).read_bytes()


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


def _find_room(folder: Path, size: int) -> None:
    """Find out whether the disk takes so many bytes, by taking them and giving them back."""
    with TemporaryFile(dir=folder, prefix=".portico.") as reserve:
        if size:
            os.posix_fallocate(reserve.fileno(), 0, size)


def _put_all(folder: Path, changes: Mapping[str, bytes | None], done: list[str]) -> None:
    hidden = _hidden()
    for path, data in changes.items():
        if data is not None:
            parent = path.rpartition("/")[0]
            _put(f"{folder}/{path}", f"{folder}/{parent}/{hidden}", data)
            done.append(path)


def _hidden() -> str:
    """A name of nobody's; not named for the file, whose name may be as long as names can be."""
    return f".portico.{secrets.token_hex(6)}"


def _put(place: str, hidden: str, data: bytes) -> None:
    """Write one file under a hidden name, with the mode of the one that it replaces, and rename it."""
    # Thousands of files are written: by strings and numbers, which takes a third of the time of paths.
    file = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    try:
        try:
            with suppress(OSError):
                found = os.lstat(place)
                if stat.S_ISREG(found.st_mode):
                    os.fchmod(file, stat.S_IMODE(found.st_mode))
            left = memoryview(data)
            while left:
                left = left[os.write(file, left) :]
        finally:
            os.close(file)
        os.replace(hidden, place)  # noqa: PTH105 see above
    except BaseException:
        os.unlink(hidden)  # noqa: PTH108 see above
        raise


def _put_back(folder: Path, done: Sequence[str], files: Files) -> str:
    """Undo what was written; says what came of it."""
    try:
        for path in done:
            if path in files:
                (folder / path).write_bytes(files[path].content)
            else:
                (folder / path).unlink()
    except OSError:
        return f"{len(done)} files are written already, and could not be undone"
    return "nothing was changed"
