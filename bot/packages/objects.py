"""A package revision as Porch's `PackageRevision` object of `porch.kpt.dev/v1alpha2` (facts: Porch §2.5)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from bot.packages.kptfile import Kptfile
from bot.packages.layout import HEADS, TAGS
from bot.packages.naming import object_name
from bot.packages.provenance import Strategy
from bot.packages.registration import Registration, redacted
from bot.packages.revision import PackageRevision

API_VERSION = "porch.kpt.dev/v1alpha2"
KIND = "PackageRevision"
LATEST_LABEL = "porch.kpt.dev/latest-revision"
REPOSITORY_LABEL = "porch.kpt.dev/repository"
# Porch's own name space and wording, so that one revision has one uid whoever lists it (facts: Porch §2.1).
_UIDS = UUID("aac71d91-5c67-456f-8fd2-902ef6da820e")
_CREATED = {"init": "init", "clone": "clone", "edit": "copy", "upgrade": "upgrade"}

Json = Mapping[Any, Any]


class Details(NamedTuple):
    """What only `-o yaml` tells: `kptfile` is None where it cannot be read, `task` is Porch's first task."""

    kptfile: Kptfile | None = None
    task: Json | None = None
    published_by: str = ""
    published_at: datetime | None = None


def uid(namespace: str, name: str) -> str:
    """The object's uid, the same as Porch's."""
    return str(uuid5(_UIDS, f"packagerevision:porch.kpt.dev/v1alpha1/{namespace}/{name}".lower()))


def name_of(registration: Registration, revision: PackageRevision) -> str:
    """The object's name; one that breaks Kubernetes' rules is shown as it is (facts: Porch §1.7)."""
    return object_name(registration.name, revision.path, revision.workspace)


def to_object(
    registration: Registration, revision: PackageRevision, details: Details, namespace: str = "default"
) -> dict[str, Any]:
    """The whole object, as JSON has it; what is not known is left out."""
    name = name_of(registration, revision)
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {
            "name": name,
            "namespace": namespace,
            "uid": uid(namespace, name),
            "resourceVersion": revision.commit,
            "labels": {LATEST_LABEL: str(revision.latest).lower(), REPOSITORY_LABEL: registration.name},
        },
        "spec": _spec(registration, revision, details),
        "status": _status(registration, revision, details),
    }


def _spec(registration: Registration, revision: PackageRevision, details: Details) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "packageName": revision.path,
        "repository": registration.name,
        "workspaceName": revision.workspace,
        "lifecycle": revision.lifecycle.value,
    }
    if source := _source(details.task or {}):
        spec["source"] = source
    kptfile = details.kptfile
    if kptfile and kptfile.readiness_gates:
        spec["readinessGates"] = [{"conditionType": gate} for gate in kptfile.readiness_gates]
    if kptfile and (kptfile.labels or kptfile.annotations):
        metadata = {"labels": dict(kptfile.labels), "annotations": dict(kptfile.annotations)}
        spec["packageMetadata"] = {key: value for key, value in metadata.items() if value}
    return spec


def _status(registration: Registration, revision: PackageRevision, details: Details) -> dict[str, Any]:
    status: dict[str, Any] = {"revision": revision.revision, "deployment": registration.deployment}
    kptfile = details.kptfile
    if kptfile and kptfile.upstream_lock:
        lock = kptfile.upstream_lock._asdict()
        status["upstreamLock"] = {"type": "git", "git": {key: value for key, value in lock.items() if value}}
    status["selfLock"] = {
        "type": "git",
        "git": {
            "repo": registration.url,
            "directory": registration.layout.full_path(revision.path),
            "ref": revision.ref.removeprefix(TAGS).removeprefix(HEADS),
            "commit": revision.commit,
        },
    }
    if details.published_by:
        status["publishedBy"] = details.published_by
    if details.published_at:
        status["publishedAt"] = details.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if kind := _CREATED.get(str((details.task or {}).get("type"))):
        status["creationSource"] = kind
    if kptfile and kptfile.conditions:
        conditions = [condition._asdict() for condition in kptfile.conditions]
        status["packageConditions"] = [
            {key: value for key, value in condition.items() if value or key == "status"}
            for condition in conditions
        ]
    return status


def _source(task: Json) -> dict[str, Any]:
    """`spec.source` from the task that began the revision; {} when it says too little to be one."""
    match task:
        case {"type": "init", "init": {**init}}:
            return {"init": _init(init)}
        case {"type": "init"}:
            return {"init": {}}
        case {"type": "edit", "edit": {"sourceRef": {"name": str(name)}}}:
            return {"copyFrom": {"name": name}}
        case {"type": "clone", "clone": {"upstreamRef": {**upstream}}}:
            return _clone(upstream)
        case {"type": "upgrade", "upgrade": {**upgrade}}:
            return _upgrade(upgrade)
    return {}


def _init(init: Json) -> dict[str, Any]:
    found = {
        key: init[key] for key in ("subpackage", "description", "site") if isinstance(init.get(key), str)
    }
    keywords = init.get("keywords")
    if isinstance(keywords, list) and all(isinstance(keyword, str) for keyword in keywords):
        found["keywords"] = keywords
    return found


def _clone(upstream: Json) -> dict[str, Any]:
    match upstream:
        case {"upstreamRef": {"name": str(name)}}:
            return {"cloneFrom": {"upstreamRef": {"name": name}}}
        case {"git": {"repo": str(repo), "directory": str(directory), "ref": str(ref)}}:
            git = {"repo": redacted(repo), "directory": directory, "ref": ref}
            return {"cloneFrom": {"type": "git", "git": git}}
    return {}


def _upgrade(upgrade: Json) -> dict[str, Any]:
    fields = {
        "oldUpstream": "oldUpstreamRef",
        "newUpstream": "newUpstreamRef",
        "currentPackage": "localPackageRevisionRef",
    }
    found: dict[str, Any] = {}
    for field, key in fields.items():
        match upgrade.get(key):
            case {"name": str(name)}:
                found[field] = {"name": name}
            case _:
                return {}
    if upgrade.get("strategy") in tuple(Strategy):
        found["strategy"] = upgrade["strategy"]
    return {"upgrade": found}
