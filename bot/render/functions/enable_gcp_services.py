"""enable-gcp-services: a Service of Config Connector for each API that a ProjectServiceSet enables."""

import re
from collections.abc import Iterator

from bot.errors import InvalidDocument
from bot.packages.documents import from_plain
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.function import is_null
from bot.packages.rendering import Result
from bot.packages.resource import LOCAL_CONFIG, Identity, Resource
from bot.render.function import Outcome, about, fault_of, reference
from bot.render.generation import generated, package_of, place_of, renew

NAME = "enable-gcp-services"
OWNER = "blueprints.cloud.google.com/ownerReference"
_OWNERS = "blueprints.cloud.google.com/ProjectServiceSet/"
_SET = ("blueprints.cloud.google.com/v1alpha1", "ProjectServiceSet")
_SERVICE = ("serviceusage.cnrm.cloud.google.com/v1beta1", "Service")
_HOST = ".googleapis.com"
_API = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.googleapis\.com", re.ASCII)
_LONGEST_SHOWN = 80


def enable_gcp_services(items: list[Resource], config: Node | None) -> Outcome:  # noqa: ARG001 - it takes no config
    """Run over `items`; the ProjectServiceSets among them say all.

    A Service that a set generated goes when the set is there and asks for it no more. One whose set is gone
    stays, since without it the API would be disabled; so does one that no set generated.
    """
    wanted: dict[Identity, Resource] = {}
    owners: set[str] = set()
    faults: list[Result] = []
    for item in items:
        if (item.api_version, item.kind) == _SET:
            owners.add(_OWNERS + item.name)
            try:
                for service in _services(item):
                    wanted.setdefault(service.identity, service)
            except InvalidDocument as error:
                faults.append(fault_of(item, error))
    services = [item for item in items if (item.api_version, item.kind) == _SERVICE]
    faults += [_not_ours(item) for item in services if item.identity in wanted and not _owner(item)]
    if faults:
        return Outcome(items, tuple(faults), 1, f"[error]: {faults[0].message}")
    return _put(items, wanted, owners)


def _put(items: list[Resource], wanted: dict[Identity, Resource], owners: set[str]) -> Outcome:
    """Put the wanted services among the items, and take out those that were generated and are not wanted."""
    package = package_of(items)
    left: list[Resource] = []
    results: list[Result] = []
    there: set[Identity] = set()  # generated before, be it at another place
    renewed: set[Identity] = set()
    for item in items:
        owner = _owner(item) if (item.api_version, item.kind) == _SERVICE else ""
        new = wanted.get(item.identity) if owner else None
        if new is not None:
            there.add(item.identity)
            if item.path == place_of(item, package) and item.identity not in renewed:
                renewed.add(item.identity)
                renew(item, new)
                left.append(item)
        elif owner in owners:
            results.append(about(item, "pruned service"))
        else:
            left.append(item)
    for identity, new in wanted.items():
        message = "recreated service" if identity in there else "generated service"
        results.append(Result(message, "info", place_of(new, package), resource=reference(new)))
        if identity not in renewed:
            left.append(new)
    return Outcome(left, tuple(sorted(results, key=lambda result: (result.file, result.document))))


def _owner(item: Resource) -> str:
    """The set that generated a service, as its annotation says; '' when none did."""
    owner = item.root.text("metadata", "annotations", OWNER)
    return owner if owner.startswith(_OWNERS) else ""


def _not_ours(item: Resource) -> Result:
    message = (
        "a ProjectServiceSet asks for this service, which it did not generate; remove one of them, or give "
        f"the service the annotation `{OWNER}`"
    )
    return about(item, message, "error")


def _services(item: Resource) -> Iterator[Resource]:
    """A set's services; raises InvalidDocument for a set that does not say what it must."""
    project = item.root.get("spec", "projectID")
    if project is not None and not is_null(project) and not _is_text(project):
        raise InvalidDocument("`spec.projectID` must be a string: put it in quotes.", line=project.line)
    apis = item.root.get("spec", "services")
    if apis is None or is_null(apis) or (apis.kind is Kind.SEQUENCE and not apis.content):
        raise InvalidDocument("at least one service must be specified under `spec.services[]`")
    if apis.kind is not Kind.SEQUENCE:
        raise InvalidDocument("`spec.services` must be a list.", line=apis.line)
    for api in apis.content:
        if not (_is_text(api) and _API.fullmatch(api.value)):
            shown = api.value[:_LONGEST_SHOWN]
            raise InvalidDocument(f"invalid service specified: {shown}", line=api.line)
        yield _service(item, api.value, item.root.text("spec", "projectID"))


def _is_text(node: Node) -> bool:
    return node.kind is Kind.SCALAR and node.tag == "!!str"


def _service(item: Resource, api: str, project: str) -> Resource:
    """One service, with the set's annotations; the mark of a local config is the set's own."""
    notes = {key: text for key, text in item.annotations.items() if key != LOCAL_CONFIG}
    notes[OWNER] = _OWNERS + item.name
    meta: dict[str, object] = {"name": f"{item.name}-{api.removesuffix(_HOST)}", "annotations": notes}
    if item.namespace:
        meta["namespace"] = item.namespace
    spec: dict[str, object] = {"resourceID": api}
    if project:
        spec["projectRef"] = {"external": project}
    version, kind = _SERVICE
    root = from_plain({"apiVersion": version, "kind": kind, "metadata": meta, "spec": spec})
    annotations = root.get("metadata", "annotations")
    for value in annotations.content[1::2] if annotations is not None else ():
        value.style = Style.SINGLE_QUOTED
    return generated(root)
