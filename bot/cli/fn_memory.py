"""Renderings of folders, remembered for the next `portico fn render` of the same files."""

import os
from collections.abc import Sequence

from bot.errors import UserError
from bot.packages.function import Function
from bot.packages.package import Files
from bot.packages.rendering import Rendering
from bot.render.edition import edition
from bot.render.image import CATALOG
from bot.render.memory import Memory, key_of
from bot.render.pipeline import Habits, Rendered
from bot.render.versions import published, resolve
from bot.settings import read_settings


class Remembered:
    """What is remembered of one rendering; only what is built in comes out the same each time."""

    def __init__(self, files: Files, habits: Habits, prefix: str | None) -> None:
        self._prefix = CATALOG if prefix is None else prefix
        self._memory: Memory | None
        try:
            self._memory = Memory(read_settings(os.environ).cache / "renderings")
        except UserError:
            self._memory = None  # who has no home still renders
        self._key = key_of(files, (edition(), repr(habits), self._prefix))

    def recall(self) -> Rendering | None:
        """The rendering, if there was one."""
        return self._memory.recall(self._key) if self._memory else None

    def keep(self, rendered: Rendered, rendering: Rendering) -> None:
        """Remember a rendering that went well, and would go the same way again."""
        functions = [function for package in rendered.packages for function in package.kptfile.functions]
        if self._memory and not rendering.failed and self._are_built_in(functions):
            self._memory.remember(self._key, rendering)

    def _are_built_in(self, functions: Sequence[Function]) -> bool:
        try:
            return all(
                not function.exec and resolve(function, (published,), self._prefix).name
                for function in functions
            )
        except UserError:
            return False
