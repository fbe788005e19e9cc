"""A file that a process holds locked for as long as it lives, so that others can tell that it is gone."""

import fcntl
from pathlib import Path
from uuid import uuid4


class Presence:
    """`me` names this process beside `path`; the kernel unlocks the file when it ends, or is killed."""

    def __init__(self, path: Path) -> None:
        self.me = uuid4().hex
        self._path = path
        self._file = self._of(self.me).open("x")
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

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

    def _of(self, name: str) -> Path:
        return self._path.with_name(f"{self._path.name}.{name}")
