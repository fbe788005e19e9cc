"""A package in a folder, rendered in place: what rendering needs is read, and nothing is half written."""

import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

import click

from bot.cli.folder import check_place
from bot.errors import Refused, UserError
from bot.packages.ignore import KRMIGNORE
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, REGULAR, File, Files
from bot.render.hydration import may_hold_resources

_GIT = ".git"
_BLOCK = 4096


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


def write_changes(folder: Path, changes: Mapping[str, bytes | None], before: Files | None = None) -> None:
    """Write and delete files below `folder`: all of them, or none where any cannot be written.

    Each is written beside its place and renamed, so that nobody sees half of one; room for them all is taken
    before. Where one fails even so, those before it get back what they held by `before`. Raises Refused for
    a path that lies behind a link or would leave the folder, UserError where the disk does not take it.
    """
    for path in changes:
        check_place(path, File(b""))
    _refuse_links(folder, changes)
    done: list[str] = []
    try:
        with _room(folder, sum(map(_blocks, changes.values()))):
            _put_all(folder, changes, done)
        for path, data in changes.items():
            if data is None:
                (folder / path).unlink(missing_ok=True)
    except OSError as error:
        outcome = _put_back(folder, done, before or {})
        why = error.strerror or str(error)
        raise UserError(f"{quoted(str(folder))} cannot be written: {why}; {outcome}.") from None


@contextmanager
def _room(folder: Path, size: int) -> Iterator[None]:
    """Find out whether the disk takes so many bytes, by taking them and giving them back."""
    with TemporaryFile(dir=folder, prefix=".portico-") as reserve:
        if size:
            os.posix_fallocate(reserve.fileno(), 0, size)
    yield


def _blocks(data: bytes | None) -> int:
    """What a file takes on a disk."""
    return -(-len(data) // _BLOCK) * _BLOCK if data else 0


def _put_all(folder: Path, changes: Mapping[str, bytes | None], done: list[str]) -> None:
    token = secrets.token_hex(6)
    root, parents = str(folder), {""}
    for path, data in changes.items():
        if data is None:
            continue
        parent, _, name = path.rpartition("/")
        if parent not in parents:
            (folder / parent).mkdir(parents=True, exist_ok=True)
            parents.add(parent)
        # It does not end as resources do: who looks into the folder now does not take it for one.
        hidden = f"{root}/{parent}/.{name}.{token}" if parent else f"{root}/.{name}.{token}"
        _put(f"{root}/{path}", hidden, data)
        done.append(path)


def _put(place: str, hidden: str, data: bytes) -> None:
    file = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    try:
        try:
            with suppress(FileNotFoundError):
                os.fchmod(file, stat.S_IMODE(os.stat(place).st_mode))  # noqa: PTH116 a thousand times, and strings are quicker
            left = memoryview(data)
            while left:
                left = left[os.write(file, left) :]
        finally:
            os.close(file)
        os.replace(hidden, place)  # noqa: PTH105 see above
    except BaseException:
        os.unlink(hidden)  # noqa: PTH108 see above
        raise


def _put_back(folder: Path, done: Sequence[str], before: Files) -> str:
    """Undo what was written; says what came of it."""
    try:
        for path in done:
            if path in before:
                (folder / path).write_bytes(before[path].content)
            else:
                (folder / path).unlink()
    except OSError:
        return f"of the changes, {len(done)} file(s) were written and could not be undone"
    return "nothing was changed"


def _refuse_links(folder: Path, paths: Iterable[str]) -> None:
    links: dict[str, bool] = {}
    for path in paths:
        place = path
        while place:
            if place not in links:
                links[place] = (folder / place).is_symlink()
            if links[place]:
                raise Refused(f"{quoted(path)} lies behind a link, so nothing was written; remove the link.")
            place = place.rpartition("/")[0]


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that does not exist yet."""
    refuse_existing(folder)
    folder.mkdir(parents=True)
    write_changes(folder, files)


def refuse_existing(folder: Path) -> None:
    """Raise Refused, in kpt's words, when the folder is there."""
    if folder.exists() or folder.is_symlink():
        raise Refused(f'directory "{folder}" already exists, please delete the directory and retry')


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Paths from the folder, and places."""

    def complain(error: OSError) -> None:
        raise error

    for here, directories, names in os.walk(folder, onerror=complain):
        directories[:] = [name for name in directories if name != _GIT]
        prefix = os.path.relpath(here, folder) + "/" if here != str(folder) else ""
        for name in names:
            yield prefix + name, Path(here) / name
