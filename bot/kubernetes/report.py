"""What is told of an object as an Event, for `kubectl describe`."""

from contextlib import suppress
from typing import Any

from bot.errors import UserError
from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.kinds import EVENT, Kind
from bot.kubernetes.wished import Now

LONGEST_TEXT = 1000  # characters; an Event's message may have 1,024


def report(cluster: Cluster, kind: Kind, item: Object, text: str, now: Now) -> None:
    """Tell that an order was refused; that it cannot be told is no error, as a condition tells it, too."""
    at = now().strftime("%Y-%m-%dT%H:%M:%SZ")
    with suppress(UserError):  # a namespace that ends takes no Events
        cluster.create(EVENT, _event(kind, item["metadata"], text, at))


def _event(kind: Kind, about: Object, text: str, at: str) -> dict[str, Any]:
    involved = {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        **{key: about[key] for key in ("name", "namespace", "uid", "resourceVersion")},
    }
    return {
        # Not with a dot at its end: the API server refuses a prefix that is no name.
        "metadata": {"generateName": f"{about['name']}-", "namespace": about["namespace"]},
        "involvedObject": involved,
        "type": "Warning",
        "reason": "Refused",
        "message": text[:LONGEST_TEXT],
        "source": {"component": "portico"},
        "firstTimestamp": at,
        "lastTimestamp": at,
        "count": 1,
    }
