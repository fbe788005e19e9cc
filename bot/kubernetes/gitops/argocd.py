"""Argo CD: an `Application`, which applies one directory of one repository at one revision."""

import re

from bot.errors import Refused
from bot.kubernetes.gitops.engine import Engine, Object, Written, metadata, remarked, told
from bot.kubernetes.gitops.marks import marks
from bot.kubernetes.gitops.pin import Pin, Place
from bot.kubernetes.kinds import Kind
from bot.packages.naming import quoted

APPLICATION = Kind("argoproj.io", "v1alpha1", "applications", "Application")
_FINALIZER = "resources-finalizer.argocd.argoproj.io"
_HERE = "https://kubernetes.default.svc"  # the cluster that Argo CD itself runs in
# Beside these, characters of a path would mean something in a glob.
_PLAIN = re.compile(r"[A-Za-z0-9._/@+=-]+")


def _build(pin: Pin, place: Place) -> tuple[Written, ...]:
    if place.access:
        raise Refused(
            "Argo CD finds credentials by the repository's URL, in Secrets of its own that are labelled "
            f"{quoted('argocd.argoproj.io/secret-type: repository')}; leave `--secret-name` out."
        )
    head = metadata(place, marks(pin))
    if place.cascade:
        head["finalizers"] = [_FINALIZER]
    spec = {
        "project": "default",
        "source": {"repoURL": place.url, **_pinned(pin)},
        "destination": {"server": _HERE, **({"namespace": place.target} if place.target else {})},
        "syncPolicy": {"automated": {"prune": True, "selfHeal": True}},
    }
    return (Written(APPLICATION, {"metadata": head, "spec": spec}),)


def _pinned(pin: Pin) -> dict[str, object]:
    """What says which revision; Argo CD would apply files that are for tools too, and is told of them."""
    directory = {"recurse": True, **({"exclude": _glob(pin.tools)} if pin.tools else {})}
    return {"targetRevision": pin.ref, "path": pin.directory or ".", "directory": directory}


def _glob(paths: tuple[str, ...]) -> str:
    for path in paths:
        if not _PLAIN.fullmatch(path):
            raise Refused(
                f"The file {quoted(path)} holds objects for tools, and its name cannot be said to Argo CD, "
                "which would apply them; name it with letters, digits, '-', '_', '.' and '/' alone."
            )
    return paths[0] if len(paths) == 1 else f"{{{','.join(paths)}}}"


def _move(_kind: Kind, item: Object, pin: Pin) -> Object:
    source = {**item["spec"]["source"], **_pinned(pin)}
    return {"metadata": remarked(item, marks(pin)), "spec": {**item["spec"], "source": source}}


def _ref(item: Object) -> str:
    return str(((item.get("spec") or {}).get("source") or {}).get("targetRevision", ""))


def _url(item: Object) -> str:
    return str(((item.get("spec") or {}).get("source") or {}).get("repoURL", ""))


def _state(items: tuple[Object, ...]) -> str:
    status = items[0].get("status") or {}
    faults = [one for one in status.get("conditions") or () if str(one.get("type", "")).endswith("Error")]
    if faults:
        return told({**faults[0], "reason": faults[0]["type"]})
    words = [(status.get(key) or {}).get("status", "") for key in ("sync", "health")]
    return ", ".join(filter(None, words))


ARGO_CD = Engine("argocd", "Argo CD", "argocd", 63, (APPLICATION,), _build, _move, _ref, _url, _state)
