"""The three states of one package that are merged."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bot.packages.package import EXECUTABLE, REGULAR, File, Files


class States(NamedTuple):
    """One file in the three trees; None where it is not."""

    origin: File | None
    local: File | None
    upstream: File | None

    @property
    def settled(self) -> bool:
        """Whether at most one side changed it, or both did the same."""
        return self.local in (self.origin, self.upstream) or self.origin == self.upstream

    @property
    def result(self) -> File | None:
        """What a settled file becomes."""
        return self.upstream if self.local == self.origin else self.local

    @property
    def are_files(self) -> bool:
        """Whether all that are there are files, and no links or submodules."""
        return all(file is None or file.mode in (REGULAR, EXECUTABLE) for file in self)

    @property
    def mode(self) -> int:
        """The merged mode; where both changed it, the local one."""
        origin, local, upstream = (file.mode if file is not None else None for file in self)
        return (upstream if local in (None, origin) else local) or local or REGULAR


class Trees(NamedTuple):
    """A package, or a part of it: when it was fetched, as it is here, and as it is upstream now."""

    origin: Files
    local: Files
    upstream: Files

    def paths(self) -> list[str]:
        """Every path of the three, sorted."""
        return sorted({*self.origin, *self.local, *self.upstream})

    def at(self, path: str) -> States:
        return States(self.origin.get(path), self.local.get(path), self.upstream.get(path))

    def select(self, wanted: Callable[[str], bool]) -> Trees:
        """The part whose paths are wanted."""
        return Trees(*({path: file for path, file in tree.items() if wanted(path)} for tree in self))
