"""What an object in the cluster shall say, and whether it says so already."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.kubernetes.cluster import MANAGER, Object

MIRRORED = "portico.dev/mirrored"  # annotation: the digest of what was written, so that what is left out goes
_TIME = "lastTransitionTime"
Now = Callable[[], datetime]


class Condition(NamedTuple):
    """A condition of an object's status, as Kubernetes has them; the time of its change is the cluster's."""

    type: str
    status: str
    reason: str
    message: str


class Wished(NamedTuple):
    """An object as it shall be; `metadata` has at least name and namespace."""

    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]
    status: Mapping[str, Any]
    conditions: tuple[Condition, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same wish, whenever it is made."""
        text = json.dumps([self.metadata, self.spec, self.status, self.conditions], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    def onto(self, actual: Object) -> dict[str, Any]:
        """What to write of the object itself, {} where it is not there yet, without its status.

        Only if it is still as it was read: what somebody wrote meanwhile may be an order.
        """
        annotations = {**self.metadata.get("annotations", {}), MIRRORED: self.digest}
        metadata = {**self.metadata, "annotations": annotations}
        if version := actual.get("metadata", {}).get("resourceVersion"):
            metadata["resourceVersion"] = version
        return {"metadata": metadata, "spec": dict(self.spec)}

    def state(self, actual: Object, now: Now, *, as_read: bool = False) -> dict[str, Any]:
        """The status to write, only if all is `as_read`; a condition that is as it was keeps its time."""
        place = {key: self.metadata[key] for key in ("name", "namespace")}
        if as_read:
            place["resourceVersion"] = actual["metadata"]["resourceVersion"]
        conditions = [_dated(one, conditions_of(actual), now) for one in self.conditions]
        status = {**self.status, **({"conditions": conditions} if conditions else {})}
        return {"metadata": place, "status": status}

    def is_said_by(self, actual: Object) -> bool:
        """Whether the object says all of it, and nothing that was written before and is meant no more."""
        metadata = actual.get("metadata", {})
        written = (metadata.get("annotations") or {}).get(MIRRORED)
        return written == self.digest and _holds(metadata, self.metadata) and self.is_shown_by(actual)

    def is_shown_by(self, actual: Object) -> bool:
        """Whether spec and status of the object say all of it."""
        known = conditions_of(actual)
        return (
            _holds(actual.get("spec", {}), self.spec)
            and _holds(actual.get("status", {}), self.status)
            and all(_is_same(known.get(one.type), one) for one in self.conditions)
        )


def is_ours(actual: Object) -> bool:
    """Whether we have written any of it: what others wrote alone is never touched.

    Its status aside, where they are told what came of it.
    """
    return any(entry.get("manager") == MANAGER and not entry.get("subresource") for entry in managed(actual))


def managed(actual: Object) -> Sequence[Object]:
    """Who wrote which fields, as the cluster keeps it."""
    return actual.get("metadata", {}).get("managedFields") or ()


def conditions_of(actual: Object) -> dict[str, Object]:
    found = (actual.get("status") or {}).get("conditions") or ()
    return {one.get("type", ""): one for one in found}


def _is_same(known: Object | None, wished: Condition) -> bool:
    return known is not None and all(known.get(key, "") == value for key, value in wished._asdict().items())


def _dated(wished: Condition, known: Mapping[str, Object], now: Now) -> dict[str, Any]:
    old = known.get(wished.type)
    is_kept = old is not None and old.get("status") == wished.status and old.get(_TIME)
    at = old[_TIME] if old and is_kept else now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**wished._asdict(), _TIME: at}


def _holds(actual: Any, wished: Any) -> bool:  # noqa: ANN401 JSON of any shape
    """Whether a value holds what is wished; what mappings hold beside is somebody else's."""
    if isinstance(wished, Mapping):
        return isinstance(actual, Mapping) and all(
            key in actual and _holds(actual[key], value) for key, value in wished.items()
        )
    return bool(actual == wished)
