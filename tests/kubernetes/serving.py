"""Portico as it runs in a cluster: watching, and asked by the API server who changes what."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.kubernetes.stamp import Stamps
from bot.web.cluster import ClusterService
from bot.web.cluster_settings import AdmissionAt, Certificate
from bot.web.log import Log
from bot.web.secret import Secret
from tests.kubernetes.street import Street
from tests.kubernetes.webhook import MUTATING, registered

KEY = Secret("0123456789abcdef0123456789abcdef")
CHANGES = {
    "operations": ["CREATE", "UPDATE", "DELETE"],
    "apiGroups": ["porch.kpt.dev"],
    "apiVersions": ["v1alpha2"],
    "resources": ["packagerevisions", "packagerevisionresources"],
}
PATIENCE = 60  # seconds until a test gives up


@contextmanager
def served(street: Street, *, interval: int = 3600, admission: bool = True) -> Iterator[ClusterService]:
    """Portico going round by itself; Git is looked at every `interval` seconds."""
    cluster = street.cluster
    certificate = Certificate(cluster.authority, cluster.authority.with_suffix(".key"))
    at = AdmissionAt("127.0.0.1", 0, certificate) if admission else None
    settings = street.settings(interval=interval, stamp_key=KEY if admission else None, admission=at)
    service = ClusterService(settings, Log(sys.stderr, time.time))
    service.start()
    try:
        if admission:
            url = f"https://127.0.0.1:{service.admission_port}{Stamps(KEY.reveal().encode()).door}"
            with registered(cluster, street.namespace, url, CHANGES, kind=MUTATING):
                yield service
        else:
            yield service
    finally:
        service.stop()


def until(holds: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "It did not come to be."
        time.sleep(0.02)
