"""The fuse box: the only place where parts are chosen and put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.errors import NotFound
from bot.gather import Gatherer
from bot.git.cache import Cache
from bot.git.repository import Repository
from bot.git.source import GitSource
from bot.git.store import GitStore
from bot.lifecycle.policy import NARROWS_NOTHING, Policy
from bot.packages.layout import Layout
from bot.ports import Renderer, Voice
from bot.render.allowance import allowed
from bot.render.catalog import finder, refuse
from bot.render.container import run_in_container
from bot.render.containers.container import Container
from bot.render.containers.runtime import Runtime
from bot.render.function import Find, Runner
from bot.render.image import Image
from bot.render.memory import Memory
from bot.render.program import Bounds
from bot.render.renderer import PackageRenderer
from bot.steward import Steward

DEFAULT_BOUNDS = Bounds()


def gatherer(
    repository: Repository, layout: Layout, server: Policy = NARROWS_NOTHING, cache: Path | None = None
) -> Gatherer:
    """Facts of a local repository; what it remembers lies in the folder `cache`, None to remember nothing."""
    return Gatherer(GitSource(repository, layout, Cache(cache) if cache else None), server)


@dataclass(frozen=True, slots=True)
class Functions:
    """What may run for packages that nobody trusts: built in, or in `engine`'s containers within `bounds`.

    Without an engine there are no containers.
    """

    engine: Runtime | None = None
    bounds: Bounds = DEFAULT_BOUNDS

    def __call__(self, images: Sequence[Sequence[str]]) -> Find:
        """Finds functions; an image must be in each of these lists to run in a container, and in one."""
        return finder(otherwise=partial(self._contained, images))

    def _contained(self, images: Sequence[Sequence[str]], image: Image, reason: str) -> Runner:
        if self.engine is None:
            return refuse(image, reason)
        for rules in images or ((),):
            fault = allowed(str(image), rules)
            if fault:
                raise NotFound(" ".join(filter(None, (reason, fault))))
        return contained(self.engine, Container(str(image), bounds=self.bounds))


functions = Functions()


def contained(engine: Runtime, container: Container) -> Runner:
    """What runs an image in a container."""
    run = run_in_container(engine, container)
    return Runner(container.image, run, partial(engine.expect, container))


def renderer(cache: Path | None = None, may_run: Functions = functions) -> PackageRenderer:
    """Renders drafts; what was rendered is remembered in the folder `cache`, None to remember nothing."""
    return PackageRenderer(may_run, Memory(cache / "renderings") if cache else None)


def steward(
    repository: Repository, layout: Layout, reader: Gatherer, voice: Voice, renders: Renderer | None = None
) -> Steward:
    """The house over a local repository, for hooks and ticks."""
    return Steward(GitStore(repository, layout), renders or renderer(), reader, voice)
