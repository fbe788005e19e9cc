"""The check of repositories on forges that the settings of the bot name."""

from collections.abc import Iterator, Sequence

from bot import compose
from bot.errors import Refused
from bot.lifecycle.finding import Checkup
from bot.packages.naming import quoted
from bot.web.config import Config
from bot.web.registrations import Registered, Registrations


def checkups(config: Config, names: Sequence[str] = (), address: str = "") -> Iterator[Checkup]:
    """Check those named in full, or, of all that the settings let in, `names` alone.

    `address` is where forges reach the bot, '' where that is not known. Raises Refused for a name that the
    settings keep out.
    """
    for name in names:
        if not any(registrations.of(name) for registrations in _registrations(config)):
            raise Refused(f"The settings name no repository {quoted(name)}.")
    if config.github:
        from bot.web.github_door import on_github  # noqa: PLC0415 its library comes with an extra

        for known in _chosen(config.github.registrations, names):
            yield compose.check_github(on_github(config.github, known, config.state), address)
    if config.gitlab:
        from bot.web.gitlab_door import on_gitlab  # noqa: PLC0415 the same

        for known in _chosen(config.gitlab.registrations, names):
            yield compose.check_gitlab(on_gitlab(config.gitlab, known, config.state), address)


def patterns(config: Config) -> list[str]:
    """What the settings let in without naming it in full."""
    return [
        entry.pattern
        for registrations in _registrations(config)
        for entry in registrations.entries
        if entry.is_pattern and not entry.refused
    ]


def _registrations(config: Config) -> list[Registrations]:
    return [forge.registrations for forge in (config.github, config.gitlab) if forge]


def _chosen(registrations: Registrations, names: Sequence[str]) -> Iterator[Registered]:
    for name in dict.fromkeys(names or registrations.named()):
        if known := registrations.of(name):
            yield known._replace(name=name)
