"""set-namespace: move resources into a namespace, with what refers to it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.config import is_config_map
from bot.render.fields import put_text, set_text
from bot.render.function import Outcome, failed, fault_of, succeeded
from bot.render.scope import is_namespaced

NAME = "set-namespace"
DEFAULT = "default"
ORIGIN = "internal.kpt.dev/upstream-identifier"
_DEPENDENCIES = ("metadata", "annotations", "config.kubernetes.io/depends-on")
_CLUSTER_WIDE = "~C"
_PACKAGE_CONTEXT = "kptfile.kpt.dev"
_DEPENDENCY = re.compile(r"\s*([^/\s]*)/namespaces/([^/\s]*)/([^/\s]*)/([^/\s]*)\s*")
_FAILURE = "failed to evaluate function: error: function failure"
# Where a cluster-wide resource names a namespace: by kind, the mapping that holds the field, and the field.
_REFERENCES = {
    ("v1", "Namespace"): (("metadata",), "name"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"): (
        ("spec", "conversion", "webhook", "clientConfig", "service"),
        "namespace",
    ),
    ("apiregistration.k8s.io/v1", "APIService"): (("spec", "service"), "namespace"),
}


class Wish(NamedTuple):
    """What the config asks: the new namespace, and which old one alone is to be replaced ('': any)."""

    namespace: str
    matcher: str = ""


def set_namespace(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the namespace is in a ConfigMap, the package context, or a SetNamespace."""
    try:
        wish = _read(config)
        _check_origins(items, wish)
    except InvalidDocument as error:
        return failed(items, error.reason, stderr=_FAILURE)
    has_dependencies = any(item.root.get(*_DEPENDENCIES) is not None for item in items)
    names = {_dependency(item) for item in items} if has_dependencies else set()
    old: list[str] = []
    moved: list[str] = []
    faults: list[Result] = []
    for item in items:
        if item.is_local_config:
            continue
        try:
            old += _move(item, wish)
            if has_dependencies:
                moved += _move_dependencies(item, wish, names)
        except InvalidDocument as error:
            faults.append(fault_of(item, error))
    if faults:
        return Outcome(items, tuple(faults), 1, _FAILURE)
    return succeeded(items, _summary(old, wish), _dependency_summary(moved, wish))


def _move(item: Resource, wish: Wish) -> Iterator[str]:
    """Change the namespaces that an item names; yields what they were."""
    origin = item.root.text("metadata", "annotations", ORIGIN).split("|")
    for node, field in _places(item):
        now = node.text(field) or DEFAULT
        matches = not wish.matcher or wish.matcher in {now, origin[2] if len(origin) == 4 else ""}
        # kpt does not count one that stood there unsaid.
        if matches and put_text(item, node, field, wish.namespace) and now != wish.namespace:
            yield now


def _places(item: Resource) -> Iterator[tuple[Node, str]]:
    """Each mapping of the item that names a namespace, with the field that does."""
    root = item.root
    kind = (item.api_version, item.kind)
    if kind in _REFERENCES:
        path, field = _REFERENCES[kind]
        found = root.get(*path)
        if found is not None and found.kind is Kind.MAPPING:
            yield found, field
    elif item.kind == "ClusterRoleBinding" and item.group == "rbac.authorization.k8s.io":
        subjects = root.get("subjects")
        for subject in subjects.content if subjects is not None else ():
            if subject.kind is Kind.MAPPING and subject.get("namespace") is not None:
                yield subject, "namespace"
    else:
        namespaced = is_namespaced(*kind)
        meta = root.get("metadata")
        if meta is not None and (bool(item.namespace) if namespaced is None else namespaced):
            yield meta, "namespace"


def _move_dependencies(item: Resource, wish: Wish, names: set[str]) -> Iterator[str]:
    """Change the namespaces in an item's depends-on annotation that name one of the items."""
    node = item.root.get(*_DEPENDENCIES)
    if node is None or node.kind is not Kind.SCALAR:
        return
    parts = node.value.split(",")
    for index, part in enumerate(parts):
        found = _DEPENDENCY.fullmatch(part)
        if not found or part.strip() not in names or found[2] == wish.namespace:
            continue
        if wish.matcher and wish.matcher != found[2]:
            continue
        parts[index] = part[: found.start(2)] + wish.namespace + part[found.end(2) :]
        yield found[2]
    set_text(item, node, ",".join(parts))


def _dependency(item: Resource) -> str:
    """How a depends-on annotation names an item, before it moves."""
    return f"{item.group}/namespaces/{item.namespace or DEFAULT}/{item.kind}/{item.name}"


def _summary(old: list[str], wish: Wish) -> str:
    if not old:
        return f'all matching namespaces are already "{wish.namespace}". no value changed'
    return (
        f'namespace [{" ".join(sorted(set(old)))}] updated to "{wish.namespace}", {len(old)} value(s) changed'
    )


def _dependency_summary(moved: list[str], wish: Wish) -> str:
    if not moved:
        return "all `depends-on` annotations are up-to-date. no `namespace` changed"
    was = " ".join(sorted(set(moved)))
    change = f'updated to "{wish.namespace}", {len(moved)} value(s) changed'
    return f"`depends-on` annotation namespace [{was}] {change}"


def _read(config: Node | None) -> Wish:
    if config is None:
        raise InvalidDocument(
            "FunctionConfig is missing. Expect `ConfigMap.v1` or `SetNamespace.v1alpha1.fn.kpt.dev`"
        )
    root = config.root
    if is_config_map(config):
        if root.text("metadata", "name") == _PACKAGE_CONTEXT:
            return _wish(root.text("data", "name"), "", "data.name")
        return _wish(root.text("data", "namespace"), root.text("data", "namespaceMatcher"), "data.namespace")
    if root.text("kind") == "SetNamespace" and root.text("apiVersion") == "fn.kpt.dev/v1alpha1":
        return _wish(root.text("namespace"), root.text("namespaceMatcher"), "namespace")
    raise InvalidDocument(
        f"unknown FunctionConfig Kind=`{root.text('kind')}` ApiVersion=`{root.text('apiVersion')}`, "
        "expect `ConfigMap.v1` or `SetNamespace.v1alpha1.fn.kpt.dev`"
    )


def _wish(namespace: str, matcher: str, field: str) -> Wish:
    if not namespace:
        raise InvalidDocument(f"`{field}` should not be empty")
    return Wish(namespace, matcher)


def _check_origins(items: list[Resource], wish: Wish) -> None:
    """Without a matcher, resources that came from several namespaces must not become one by accident."""
    if wish.matcher:
        return
    identifiers = (item.root.text("metadata", "annotations", ORIGIN).split("|") for item in items)
    origins = {parts[2] for parts in identifiers if len(parts) == 4} - {_CLUSTER_WIDE, ""}
    if len(origins) > 1:
        raise InvalidDocument(
            "unable to use origin `namespace` to match. expect a single upstream namespace, found "
            f"[{' '.join(sorted(origins))}]. please switch to use `namespaceMatcher` to specify the "
            "namespace value you want to change"
        )
