"""Files at rest: those that a pipeline leaves as they are, so that they need not be run again."""

import posixpath
from collections.abc import Iterable, Mapping
from hashlib import sha256

from bot.errors import UserError
from bot.packages.function import Function
from bot.packages.ignore import KRMIGNORE
from bot.packages.kptfile import read_kptfile
from bot.packages.package import EXECUTABLE, KPTFILE, REGULAR, File, Files, package_directories
from bot.packages.rendering import Rendering
from bot.render.hydration import may_hold_resources
from bot.render.memory import Memory, key_of
from bot.render.versions import resolve

# What they make of a resource depends on nothing but it and their config.
EACH = frozenset(
    {
        "apply-setters",
        "delete-annotations",
        "kubeconform",
        "kubeval",
        "no-op",
        "search-replace",
        "set-annotations",
        "set-enforcement-action",
        "set-image",
        "set-labels",
        "set-namespace",
    }
)
# With these, set-namespace looks at other resources too; a backslash may spell them in a way of its own.
_TIES = (b"depends-on", b"upstream-identifier", b"\\")
_MOST = 0.5  # of the files: where more have changed, all are run, which is simpler


class Rest:
    """What is known to be at rest in one package, under one set of functions and configs.

    `moved` are the files that must be run. It is kept in the shape of a rendering whose contents are digests.
    """

    def __init__(self, memory: Memory, files: Files, parts: Iterable[str]) -> None:
        steering = {path: file for path, file in files.items() if _steers(path)}
        configs = _configs(files)
        self._memory = memory
        self._files = files
        self._key = key_of(steering | {path: files[path] for path in configs}, ("rest", *parts))
        self._digests = {
            path: sha256(file.content).digest() for path, file in files.items() if _is_run(path, file)
        }
        known = memory.recall(self._key)
        self._known: Mapping[str, bytes | None] = known.changes if known else {}
        self.moved = {
            path: file
            for path, file in files.items()
            if path in steering or path in configs or self._known.get(path) != self._digests.get(path)
        }

    @property
    def is_worth_it(self) -> bool:
        """Whether few enough files have moved."""
        return len(self.moved) < len(self._files) * _MOST

    def learn(self, rendering: Rendering) -> None:
        """Remember what a rendering left as it was."""
        if rendering.problems:
            return
        found = {path: digest for path, digest in self._digests.items() if path not in rendering.changes}
        if found != self._known:
            self._memory.remember(self._key, Rendering(found))


def can_rest(files: Files) -> bool:
    """Whether every function of the package looks at each resource alone."""
    try:
        names = {_name(function) for function in _functions(files)}
    except UserError:
        return False
    if not names or not names <= EACH:
        return False
    return "set-namespace" not in names or not any(
        tie in file.content for file in files.values() for tie in _TIES
    )


def is_repeatable(files: Files) -> bool:
    """Whether the package comes out the same each time: a tag of an image moves, a plug-in is upgraded."""
    try:
        return all(_is_settled(function) for function in _functions(files))
    except UserError:
        return False


def _is_settled(function: Function) -> bool:
    resolved = resolve(function)
    return not function.exec and bool(resolved.name or resolved.image.digest)


def _name(function: Function) -> str:
    """The built-in function that stands for an entry; '' for none."""
    return "" if function.exec or function.tag else resolve(function).name


def _functions(files: Files) -> list[Function]:
    found: list[Function] = []
    for directory in package_directories(files):
        place = f"{directory}/{KPTFILE}" if directory else KPTFILE
        found += read_kptfile(files[place].content, path=place).functions
    return found


def _configs(files: Files) -> set[str]:
    """The files that hold the functions' configs; by their last names, which are enough and cost less."""
    places = (
        posixpath.normpath(function.config_path) for function in _functions(files) if function.config_path
    )
    names = {place.rpartition("/")[2] for place in places}
    return {path for path in files if path.rpartition("/")[2] in names} if names else set()


def _steers(path: str) -> bool:
    return path.rpartition("/")[2] in {KPTFILE, KRMIGNORE}


def _is_run(path: str, file: File) -> bool:
    """Whether functions are given what is in a file: a link may hold the same text, and is none of it."""
    return file.mode in (REGULAR, EXECUTABLE) and may_hold_resources(path)
