"""The fuse box: the only place where parts are chosen and put together."""

from collections.abc import Sequence
from pathlib import Path

from bot.gather import Gatherer
from bot.git.cache import Cache
from bot.git.repository import Repository
from bot.git.source import GitSource
from bot.git.store import GitStore
from bot.lifecycle.policy import NARROWS_NOTHING, Policy
from bot.packages.layout import Layout
from bot.ports import Voice
from bot.render.catalog import built_in
from bot.render.function import Find
from bot.render.memory import Memory
from bot.render.renderer import PackageRenderer
from bot.steward import Steward


def gatherer(
    repository: Repository, layout: Layout, server: Policy = NARROWS_NOTHING, cache: Path | None = None
) -> Gatherer:
    """Facts of a local repository; what it remembers lies in the folder `cache`, None to remember nothing."""
    return Gatherer(GitSource(repository, layout, Cache(cache) if cache else None), server)


def functions(images: Sequence[str]) -> Find:
    """What may run for a package that nobody trusts: built in, or in a container where `images` allows it."""
    del images
    return built_in


def steward(
    repository: Repository, layout: Layout, reader: Gatherer, voice: Voice, cache: Path | None = None
) -> Steward:
    """The house over a local repository, for hooks and ticks; `cache` is where renderings are remembered."""
    memory = Memory(cache / "renderings") if cache else None
    return Steward(GitStore(repository, layout), PackageRenderer(functions, memory), reader, voice)
