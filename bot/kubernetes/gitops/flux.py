"""Flux: a `GitRepository`, which fetches one commit, and a `Kustomization`, which applies a directory."""

from bot.errors import Refused
from bot.kubernetes.gitops.address import as_url, is_ssh
from bot.kubernetes.gitops.engine import Engine, Object, Written, condition, metadata, remarked, told
from bot.kubernetes.gitops.marks import marks
from bot.kubernetes.gitops.pin import Pin, Place
from bot.kubernetes.kinds import Kind
from bot.packages.layout import TAGS
from bot.packages.naming import quoted

GIT_REPOSITORY = Kind("source.toolkit.fluxcd.io", "v1", "gitrepositories", "GitRepository")
KUSTOMIZATION = Kind("kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization")
# A pin does not move by itself: this is how soon what was changed by hand is set right.
_INTERVAL = "10m"


def _build(pin: Pin, place: Place) -> tuple[Written, ...]:
    if is_ssh(place.url) and not place.access:
        raise Refused(
            f"Flux needs a key for {quoted(place.url)}: name the Secret that holds it with `--secret-name`, "
            "or an https URL with `--url`."
        )
    secret = {"secretRef": {"name": place.access}} if place.access else {}
    source = {"interval": _INTERVAL, "url": as_url(place.url), "ref": _pinned(pin), **secret}
    target = {"targetNamespace": place.target} if place.target else {}
    applied = {
        "interval": _INTERVAL,
        "sourceRef": {"kind": GIT_REPOSITORY.kind, "name": place.name},
        "path": _path(pin),
        "prune": True,
        "deletionPolicy": "Delete" if place.cascade else "Orphan",
        **target,
    }
    head = metadata(place, marks(pin))
    return (
        Written(GIT_REPOSITORY, {"metadata": head, "spec": source}),
        Written(KUSTOMIZATION, {"metadata": head, "spec": applied}),
    )


def _pinned(pin: Pin) -> dict[str, str]:
    """The commit is what counts, to Flux too; the tag says to people which it is."""
    return {"tag": pin.ref.removeprefix(TAGS), "commit": pin.commit}


def _path(pin: Pin) -> str:
    return f"./{pin.directory}"


def _move(kind: Kind, item: Object, pin: Pin) -> Object:
    moved = {"ref": _pinned(pin)} if kind == GIT_REPOSITORY else {"path": _path(pin)}
    return {"metadata": remarked(item, marks(pin)), "spec": {**item["spec"], **moved}}


def _ref(item: Object) -> str:
    tag = ((item.get("spec") or {}).get("ref") or {}).get("tag", "")
    return TAGS + str(tag) if tag else ""


def _url(item: Object) -> str:
    return str((item.get("spec") or {}).get("url", ""))


def _state(items: tuple[Object, ...]) -> str:
    for kind, item in zip((GIT_REPOSITORY, KUSTOMIZATION), items, strict=True):
        if not item:
            return f"There is no {kind.kind}"
        found = condition(item, "Ready")
        if found.get("status") != "True":
            return f"{kind.kind} not ready: {told(found)}" if found else ""
    return "Ready"


FLUX = Engine(
    "flux", "Flux", "flux-system", 63, (GIT_REPOSITORY, KUSTOMIZATION), _build, _move, _ref, _url, _state
)
