"""The bot as one process: it hears webhooks, has looks done, and ends when it is asked to."""

import contextlib
import logging
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING

from waitress.server import create_server

from bot.errors import UserError
from bot.web.app import LARGEST_BODY, application
from bot.web.bell import Bell
from bot.web.config import Config
from bot.web.crew import Crew
from bot.web.door import Door
from bot.web.health import Health
from bot.web.log import LibraryHandler, Log
from bot.web.measures import Measures
from bot.web.meter import Meter
from bot.web.office import Office
from bot.web.queue import open_todo
from bot.web.ticker import Ticker
from bot.web.todo import NotKept

if TYPE_CHECKING:
    from bot.web.cluster import ClusterService

# Answering takes milliseconds; more threads would only wait for the same disk.
HTTP_THREADS = 8
CONNECTIONS = 500
# Half a request is kept so long; forges give up after ten seconds.
CHANNEL_SECONDS = 30

Opens = Callable[[Config, Meter], Sequence[Door]]


def serve(config: Config, opens: Opens, log: Log) -> int:
    """Run until SIGTERM or SIGINT; raises UserError when it cannot begin.

    What is being looked at then may end within `drain` seconds; the rest is on the list for the next one.
    """
    measures = Measures()
    doors = {door.forge: door for door in opens(config, measures)}
    with contextlib.closing(open_todo(config)) as todo, _libraries(log):
        measures.watch(todo, time.time)
        office = Office(
            doors=doors,
            todo=todo,
            bell=Bell(),
            health=Health(time.monotonic),
            measures=measures,
            log=log,
            now=time.time,
        )
        _warn(office)
        crew, ticker, cluster = Crew(office), Ticker(office), _cluster(office, config)
        server = _server(config, office)
        with _leaving():
            crew.start(config.workers)
            ticker.start(config.tick)
            if cluster:
                cluster.start()
            log.note("listening", host=config.host, port=server.effective_port, queue=str(config.queue))
            server.run()
        log.note("stopping")
        ticker.stop()
        server.close()
        if cluster:
            cluster.stop()
        ended = crew.stop(config.drain)
        log.note("stopped", left=not ended)
    return 0


def _cluster(office: Office, config: Config) -> "ClusterService | None":
    if config.kubernetes is None:
        return None
    from bot.web.cluster import ClusterService  # noqa: PLC0415 its libraries come with an extra

    service = ClusterService(config.kubernetes, office.log)
    office.health.others.append(service.alive)
    return service


def _warn(office: Office) -> None:
    try:
        warning = office.todo.warning()
    except NotKept as error:
        warning = str(error)
    if warning:
        office.log.trouble("queue", text=warning)


def _server(config: Config, office: Office):  # type: ignore[no-untyped-def]  # noqa: ANN202 it has no types
    try:
        return create_server(
            application(office),
            host=config.host,
            port=config.port,
            threads=HTTP_THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=CHANNEL_SECONDS,
            max_request_body_size=LARGEST_BODY,
            ident="",
        )
    except OSError as error:
        where = f"{config.host}:{config.port}"
        raise UserError(f"`listen` cannot be had: {where}: {error.strerror or error}.") from None


@contextlib.contextmanager
def _leaving() -> Iterator[None]:
    """Make the signals that end a program end the server's loop; a second one ends the program at once."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
        raise SystemExit(0)

    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        signal.signal(number, leave)
    with contextlib.suppress(SystemExit):
        yield


@contextlib.contextmanager
def _libraries(log: Log) -> Iterator[None]:
    """Let the libraries write into our log instead of beside it."""
    handler = LibraryHandler(log)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
