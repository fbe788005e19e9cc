"""What `portico kubernetes run` goes round with, put together."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot import compose
from bot.kubernetes.cluster import Object
from bot.kubernetes.connection import connect
from bot.kubernetes.hearing import asking, settling
from bot.kubernetes.repositories import Access
from bot.kubernetes.round import Opened, Round
from bot.lifecycle.person import Person
from bot.packages.registration import Registration
from bot.ports import GitCredentials
from bot.settings import read_settings


def open_round(
    environ: Mapping[str, str], kubeconfig: str, context: str, namespaces: Sequence[str] | None
) -> Round:
    """A round over `namespaces`: () for that of the kubeconfig's context, None for every one."""
    place = read_settings(environ).cache / "portico" / "cluster"
    connection = connect(kubeconfig, context)

    def opened(registration: Registration, access: Access | None, name: str) -> Opened:
        kept = compose.in_cluster(compose.InCluster(registration, _credentials(access), place / name))
        settle = settling(kept.handle, kept.facts)
        return Opened(kept.collection, asking(kept.handle), settle, kept.drafts)

    spaces = () if namespaces is None else namespaces or (connection.namespace,)
    return Round(connection.cluster, opened, _nobody, _now, spaces)


def _credentials(access: Access | None) -> GitCredentials | None:
    if access is None:
        return None
    return GitCredentials(access.user, access.bearer or access.password)


def _nobody(_item: Object) -> Person | None:
    """Without an admission webhook nothing proves who changed an object."""
    return None


def _now() -> datetime:
    return datetime.now(UTC)
