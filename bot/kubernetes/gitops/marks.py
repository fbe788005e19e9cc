"""By what an object is known to be ours, and what it is pinned to."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.kubernetes.gitops.pin import Pin

Object = Mapping[str, Any]
MANAGED_BY = "app.kubernetes.io/managed-by"  # label, of Kubernetes' own recommended ones
OURS = "portico"
REPOSITORY = "portico.dev/repository"  # label
FOLLOWS = "portico.dev/follows"  # label
LATEST = "latest"
PACKAGE = "portico.dev/package"  # annotation, for a path has slashes
REVISION = "portico.dev/package-revision"  # annotation
COMMIT = "portico.dev/commit"  # annotation
SELECTOR = f"{MANAGED_BY}={OURS},{REPOSITORY}"


class Mark(NamedTuple):
    """What our marks on an object say."""

    repository: str
    package: str
    follows: bool

    @property
    def path(self) -> str:
        """The package as people name it: <repository>.<path, with dots>."""
        return ".".join((self.repository, *self.package.split("/")))


def marks(pin: Pin) -> dict[str, dict[str, str]]:
    """Labels and annotations of an object that is pinned to `pin`."""
    follows = {FOLLOWS: LATEST} if pin.follows else {}
    return {
        "labels": {MANAGED_BY: OURS, REPOSITORY: pin.repository, **follows},
        "annotations": {PACKAGE: pin.package, REVISION: pin.name, COMMIT: pin.commit},
    }


def mark_of(item: Object) -> Mark | None:
    """What our marks on an object say; None where they are missing."""
    metadata = item.get("metadata") or {}
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    if labels.get(MANAGED_BY) != OURS or not labels.get(REPOSITORY) or not annotations.get(PACKAGE):
        return None
    return Mark(labels[REPOSITORY], annotations[PACKAGE], labels.get(FOLLOWS) == LATEST)
