"""To which subpackage each file of a package belongs, and which of these have an upstream of their own."""

from __future__ import annotations

from bot.errors import InvalidDocument
from bot.packages.documents import parse
from bot.packages.merge.trees import Trees
from bot.packages.package import KPTFILE, File, Files, package_directories


class Territory:
    """The subpackages of all three trees; '' is the package itself.

    A subpackage with an upstream of its own, and all below it, belongs to whoever upgrades that one.
    """

    def __init__(self, trees: Trees) -> None:
        directories = {directory for tree in trees for directory in package_directories(tree)}
        self.directories = sorted(directories | {""})
        self.independent = sorted(
            directory
            for directory in directories
            if directory and any(has_upstream(tree, directory) for tree in trees)
        )
        self._owners = {directory: directory for directory in self.directories}
        self._foreign = set(self.independent)

    def owner(self, path: str) -> str:
        """The directory of the subpackage that a file belongs to."""
        directory = path.rpartition("/")[0]
        missed: list[str] = []
        while directory not in self._owners:
            missed.append(directory)
            directory = directory.rpartition("/")[0]
        found = self._owners[directory]
        self._owners.update(dict.fromkeys(missed, found))
        return found

    def is_foreign(self, directory: str) -> bool:
        """Whether a subpackage is, or lies in, one that has its own upstream."""
        while directory:
            if directory in self._foreign:
                return True
            directory = directory.rpartition("/")[0]
        return False


def has_upstream(files: Files, directory: str) -> bool:
    """Whether the Kptfile there says where its package comes from; one that cannot be read does not."""
    file = files.get(f"{directory}/{KPTFILE}" if directory else KPTFILE)
    if file is None or b"upstream" not in file.content:
        return False
    try:
        documents = parse(file.content)
    except InvalidDocument:
        return False
    found = documents[0].get("upstream") if documents else None
    return found is not None and bool(found.content)


class Realms:
    """A package, and each subpackage in it that has an upstream of its own, apart from one another."""

    def __init__(self, trees: Trees) -> None:
        self.directories = Territory(trees).independent
        self._known = set(self.directories)
        self._parts: dict[str, tuple[dict[str, File], ...]] = {
            directory: ({}, {}, {}) for directory in ["", *self.directories]
        }
        for index, tree in enumerate(trees):
            for path, file in tree.items():
                owner = self.above(path)
                self._parts[owner][index][path[len(owner) + 1 :] if owner else path] = file

    def part(self, directory: str) -> Trees:
        """The files of one of them, their paths relative to it."""
        return Trees(*self._parts[directory])

    def above(self, path: str) -> str:
        """The one in which a file, or one of them, lies; '' is the package."""
        directory = path.rpartition("/")[0]
        while directory and directory not in self._known:
            directory = directory.rpartition("/")[0]
        return directory
