"""set-annotations: put annotations on resources, on the templates in them, and where the config says."""

import json

from bot.errors import InvalidDocument
from bot.packages.documents.node import Node
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.budget import Budget, cost_of
from bot.render.config import is_config_map, texts_of
from bot.render.fields import dotted, mappings_at, put_text
from bot.render.fieldspec import FieldSpec, read_specs
from bot.render.function import Outcome, failed, fault_of, inside

NAME = "set-annotations"
_CONFIG_KINDS = {"SetAnnotations": "additionalAnnotationFields", "SetAnnotationConfig": "fieldSpecs"}
_WRONG_KIND = "`functionConfig` must be a `ConfigMap` or `SetAnnotations`"
_TEMPLATE = ("spec", "template", "metadata", "annotations")
_JOB_TEMPLATE = ("spec", "jobTemplate", "metadata", "annotations")
_JOB_POD_TEMPLATE = ("spec", "jobTemplate", "spec", "template", "metadata", "annotations")
# The same places as kustomize's commonAnnotations.
DEFAULTS = (
    FieldSpec(("metadata", "annotations"), create=True),
    FieldSpec(_TEMPLATE, create=True, version="v1", kind="ReplicationController"),
    FieldSpec(_TEMPLATE, create=True, kind="Deployment"),
    FieldSpec(_TEMPLATE, create=True, kind="ReplicaSet"),
    FieldSpec(_TEMPLATE, create=True, kind="DaemonSet"),
    FieldSpec(_TEMPLATE, create=True, kind="StatefulSet"),
    FieldSpec(_TEMPLATE, create=True, group="batch", kind="Job"),
    FieldSpec(_JOB_TEMPLATE, create=True, group="batch", kind="CronJob"),
    FieldSpec(_JOB_POD_TEMPLATE, create=True, group="batch", kind="CronJob"),
)


def set_annotations(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the annotations are a ConfigMap's data, or the `annotations` of a SetAnnotations."""
    try:
        annotations, specs = _read(config)
        cost = cost_of(annotations, "annotations")
    except InvalidDocument as error:
        message = f"failed to configure function: {error.reason}"
        return failed(items, message, stderr=f"[error]: {message}")
    found: dict[tuple[str, int, str], Result] = {}
    faults: list[Result] = []
    message = "set annotations: " + json.dumps(dict(annotations), separators=(",", ":"), ensure_ascii=False)
    budget = Budget()
    for item in items:
        try:
            for path in _annotate(item, annotations, specs, budget, cost):
                # Functions know paths from the package only, so two packages' files of one name are one here.
                result = Result(message, "", item.path, path, line=item.root.line, document=item.index)
                found[inside(item), item.index, path] = result
        except InvalidDocument as error:
            faults.append(fault_of(item, error))
    if faults:
        return Outcome(items, tuple(faults), 1, f"[error]: {faults[0].message}")
    results = tuple(found[key] for key in sorted(found))
    return Outcome(items, results or (Result("no annotations applied", ""),))


def _annotate(
    item: Resource,
    annotations: list[tuple[str, str]],
    specs: tuple[FieldSpec, ...],
    budget: Budget,
    cost: int,
) -> list[str]:
    """Put the annotations on one resource; the paths that were met."""
    paths = []
    group, _, version = item.api_version.rpartition("/")
    kind = item.kind
    for spec in specs:
        if spec.kind not in {"", kind} or not spec.matches(group, version, kind):
            continue
        for node in mappings_at(item, spec.path, create=spec.create):
            budget.spend(cost, item.root.line)
            for key, value in annotations:
                put_text(item, node, key, value)
            paths.append(dotted(spec.path))
    return paths


def _read(config: Node | None) -> tuple[list[tuple[str, str]], tuple[FieldSpec, ...]]:
    if config is None:
        raise InvalidDocument(_WRONG_KIND)
    root = config.root
    specs: tuple[FieldSpec, ...] = ()
    if is_config_map(config):
        annotations = texts_of(root.get("data"))
    elif root.text("kind") in _CONFIG_KINDS and root.text("apiVersion").startswith("fn.kpt.dev/"):
        annotations = texts_of(root.get("annotations"))
        specs = read_specs(root.get(_CONFIG_KINDS[root.text("kind")]))
    else:
        raise InvalidDocument(_WRONG_KIND)
    if not annotations:
        raise InvalidDocument("input annotation list cannot be empty")
    return sorted(annotations.items()), specs + DEFAULTS
