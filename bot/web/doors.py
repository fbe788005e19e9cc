"""The doors that the settings open: for each forge how it is heard, and who looks."""

from collections.abc import Sequence

from bot.web.config import Config
from bot.web.door import Door
from bot.web.meter import Meter


def doors(config: Config, meter: Meter) -> Sequence[Door]:
    """One door for each forge in the settings."""
    opened = []
    if config.github:
        from bot.web.github_door import github_door  # noqa: PLC0415 its library comes with an extra

        opened.append(github_door(config.github, config.state, meter))
    if config.gitlab:
        from bot.web.gitlab_door import gitlab_door  # noqa: PLC0415 the same

        opened.append(gitlab_door(config.gitlab, config.state))
    return opened
