"""A package's files in a folder: written without ever leaving it, and read back byte for byte."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

from bot.errors import Refused, UserError
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, LINK, REGULAR, File, Files
from bot.packages.placing import check_place

METADATA = ".KptRevisionMetadata"
_GIT = ".git"


def write_folder(folder: Path, files: Files) -> None:
    """Make `folder` hold exactly `files`; it must not exist, and does not when anything is refused.

    Raises InvalidName for a path or link that leads out of it, Refused when it exists.
    """
    if folder.exists() or folder.is_symlink():
        raise Refused(f"The folder {quoted(str(folder))} must not exist yet; name another one, or remove it.")
    for path, file in files.items():
        check_place(path, file)
    unfinished = ""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = mkdtemp(prefix=f".{folder.name}.", dir=folder.parent)
        # Links come last, so that no file is written through one.
        for path, file in sorted(files.items(), key=lambda item: item[1].mode == LINK):
            _write(Path(unfinished) / path, file)
        Path(unfinished).chmod(0o755)
        Path(unfinished).rename(folder)
    except OSError as error:
        raise UserError(f"The folder {quoted(str(folder))} cannot be written: {error.strerror}.") from None
    finally:
        if unfinished:
            shutil.rmtree(unfinished, ignore_errors=True)


def update_folder(folder: Path, old: Files, new: Files) -> list[str]:
    """Bring a folder that holds `old` to `new`; returns the paths that changed.

    Raises Refused, having changed nothing, when somebody has edited it meanwhile.
    """
    if read_folder(folder) != old:
        raise Refused("it was edited meanwhile")
    changed = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    for path in changed:
        if path in new:
            check_place(path, new[path])
        if any((folder / parent).is_symlink() for parent in Path(path).parents):
            raise Refused(f"{quoted(path)} lies behind a link")
    for path in changed:
        (folder / path).unlink(missing_ok=True)
        if path in new:
            _write(folder / path, new[path])
    return changed


def read_folder(folder: Path) -> Files:
    """Every file below `folder`, links as links, without Git's own files and `.KptRevisionMetadata`.

    Raises UserError for what cannot be read or is neither file, link nor folder.
    """
    if not folder.is_dir():
        raise UserError(f"{quoted(str(folder))} is not a folder; name one that a package was written to.")
    try:
        files = {path: _read(folder / path) for path in _paths(folder)}
    except OSError as error:
        raise UserError(f"{quoted(str(error.filename))} cannot be read: {error.strerror}.") from None
    for path, file in files.items():
        check_place(path, file)
    return files


def _write(place: Path, file: File) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if file.mode == LINK:
        place.symlink_to(os.fsdecode(file.content))
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(place, flags, 0o755 if file.mode == EXECUTABLE else 0o644), "wb") as new:
        new.write(file.content)


def _paths(folder: Path) -> Iterator[str]:
    for here, directories, names in os.walk(folder, onerror=_complain):
        prefix = "" if Path(here) == folder else Path(here).relative_to(folder).as_posix() + "/"
        links = [name for name in directories if (Path(here) / name).is_symlink()]
        directories[:] = sorted(name for name in directories if name != _GIT and name not in links)
        for name in sorted((*names, *links)):
            if name != _GIT and prefix + name != METADATA:
                yield prefix + name


def _complain(error: OSError) -> None:
    raise error


def _read(place: Path) -> File:
    mode = place.lstat().st_mode
    if stat.S_ISLNK(mode):
        return File(os.fsencode(place.readlink()), LINK)
    if not stat.S_ISREG(mode):
        raise UserError(f"{quoted(str(place))} is neither file, link nor folder; remove it.")
    return File(place.read_bytes(), EXECUTABLE if mode & stat.S_IXUSR else REGULAR)
