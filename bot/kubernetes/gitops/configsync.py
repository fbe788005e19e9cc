"""Config Sync: a `RootSync`, which takes one directory of one repository at one revision."""

from bot.errors import Refused
from bot.kubernetes.gitops.address import is_ssh
from bot.kubernetes.gitops.engine import Engine, Object, Written, condition, metadata, remarked, told
from bot.kubernetes.gitops.marks import marks
from bot.kubernetes.gitops.pin import Pin, Place
from bot.kubernetes.kinds import Kind
from bot.packages.naming import quoted

NAMESPACE = "config-management-system"
ROOT_SYNC = Kind("configsync.gke.io", "v1beta1", "rootsyncs", "RootSync")
_PROPAGATION = "configsync.gke.io/deletion-propagation-policy"
# It names Deployments `root-reconciler-<name>`, and a label of DNS has 63 characters.
_LONGEST = 47


def _build(pin: Pin, place: Place) -> tuple[Written, ...]:
    if place.namespace != NAMESPACE:
        raise Refused(
            f"Config Sync looks for its RootSync objects in {quoted(NAMESPACE)} alone; leave "
            "`--namespace` out."
        )
    if place.target:
        raise Refused(
            "Config Sync puts objects into the namespaces that they name themselves; leave "
            "`--target-namespace` out, and let the package's pipeline set them."
        )
    ssh = is_ssh(place.url)
    if ssh and not place.access:
        raise Refused(
            f"Config Sync needs a key for {quoted(place.url)}: name the Secret that holds it with "
            "`--secret-name`, or an https URL with `--url`."
        )
    auth = "none" if not place.access else "ssh" if ssh else "token"
    git = {"repo": place.url, "revision": pin.ref, "dir": pin.directory, "auth": auth}
    marked = marks(pin)
    if place.cascade:
        marked["annotations"][_PROPAGATION] = "Foreground"
    spec = {
        "sourceFormat": "unstructured",
        "sourceType": "git",
        "git": {**git, **({"secretRef": {"name": place.access}} if place.access else {})},
    }
    return (Written(ROOT_SYNC, {"metadata": metadata(place, marked), "spec": spec}),)


def _move(_kind: Kind, item: Object, pin: Pin) -> Object:
    git = {**item["spec"]["git"], "revision": pin.ref, "dir": pin.directory}
    return {"metadata": remarked(item, marks(pin)), "spec": {**item["spec"], "git": git}}


def _ref(item: Object) -> str:
    return str((item.get("spec") or {}).get("git", {}).get("revision", ""))


def _url(item: Object) -> str:
    return str((item.get("spec") or {}).get("git", {}).get("repo", ""))


def _state(items: tuple[Object, ...]) -> str:
    for kind in ("Stalled", "Reconciling"):
        if (found := condition(items[0], kind)).get("status") == "True":
            return f"{kind}: {told(found)}"
    return told(condition(items[0], "Syncing"))


CONFIG_SYNC = Engine(
    "configsync", "Config Sync", NAMESPACE, _LONGEST, (ROOT_SYNC,), _build, _move, _ref, _url, _state
)
