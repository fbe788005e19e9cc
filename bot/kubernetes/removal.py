"""How objects of ours leave the cluster: first what holds them, then they."""

from collections.abc import Iterable

from bot.errors import NotFound
from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.kinds import REVISION
from bot.kubernetes.revisions import FINALIZER
from bot.kubernetes.wished import is_ours


def release(cluster: Cluster, item: Object) -> None:
    """Take everything of ours out of an object, so that nothing of ours holds it any more."""
    metadata = {key: item["metadata"][key] for key in ("name", "namespace", "uid")}
    try:
        cluster.apply(REVISION, {"metadata": metadata})
    except NotFound:
        return


def remove(cluster: Cluster, item: Object) -> None:
    """Delete an object that we wrote."""
    if FINALIZER in item["metadata"].get("finalizers", ()):
        release(cluster, item)
    cluster.delete(REVISION, item)


def remove_all(cluster: Cluster, items: Iterable[Object]) -> None:
    """Delete those of the objects that we wrote."""
    for item in items:
        if is_ours(item):
            remove(cluster, item)
