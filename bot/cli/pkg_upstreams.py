"""Where the commands of `portico pkg` get packages from, and what they say of it."""

import os

import click

from bot.git.upstream import Upstreams
from bot.packages.acquisition import Fetched
from bot.packages.source import without_credentials
from bot.settings import read_settings


def upstreams() -> Upstreams:
    """Repositories, each fetched once into the cache."""
    return Upstreams(read_settings(os.environ).cache / "upstreams")


def say_fetch(fetched: Fetched) -> None:
    """Say what was fetched, as kpt does, and what was left out of it."""
    lock = fetched.lock
    click.echo(f"Fetching {without_credentials(lock.repo)}@{lock.ref or lock.commit}", err=True)
    for warning in fetched.warnings:
        click.echo(warning, err=True)
    directory = lock.directory.strip("/").rpartition("/")[2] or "/"
    click.echo(f'Adding package "{directory}".', err=True)
