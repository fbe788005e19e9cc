"""The to-do list that the settings name."""

import contextlib
import time
from collections.abc import Iterator

from bot.packages.naming import quoted
from bot.web.config import Config
from bot.web.redis_server import RedisServer
from bot.web.sqlite_todo import SqliteTodo
from bot.web.todo import NotKept, Todo


def open_todo(config: Config) -> Todo:
    """Open it: a file is made where there is none, a server is asked nothing yet. Raises NotKept."""
    if isinstance(config.queue, RedisServer):
        return _on_redis(config.queue)
    try:
        config.queue.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NotKept(f"The folder of the queue cannot be made: {error.strerror}.") from None
    return SqliteTodo(config.queue)


def _on_redis(server: RedisServer) -> Todo:
    try:
        from bot.web.redis_todo import RedisTodo  # noqa: PLC0415 its library comes with an extra
    except ModuleNotFoundError as error:
        raise NotKept(
            f"The queue {quoted(str(server))} needs the library `{error.name}`; install it with "
            "`pip install 'portico[redis]'`."
        ) from error
    return RedisTodo(server)


def given_up(config: Config) -> Iterator[str]:
    """One line for each look that was given up; raises NotKept."""
    with contextlib.closing(open_todo(config)) as todo:
        for one in todo.given_up():
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(one.at))
            yield f"{at}  {one.look}  {one.tries} tries  {one.reason}"
