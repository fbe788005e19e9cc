"""The fuse box: the only place where parts are chosen and put together."""

import hashlib
from pathlib import Path

import pygit2

from bot.gather import Gatherer
from bot.git.cache import Cache
from bot.git.client import Client
from bot.git.source import GitSource
from bot.git.store import GitStore
from bot.lifecycle.policy import NARROWS_NOTHING, Policy
from bot.packages.layout import Layout
from bot.packages.registration import Registration
from bot.ports import Voice
from bot.render.pipeline import Pipeline
from bot.steward import Steward


def gatherer(
    repository: pygit2.Repository, layout: Layout, server: Policy = NARROWS_NOTHING, cache: Path | None = None
) -> Gatherer:
    """Facts of a local repository; what it remembers lies in the folder `cache`, None to remember nothing."""
    return Gatherer(GitSource(repository, layout, Cache(cache) if cache else None), server)


def steward(repository: pygit2.Repository, layout: Layout, reader: Gatherer, voice: Voice) -> Steward:
    """The house over a local repository, for hooks and ticks."""
    return Steward(GitStore(repository, layout), Pipeline(), reader, voice)


def client(cache: Path, registration: Registration) -> Client:
    """The way to a registered repository; its mirror lies in the folder `cache`, one for each URL."""
    digest = hashlib.sha256(registration.url.encode()).hexdigest()[:20]
    return Client(registration.url, registration.layout, cache / digest)
