"""What a rendering may write: nothing where something else stands, and only what can be read again.

Paths are judged where resources are placed; here they meet the files that hold no resources.
"""

import posixpath
from collections.abc import Collection, Iterator, Mapping

from bot.errors import InvalidDocument
from bot.packages.documents import LIMITS
from bot.packages.kptfile import kptfile_in
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, KPTFILE, REGULAR, Files
from bot.render.hydration import may_hold_resources


def accept(changes: Mapping[str, bytes | None], files: Files, before: Collection[str]) -> None:
    """Look at `changes` of `files`, of which those in `before` held resources.

    Raises InvalidDocument for the first that would replace another file, a link, a submodule or a directory,
    that is larger than a file may be, or that is called a Kptfile and is none.
    """
    new = [path for path, data in changes.items() if data is not None and path not in before]
    if new:
        folders = {folder for path in (*files, *new) for folder in _above(path)}
        for path in new:
            _check_place(path, files, folders)
        for path in folders & (files.keys() | set(new)):
            raise InvalidDocument(
                f"Functions must not make files below {quoted(path)}, a file itself.", path=path
            )
    for path, data in changes.items():
        if data is not None:
            _check_size(path, data)
            # `fn eval` runs over Kptfiles of old versions too, which may stay what they are.
            if posixpath.basename(path) == KPTFILE and not (path in files and _fault(files[path].content)):
                _check_kptfile(path, data)


def _check_place(path: str, files: Files, folders: Collection[str]) -> None:
    if path in folders:
        raise InvalidDocument(
            f"Functions must not put a file in the place of the directory {quoted(path)}.", path=path
        )
    if path not in files:
        return
    # kpt writes over files that `.krmignore` names, too: they may be what a function made the last time.
    if files[path].mode not in (REGULAR, EXECUTABLE) or not may_hold_resources(path):
        raise InvalidDocument(
            f"Functions must not write over {quoted(path)}, which holds no resources; move one of the two.",
            path=path,
        )


def _check_size(path: str, data: bytes) -> None:
    if len(data) > LIMITS.bytes:
        raise InvalidDocument(
            f"Functions made {len(data)} bytes for this file, which could not be read again; it must have at "
            f"most {LIMITS.bytes}.",
            path=path,
        )
    documents = data.count(b"\n---\n") + 1
    if documents > LIMITS.documents:
        raise InvalidDocument(
            f"Functions put {documents} resources into this file, which could not be read again; it must "
            f"hold at most {LIMITS.documents}.",
            path=path,
        )


def _check_kptfile(path: str, data: bytes) -> None:
    fault = _fault(data)
    if fault:
        raise InvalidDocument(f"Functions made a Kptfile that could not be read again: {fault}", path=path)


def _fault(kptfile: bytes) -> str:
    try:
        kptfile_in(kptfile)
    except InvalidDocument as error:
        return error.reason
    return ""


def _above(path: str) -> Iterator[str]:
    """The directories in which a file stands."""
    while path := posixpath.dirname(path):
        yield path
