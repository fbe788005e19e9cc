"""Which packages a draft changes beside its own."""

from collections.abc import Iterator, Sequence
from itertools import islice

import pygit2

from bot.git.pushed import holds_package
from bot.git.trees import changed_files
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName

MOST_FILES = 10_000  # that are looked at; the packages of the rest are not seen, and their files are strays
MOST_PACKAGES = 20  # of one set


def packages_beside(
    repository: pygit2.Repository, layout: Layout, name: RevisionName, head: str, base: str
) -> Sequence[str]:
    """Paths of the other packages that `head` holds and has changed since it left `base`, sorted.

    A file belongs to the outermost package around it. A package that is gone is none: its deletion is
    proposed by itself.
    """
    began = repository.merge_base(pygit2.Oid(hex=head), pygit2.Oid(hex=base)) if base else None
    if began is None:
        return ()
    files = changed_files(repository, str(began), head, layout.full_path(name.path))
    found: set[str] = set()
    for file in islice(files, MOST_FILES):
        if any(file.startswith(f"{layout.full_path(path)}/") for path in found):
            continue
        if path := next(_packages_around(repository, layout, head, file), ""):
            found.add(path)
        if len(found) > MOST_PACKAGES:
            break
    return sorted(found)[:MOST_PACKAGES]


def _packages_around(repository: pygit2.Repository, layout: Layout, head: str, file: str) -> Iterator[str]:
    """Packages that hold a file, the outermost first."""
    inside = f"{layout.directory}/" if layout.directory else ""
    if not file.startswith(inside):
        return
    steps = file.removeprefix(inside).split("/")[:-1]
    for count in range(1, len(steps) + 1):
        path = "/".join(steps[:count])
        if holds_package(repository, head, layout.full_path(path)):
            yield path
