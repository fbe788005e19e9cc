"""A process that serves a cluster and nothing else."""

import logging
import signal
import threading
from types import FrameType

from flask import Flask, Response

from bot.web.cluster import ClusterService
from bot.web.cluster_settings import ClusterSettings
from bot.web.listener import Listener
from bot.web.log import LibraryHandler, Log


def serve_cluster(settings: ClusterSettings, listen: tuple[str, int] | None, log: Log) -> int:
    """Run until it is told to end (0) or cannot go on (1); raises UserError when it cannot begin.

    `listen` is where /healthz and /readyz are answered by HTTP.
    """
    logging.getLogger().addHandler(LibraryHandler(log))
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # of what it tries again, we tell when it is in vain
    service = ClusterService(settings, log)
    listener = Listener(*listen, _health(service)) if listen else None
    asked = _asked_to_leave(service.ended)
    service.start()
    if listen and listener:
        listener.start()
        log.note("listening", host=listen[0], port=listener.port)
    service.ended.wait()
    log.note("stopping")
    if listener:
        listener.stop()
    service.stop()
    return 0 if asked.is_set() else 1


def _asked_to_leave(ended: threading.Event) -> threading.Event:
    """Let the signals that end a program set `ended`; a second one ends the program at once."""
    asked = threading.Event()

    def leave(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
        asked.set()
        ended.set()

    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        signal.signal(number, leave)
    return asked


def _health(service: ClusterService) -> Flask:
    app = Flask("bot.web.cluster", static_folder=None)

    @app.get("/healthz", provide_automatic_options=False)
    def healthz() -> Response:
        return _answer(service.alive(), "Alive.")

    @app.get("/readyz", provide_automatic_options=False)
    def readyz() -> Response:
        return _answer(service.alive() or service.ready(), "Ready.")

    return app


def _answer(trouble: str, well: str) -> Response:
    return Response(f"{trouble or well}\n", 503 if trouble else 200, content_type="text/plain; charset=utf-8")
