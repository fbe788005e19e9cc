"""A registered repository as it can be read and prepared here, wherever it really is.

One on this machine is read where it lies, with nothing copied; one elsewhere is read in a mirror. What is to
be pushed is always written into the mirror, never into a repository that is somebody's. A mirror is
disposable: one that is broken is made anew, and deleting it costs only time.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

import pygit2

from bot.errors import TransportFailed, UserError
from bot.git.refs import common_directory
from bot.git.remote import fetch, list_refs
from bot.git.repository import open_repository
from bot.git.turns import turn
from bot.packages.naming import quoted
from bot.packages.registration import is_path


@dataclass(frozen=True)
class Mirror:
    """The repository at `url`; `place` is a directory for the mirror alone, made when it is needed."""

    url: str
    place: Path

    @property
    def git_dir(self) -> Path:
        """The directory of `writing`, in which `git push` finds what to push."""
        return Path(self.writing.path)

    @property
    def settings(self) -> Path | None:
        """The file of Git's settings that holds the credentials, None while there is no mirror."""
        file = self._bare / "config"
        return file if file.exists() else None

    @cached_property
    def reading(self) -> pygit2.Repository:
        """Open the repository that says what there is; raises NotFound or UserError for a local one."""
        local = _local_path(self.url)
        return open_repository(local) if local else self.writing

    @cached_property
    def writing(self) -> pygit2.Repository:
        """Open the mirror, to write what will be pushed; it knows all objects that `reading` knows."""
        try:
            repository = open_repository(self._bare)
        except UserError:
            with turn(self.place):
                repository = self._anew()
        if self.is_local:
            # Git's own way to look into another repository for objects: gitrepository-layout(5).
            repository.odb.add_disk_alternate(self._objects())
            with self.kept():
                self._note_alternate()
        return repository

    @property
    def is_local(self) -> bool:
        """Whether `url` is on this machine."""
        return bool(_local_path(self.url))

    def refresh(self) -> None:
        """Bring what `reading` shows up to date; raises TransportFailed, NotFound or UserError."""
        if self.is_local:
            self.__dict__.pop("reading", None)
            _ = self.reading
            return
        git_dir = self.git_dir
        with turn(self.place):
            try:
                fetch(git_dir, self.url)
            except TransportFailed:
                # If this fails too, the mirror is not to blame.
                list_refs(self.url, "HEAD", settings=self._bare / "config")
                self._anew()
                fetch(git_dir, self.url)
        self.__dict__.pop("writing", None)
        self.__dict__.pop("reading", None)

    def _anew(self) -> pygit2.Repository:
        """Make a new mirror, with the credentials that the old one held."""
        signed_in = self._signed_in()
        shutil.rmtree(self._bare, ignore_errors=True)
        with self.kept():
            made = pygit2.init_repository(str(self._bare), bare=True)
            (self._bare / "config").chmod(0o600)
            for name, value in signed_in.items():
                made.config[name] = value
            return made

    def _signed_in(self) -> dict[str, str]:
        try:
            held = pygit2.Config(str(self._bare / "config"))
            return {one.name: one.value for one in held if one.value and one.name.startswith("http.")}
        except (OSError, pygit2.GitError):
            return {}

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Raise UserError where what is done cannot be written: a full disk is no fault of ours."""
        try:
            yield
        except (pygit2.GitError, OSError) as error:
            raise UserError(
                f"The cache {quoted(str(self.place))} cannot be written: {error}; make room there, or set "
                "PORTICO_HOME."
            ) from None

    @property
    def _bare(self) -> Path:
        return self.place / "mirror.git"

    def _objects(self) -> Path:
        return Path(common_directory(self.reading), "objects").resolve()

    def _note_alternate(self) -> None:
        """Tell the `git` program, too, where the objects are."""
        note = self._bare / "objects" / "info" / "alternates"
        text = f"{self._objects()}\n"
        if not note.exists() or note.read_text("utf-8") != text:
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(text, "utf-8")


def _local_path(url: str) -> str:
    """Take the path out of a path or a `file:///` URL; '' for everything that is elsewhere."""
    if is_path(url):
        return url
    return unquote(url.removeprefix("file://")) if url.startswith("file:///") else ""
