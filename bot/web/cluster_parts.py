"""What serves a cluster, put together."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from bot import compose
from bot.errors import Refused, UserError
from bot.kubernetes.admission import Admission
from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.connection import Connection
from bot.kubernetes.hearing import asking, settling
from bot.kubernetes.kinds import REVISION
from bot.kubernetes.repositories import Access
from bot.kubernetes.round import Opened, Round
from bot.kubernetes.stamp import STAMP, Stamps
from bot.kubernetes.whoami import own_user
from bot.lifecycle import cluster_messages as say
from bot.lifecycle.person import Person
from bot.packages.privacy import is_here
from bot.packages.registration import Registration
from bot.ports import GitCredentials
from bot.web.cluster_settings import ClusterSettings
from bot.web.log import Log

SHORTEST_KEY = 32


class Parts(NamedTuple):
    """The settings and the cluster that everything is made from."""

    settings: ClusterSettings
    connection: Connection

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Those that are served, () for all."""
        named = self.settings.namespaces
        return () if named is None else named or (self.connection.namespace,)

    def round(self, cluster: Cluster, log: Log | None = None) -> Round:
        """A round that asks `cluster`, which may know some of it already.

        What is our own fault is written into `log`, and raised where there is none.
        """
        stamps = self._stamps()
        identify = stamps.read if stamps else _nobody

        def fault(error: Exception) -> None:
            if log is None:
                raise error
            log.fault("cluster", error)

        return Round(cluster, self._opened, identify, _now, self.namespaces, fault)

    def admission(self) -> Admission | None:
        """What answers the API server, None without a key to stamp with; asks the cluster who we are."""
        stamps = self._stamps()
        cluster = self.connection.cluster
        return Admission(stamps, own_user(cluster), _keeper(cluster)) if stamps else None

    def _stamps(self) -> Stamps | None:
        key = self.settings.stamp_key
        if key is None:
            return None
        if len(key.reveal()) < SHORTEST_KEY:
            raise UserError(
                f"The key for stamps must have at least {SHORTEST_KEY} characters, since everybody sees "
                "marks that it made: `openssl rand -hex 32` makes a good one."
            )
        return Stamps(key.reveal().encode())

    def _opened(self, registration: Registration, access: Access | None, name: str) -> Opened:
        if is_here(registration.url) and not self.settings.allows_local:
            raise Refused(say.on_this_machine(registration.url))
        place = self.settings.place / name
        kept = compose.in_cluster(compose.InCluster(registration, _credentials(access), place))
        settle = settling(kept.handle, kept.facts)
        return Opened(kept.collection, asking(kept.handle), settle, kept.drafts)


def _keeper(cluster: Cluster) -> Callable[[Object, str], None]:
    """Marks what is being deleted, which the answer to the API server cannot."""
    return lambda item, mark: cluster.annotate(REVISION, item, {STAMP: mark})


def _credentials(access: Access | None) -> GitCredentials | None:
    if access is None:
        return None
    return GitCredentials(access.user, access.bearer or access.password)


def _nobody(_item: Object) -> Person | None:
    """Without stamps nothing proves who changed an object."""
    return None


def _now() -> datetime:
    return datetime.now(UTC)
