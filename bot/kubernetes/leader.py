"""Which of several processes goes round: the one that holds a Lease, by the official client's election."""

from collections.abc import Callable
from contextlib import suppress

from kubernetes.client import ApiClient, CoordinationV1Api
from kubernetes.client.exceptions import ApiException
from kubernetes.leaderelection.electionconfig import Config
from kubernetes.leaderelection.leaderelection import LeaderElection
from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock
from urllib3.exceptions import HTTPError

from bot.errors import NotFound
from bot.kubernetes.cluster import Cluster
from bot.kubernetes.kinds import Kind

LEASE = Kind("coordination.k8s.io", "v1", "leases", "Lease")
NAME = "portico"
# What Kubernetes' own controllers have, in seconds.
LEASE_SECONDS, RENEW_SECONDS, RETRY_SECONDS = 15, 10, 2


def check_lease(cluster: Cluster, namespace: str) -> None:
    """Raise UserError where the Lease cannot be had at all, of which the election itself says nothing."""
    with suppress(NotFound):
        cluster.get(LEASE, namespace, NAME)


def lead(api: ApiClient, namespace: str, identity: str, work: Callable[[], None]) -> None:
    """Wait for the Lease, then do `work` while it is ours; returns when it is lost, or when `work` fails.

    Two may think for seconds that they lead; no write of ours does harm when it is done twice.
    """
    lock = LeaseLock(NAME, namespace, identity)  # type: ignore[no-untyped-call] # it has no types
    lock.api_instance = CoordinationV1Api(api)  # its own would be that of the default configuration
    config = Config(  # type: ignore[no-untyped-call] # the same
        lock,
        lease_duration=LEASE_SECONDS,
        renew_deadline=RENEW_SECONDS,
        retry_period=RETRY_SECONDS,
        onstarted_leading=work,
        onstopped_leading=_nothing,
    )
    LeaderElection(config).run()  # type: ignore[no-untyped-call] # the same


def release(api: ApiClient, namespace: str, identity: str) -> None:
    """Give the Lease back, so that the next one need not wait; one that is not ours is left alone."""
    leases = CoordinationV1Api(api)
    try:
        lease = leases.read_namespaced_lease(NAME, namespace)
        if lease.spec and lease.spec.holder_identity == identity:
            lease.spec.holder_identity = ""
            leases.replace_namespaced_lease(NAME, namespace, lease)
    except (ApiException, HTTPError):
        return  # it runs out by itself


def _nothing() -> None:
    """The caller sees it by our return."""
