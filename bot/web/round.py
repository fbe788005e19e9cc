"""One round over all repositories, without queue and webhooks: for cron, and for those who run no server."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.errors import UserError
from bot.web.door import Door
from bot.web.log import Log
from bot.web.look import Look
from bot.web.ticker import repositories


def go_round(doors: Sequence[Door], workers: int, log: Log) -> list[str]:
    """Look at every repository once; returns the failures, none when all went well.

    A server may be at work meanwhile: every write says what it expects to find.
    """
    looks = [(door, Look(door.forge, name)) for door in doors for name in repositories(door, log)]
    with ThreadPoolExecutor(workers) as pool:
        answers = pool.map(lambda pair: _failure(pair[0], pair[1], log), looks)
        return [f"{look}: {failure}" for (_, look), failure in zip(looks, answers, strict=True) if failure]


def _failure(door: Door, look: Look, log: Log) -> str:
    try:
        door.attend(look)
    except UserError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 the other repositories are looked at nevertheless
        number = log.fault("look", error, **look._asdict())
        return f"Portico failed, and has logged why as {number}."
    return ""
