"""Serves a cluster: goes round whenever something changes, and answers the API server who asked for it."""

import os
import socket
import time
from collections.abc import Sequence
from threading import Event, Thread
from uuid import uuid4

from bot.errors import UserError
from bot.kubernetes.connection import connect
from bot.kubernetes.dirty import Dirty
from bot.kubernetes.leader import check_lease, lead, release
from bot.kubernetes.loop import Loop
from bot.kubernetes.watched import Watched
from bot.web.admission import admission_application
from bot.web.cluster_parts import Parts
from bot.web.cluster_settings import ClusterSettings
from bot.web.listener import Listener
from bot.web.log import Log

RENEWAL_SECONDS = 60  # how often a certificate is looked at
LONGEST_ROUND_SECONDS = 3600.0  # what takes longer has hung
STOP_SECONDS = 10


class ClusterService:
    """From `start` to `stop`; `ended` is set when it cannot go on, and only a new process helps."""

    def __init__(self, settings: ClusterSettings, log: Log) -> None:
        self.settings = settings
        self.ended = Event()
        self._log = log
        self._parts = Parts(settings, connect(settings.kubeconfig, settings.context))
        self._identity = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._stopping = Event()
        self._dirty = Dirty()
        self._watched = Watched(
            self._parts.connection.cluster, self._parts.namespaces, self._dirty, self._trouble
        )
        self._loop = Loop(
            self._parts.round(self._watched, log), self._dirty, settings.interval, time.monotonic, self._told
        )
        self._listener = self._admission()
        self._told_last: frozenset[str] = frozenset()
        self._resting = Event()
        self._resting.set()

    def start(self) -> None:
        """Raises UserError when the address for admissions cannot be had."""
        if self._listener:
            self._listener.start()
            Thread(target=self._renew, name="renew", daemon=True).start()
        self._watched.start(self._stopping)
        Thread(target=self._lead if self.settings.elects else self._work, name="cluster", daemon=True).start()
        self._log.note("cluster", namespaces=", ".join(self._parts.namespaces) or "all")

    def stop(self) -> None:
        """Let what has begun come to its end, for a few seconds."""
        self._stopping.set()
        self._dirty.stop()
        if self._listener:
            self._listener.stop()
        self._resting.wait(STOP_SECONDS)
        if self.settings.elects:
            connection = self._parts.connection
            release(connection.cluster.api, connection.namespace, self._identity)

    def alive(self) -> str:
        """'' while it is, else a sentence."""
        if self.ended.is_set():
            return "The cluster is served no more."
        if self._loop.seconds() > LONGEST_ROUND_SECONDS:
            return f"A round has taken more than {LONGEST_ROUND_SECONDS:.0f} seconds."
        return ""

    def ready(self) -> str:
        """'' once the cluster has answered, else a sentence."""
        return "" if self._watched.is_filled else "The cluster has not been read yet; the log says why."

    @property
    def admission_port(self) -> int:
        """Where the API server is answered, 0 for nowhere."""
        return self._listener.port if self._listener else 0

    def _admission(self) -> Listener | None:
        at, admission = self.settings.admission, self._parts.admission()
        if at is None or admission is None:
            return None
        application = admission_application(admission, self._log)
        return Listener(at.host, at.port, application, at.certificate)

    def _lead(self) -> None:
        connection = self._parts.connection
        try:
            check_lease(connection.cluster, connection.namespace)
            lead(connection.cluster.api, connection.namespace, self._identity, self._work)
        except UserError as error:
            self._trouble(str(error))
        finally:
            self.ended.set()

    def _work(self) -> None:
        self._log.note("cluster", text="going round")
        self._resting.clear()
        try:
            while not self._stopping.is_set() and not self._watched.wait(1):
                continue
            self._loop.run(self._stopping)
        except Exception as error:  # noqa: BLE001 it is written down, and the process is to be begun anew
            self._log.fault("cluster", error)
        finally:
            self._resting.set()
            self.ended.set()

    def _renew(self) -> None:
        while not self._stopping.wait(RENEWAL_SECONDS):
            try:
                if self._listener:
                    self._listener.renew()
            except UserError as error:
                self._trouble(str(error))

    def _told(self, failures: Sequence[str]) -> None:
        """Log what is new: what stays as it is shows in the cluster."""
        fresh = frozenset(failures)
        for failure in sorted(fresh - self._told_last):
            self._trouble(failure)
        self._told_last = fresh

    def _trouble(self, text: str) -> None:
        self._log.trouble("cluster", text=text)
