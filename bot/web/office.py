"""What the parts of one running bot share."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.web.bell import Bell
from bot.web.clock import Clock
from bot.web.door import Door
from bot.web.health import Health
from bot.web.log import Log
from bot.web.measures import Measures
from bot.web.todo import Todo


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """`doors` are known by their forges' names; `bell` is rung when there is something to do."""

    doors: Mapping[str, Door]
    todo: Todo
    bell: Bell
    health: Health
    measures: Measures
    log: Log
    now: Clock
