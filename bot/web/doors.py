"""The doors that the settings open: for each forge how it is heard, and who looks."""

from collections.abc import Sequence

from bot.errors import UserError
from bot.web.config import Config
from bot.web.door import Door
from bot.web.meter import Meter


def doors(config: Config, meter: Meter) -> Sequence[Door]:  # noqa: ARG001 what the forges' rooms will be given
    """One door for each forge in the settings."""
    raise UserError(
        "There is no forge yet whose changes can be looked at; use `portico hook` until there is."
    )
