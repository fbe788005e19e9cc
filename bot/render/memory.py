"""Renderings remembered by what went in, in a folder that may be deleted at any time.

What cannot be read as it was written, or cannot be written, costs time and nothing else.
"""

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO

from bot.packages.package import Files
from bot.packages.rendering import Rendering
from bot.render.record import UTF8, decode, encode

MOST_BYTES = 256 * 1024 * 1024
_BLOCK = 4096  # what a file takes on a disk, however short it is
_SUFFIX = ".rendering"
_LEDGER = "room"  # how many bytes are taken, in decimal; whoever writes holds its lock
_DIGITS = 20


def key_of(files: Files | str, parts: Iterable[bytes | str] = ()) -> str:
    """The key, in hex, of a rendering of these files, or of the Git tree with this id.

    `parts` is whatever else decides how it comes out: versions of functions, limits, habits. Files and their
    tree have different keys.
    """
    digest = sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode(*UTF8)
        digest.update(b"%c%d:%s" % (b"b" if isinstance(part, bytes) else b"s", len(data), data))
    if isinstance(files, str):
        digest.update(b"t" + files.encode(*UTF8))
        return digest.hexdigest()
    for path, (content, mode) in sorted(files.items()):
        name = path.encode(*UTF8)
        digest.update(b"f%d:%d:%o:%s" % (len(name), len(content), mode, name))
        digest.update(content)
    return digest.hexdigest()


class Memory:
    """The renderings in one folder, which is its owner's alone; together they take at most `most_bytes`.

    Any number of processes may share it. Neither method raises an OSError, nor waits for another process.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most = most_bytes

    def recall(self, key: str) -> Rendering | None:
        """What was remembered under a key; None when there is nothing, or it is not as it was written."""
        path = self._path(key)
        try:
            # Whatever else lies there under the name is not followed, and not waited for.
            number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(number, "rb") as file:
                data = file.read() if self._is_ours(file) else b""
        except OSError:
            return None
        rendering = decode(key, data)
        if rendering is not None:
            with contextlib.suppress(OSError):
                os.utime(path)  # what was used longest ago is forgotten first
        return rendering

    def remember(self, key: str, rendering: Rendering) -> None:
        """Keep a rendering for the next time; those that were used longest ago make room for it.

        It is not kept when the disk is full, when another process is just writing, or when it holds other
        than plain values.
        """
        data = encode(key, rendering)
        if data is not None and _room(len(data)) <= self._most:
            with contextlib.suppress(OSError):
                self._store(self._path(key), data)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"

    def _is_ours(self, file: IO[bytes]) -> bool:
        found = os.fstat(file.fileno())
        return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_size <= self._most

    def _store(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self._folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return  # whoever put something else there chose whose mode we would change
        if stat.S_IMODE(found.st_mode) != 0o700:
            self._folder.chmod(0o700)
        with _temporary(self._folder, data) as temporary, _locked(self._folder / _LEDGER) as ledger:
            used = self._used(ledger) + _room(len(data))
            if used > self._most:
                used = self._sweep(temporary, len(data)) + _room(len(data))
            # Before the file is there: dying in between makes the next sweep come early, not late.
            os.pwrite(ledger, b"%0*d" % (_DIGITS, used), 0)
            if used <= self._most:
                temporary.replace(path)

    def _used(self, ledger: int) -> int:
        """How many bytes are taken; all, so that they are counted, where nobody knows."""
        text = os.pread(ledger, _DIGITS, 0)
        return int(text) if text.isdigit() else self._most

    def _sweep(self, newest: Path, size: int) -> int:
        """Forget what was used longest ago until a quarter is free besides `newest`; how many bytes are left.

        What processes that died have left half written goes the same way.
        """
        entries = []
        for entry in os.scandir(self._folder):
            if entry.name.endswith(_SUFFIX) and entry.name != newest.name:
                with contextlib.suppress(FileNotFoundError):
                    found = entry.stat(follow_symlinks=False)
                    entries.append((found.st_mtime_ns, entry.path, _room(found.st_size)))
        left = sum(room for _, _, room in entries)
        for _, path, room in sorted(entries):
            if left + _room(size) <= self._most * 3 // 4:
                break
            with contextlib.suppress(OSError):
                Path(path).unlink(missing_ok=True)
                left -= room
        return left


def _room(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


@contextlib.contextmanager
def _temporary(folder: Path, data: bytes) -> Iterator[Path]:
    """A file of its own with this content, gone afterwards unless it was renamed."""
    number, name = tempfile.mkstemp(prefix=".", suffix=_SUFFIX, dir=folder)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The descriptor of a file that is this process's alone for now.

    Raises BlockingIOError when it is another's: one rendering less is cheaper than waiting.
    """
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield number
    finally:
        os.close(number)
