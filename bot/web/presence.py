"""A file that a process holds locked for as long as it lives, so that others can tell that it is gone."""

import fcntl
import re
from pathlib import Path
from typing import TextIO
from uuid import uuid4

NAME = re.compile(r"\.[0-9a-f]{32}")


class Presence:
    """`me` names this process beside `path`; the kernel unlocks the file when it ends, or is killed.

    What the dead left behind is removed.
    """

    def __init__(self, path: Path) -> None:
        self.me = uuid4().hex
        self._path = path
        self._file = self._locked()
        for other in path.parent.glob(f"{path.name}.*"):
            if NAME.fullmatch(other.suffix):
                self.is_gone(other.suffix[1:])

    def is_gone(self, other: str) -> bool:
        """Whether the process of that name has ended, or was never here."""
        if other == self.me:
            return False
        try:
            with self._of(other).open("r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return True
        except OSError:
            return False  # it is held, or cannot be asked: then time tells
        self._of(other).unlink(missing_ok=True)
        return True

    def close(self) -> None:
        self._of(self.me).unlink(missing_ok=True)
        self._file.close()

    def _locked(self) -> TextIO:
        """Until it is locked, another process may take the file for that of a dead one and remove it."""
        while True:
            file = self._of(self.me).open("x")
            fcntl.flock(file, fcntl.LOCK_EX)
            if self._of(self.me).exists():
                return file
            file.close()

    def _of(self, name: str) -> Path:
        return self._path.with_name(f"{self._path.name}.{name}")
