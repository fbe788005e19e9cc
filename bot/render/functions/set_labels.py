"""set-labels: put labels on resources, and into the selectors and templates that belong to them."""

from functools import lru_cache
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.budget import Budget, cost_of
from bot.render.config import go_kind, is_config_map
from bot.render.fields import EACH, Path, mappings_at, put_text
from bot.render.function import Outcome, failed, fault_of, succeeded

NAME = "set-labels"
_FAILURE = "failed to evaluate function: error: function failure"


class Type(NamedTuple):
    """What resources a place belongs to; '' matches anything."""

    kind: str
    group: str = ""

    def matches(self, group: str, kind: str) -> bool:
        """As the catalog compares: what a resource does not say of itself matches too."""
        return (not kind or kind == self.kind) and (not self.group or not group or group == self.group)


class Place(NamedTuple):
    """Where labels go.

    With `create` they are added, without it only labels that are there already get their value. `parent` is a
    path that must exist before anything is added. `weight` is how often kpt counts the place.
    """

    types: tuple[Type, ...]
    path: Path
    create: bool = True
    parent: Path = ()
    weight: int = 1


def _path(text: str) -> Path:
    return tuple(text.split("/"))


def _template(types: tuple[Type, ...], prefix: str) -> tuple[Place, ...]:
    """The places of a pod template."""
    spread = f"{prefix}/template/spec/topologySpreadConstraints/{EACH}/labelSelector/matchLabels"
    return (
        Place(types, _path(f"{prefix}/template/metadata/labels"), parent=_path(f"{prefix}/template")),
        Place(types, _path(spread), create=False),
    )


_CORE = (Type("Service"), Type("ReplicationController"))
_REPLICATED = (Type("Deployment"), Type("ReplicaSet"), Type("DaemonSet"), Type("StatefulSet", "apps"))
_SELECTED = (Type("Job", "batch"), Type("PodDisruptionBudget", "policy"))
_NETWORK = (Type("NetworkPolicy", "networking.k8s.io"),)
_CRON = (Type("CronJob", "batch"),)
_STATEFUL = (Type("StatefulSet", "apps"),)
_WITH_PODS = (Type("ReplicationController"), *_REPLICATED, Type("Job", "batch"))

PLACES = (
    Place(_CORE, _path("spec/selector")),
    Place(_REPLICATED, _path("spec/selector/matchLabels")),
    Place(_SELECTED, _path("spec/selector/matchLabels"), create=False),
    Place(_NETWORK, _path("spec/podSelector/matchLabels"), create=False),
    Place(_NETWORK, _path(f"spec/ingress/{EACH}/from/{EACH}/podSelector/matchLabels"), create=False),
    Place(_NETWORK, _path(f"spec/egress/{EACH}/to/{EACH}/podSelector/matchLabels"), create=False),
    *_template(_WITH_PODS, "spec"),
    Place(_CRON, _path("spec/jobTemplate/metadata/labels"), parent=_path("spec/jobTemplate")),
    Place(_CRON, _path("spec/jobTemplate/spec/selector/matchLabels"), create=False),
    *_template(_CRON, "spec/jobTemplate/spec"),
    Place(_STATEFUL, _path(f"spec/volumeClaimTemplates/{EACH}/metadata/labels"), weight=2),
)
_METADATA = ("metadata", "labels")


def set_labels(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the labels are a ConfigMap's data, or the `labels` of a SetLabels."""
    if config is None:
        return failed(items, "`FunctionConfig` is not given", severity="info", stderr=_FAILURE)
    try:
        labels = _read(config)
        cost = cost_of(labels, "labels")
    except InvalidDocument as error:
        return failed(items, error.reason, stderr=_FAILURE)
    if not labels:
        return succeeded(items, "no `labels` arguments are given in FunctionConfig", severity="warning")
    if not items:
        return succeeded(items, "no input resources")
    count = 0
    budget = Budget()
    faults: list[Result] = []
    for item in items:
        if item.is_local_config:
            continue
        try:
            count += _label(item, labels, budget, cost)
        except InvalidDocument as error:
            faults.append(fault_of(item, error))
    if faults:
        return Outcome(items, tuple(faults), 1, _FAILURE)
    return succeeded(items, f"set {count} labels in total")


def _label(item: Resource, labels: list[tuple[str, str]], budget: Budget, cost: int) -> int:
    """Put the labels on one resource; how many places of how many labels were met."""
    count = 0
    for node in mappings_at(item, _METADATA, create=True):
        budget.spend(cost, item.root.line)
        count += _put(item, node, labels, create=True)
    for place in _places_of(item.group, item.kind):
        create = place.create and (not place.parent or item.root.get(*place.parent) is not None)
        for node in mappings_at(item, place.path, create=create):
            budget.spend(cost, item.root.line)
            count += place.weight * _put(item, node, labels, create=place.create)
    return count


@lru_cache(maxsize=256)  # a package has resources of a few kinds
def _places_of(group: str, kind: str) -> tuple[Place, ...]:
    return tuple(place for place in PLACES if any(wanted.matches(group, kind) for wanted in place.types))


def _put(item: Resource, node: Node, labels: list[tuple[str, str]], *, create: bool) -> int:
    wanted = [(key, value) for key, value in labels if create or node.get(key) is not None]
    for key, value in wanted:
        put_text(item, node, key, value)
    return len(wanted)


def _read(config: Node) -> list[tuple[str, str]]:
    """The labels, sorted by key; raises InvalidDocument where the config is of another kind or shape."""
    root = config.root
    group = root.text("apiVersion").rpartition("/")[0]
    if is_config_map(config):
        found, field = root.get("data"), "data"
    elif group == "fn.kpt.dev" and root.text("kind") == "SetLabels":
        found, field = root.get("labels"), "SetLabels.labels"
    else:
        kind = ".".join(filter(None, (root.text("kind"), group)))
        raise InvalidDocument(
            f"unknown FunctionConfig `{kind}`, expect `SetLabels.fn.kpt.dev` or `ConfigMap.v1`",
            line=root.line,
        )
    if found is None or found.tag == "!!null":
        return []
    if found.kind is not Kind.MAPPING:
        raise _mismatch(found, field, "map[string]string")
    for _, value in found.pairs():
        if value.tag not in {"!!str", "!!null"}:
            raise _mismatch(value, field, "string")
    return sorted((key.value, "" if value.tag == "!!null" else value.value) for key, value in found.pairs())


def _mismatch(node: Node, field: str, wanted: str) -> InvalidDocument:
    return InvalidDocument(
        "unable to convert object to *setlabels.SetLabels with error: json: cannot unmarshal "
        f"{go_kind(node)} into Go struct field {field} of type {wanted}",
        line=node.line,
    )
