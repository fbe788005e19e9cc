"""The to-do list that the settings name."""

import contextlib
import time
from collections.abc import Iterator

from bot.web.config import Config
from bot.web.sqlite_todo import SqliteTodo
from bot.web.todo import NotKept


def open_todo(config: Config) -> SqliteTodo:
    """Open it; it is made where there is none. Raises NotKept."""
    try:
        config.queue.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NotKept(f"The folder of the queue cannot be made: {error.strerror}.") from None
    return SqliteTodo(config.queue)


def given_up(config: Config) -> Iterator[str]:
    """One line for each look that was given up; raises NotKept."""
    with contextlib.closing(open_todo(config)) as todo:
        for one in todo.given_up():
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(one.at))
            yield f"{at}  {one.look}  {one.tries} tries  {one.reason}"
