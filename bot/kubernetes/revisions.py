"""Package revisions as the objects that a cluster shall have of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.kubernetes.cluster import Object
from bot.kubernetes.hearing import Rendered
from bot.kubernetes.kinds import REPOSITORY
from bot.kubernetes.wished import Condition, Wished, conditions_of
from bot.packages.objects import Details, to_object
from bot.packages.registration import Registration
from bot.packages.revision import Lifecycle, PackageRevision

FINALIZER = "portico.dev/orders"  # so that a deletion is heard, however long nobody listened
OBEYED = "portico.dev/Obeyed"  # the condition that tells what came of a person's last order
DELETABLE = (Lifecycle.DRAFT, Lifecycle.PROPOSED, Lifecycle.DELETION_PROPOSED)
LONGEST_MESSAGE = 32_000  # characters; a condition's message may have 32,768


def wished(
    registration: Registration,
    revision: PackageRevision,
    details: Details,
    owner: Object,
    rendered: Rendered = None,
) -> Wished:
    """The object of one revision; `owner` is the Repository object that it belongs to."""
    namespace = owner["metadata"]["namespace"]
    whole = to_object(registration, revision, details, namespace)
    metadata: dict[str, Any] = {
        "name": whole["metadata"]["name"],
        "namespace": namespace,
        "labels": whole["metadata"]["labels"],
        "ownerReferences": [reference(owner)],
    }
    if revision.lifecycle in DELETABLE:
        metadata["finalizers"] = [FINALIZER]
    ready = Condition("Ready", "True", "Ready", "")
    return Wished(metadata, whole["spec"], whole["status"], (ready, *_rendered(rendered)))


def _rendered(rendered: Rendered) -> Iterator[Condition]:
    """Porch's condition of this name (facts: Porch §2.5), where a rendering is known."""
    if rendered:
        said = "\n".join(map(str, rendered))
        yield Condition("Rendered", "False", "RenderFailed", said[:LONGEST_MESSAGE])
    elif rendered is not None:
        yield Condition("Rendered", "True", "Rendered", "")


def beside(wish: Wished, actual: Object, told: str | None) -> Wished:
    """The wish for an object that is there: what is not ours to say stays, what came of an order is told.

    `told` is why an order was not obeyed, '' for one that was, None for none: then what was told last stays
    for as long as the revision is what it was.
    """
    if source := actual.get("spec", {}).get("source"):
        wish = wish._replace(spec={**wish.spec, "source": source})  # how it began never changes
    stands = wish.spec["lifecycle"], wish.status["selfLock"]["git"]["commit"]
    return telling(wish, actual, told, stays=_stands(actual) == stands)


def telling(wish: Wished, actual: Object, told: str | None, *, stays: bool) -> Wished:
    """The wish with what came of an order; what was told before, if it `stays`, where there was none now."""
    if told is not None:
        return wish._replace(conditions=(*wish.conditions, _told(told)))
    known = conditions_of(actual).get(OBEYED)
    if known is None or not stays:
        return wish
    old = Condition(OBEYED, str(known["status"]), str(known["reason"]), str(known["message"]))
    return wish._replace(conditions=(*wish.conditions, old))


def _told(told: str) -> Condition:
    if told:
        return Condition(OBEYED, "False", "Refused", told[:LONGEST_MESSAGE])
    return Condition(OBEYED, "True", "Obeyed", "")


def _stands(actual: Object) -> tuple[str, str]:
    lock: Mapping[str, Any] = ((actual.get("status") or {}).get("selfLock") or {}).get("git", {})
    return str(actual.get("spec", {}).get("lifecycle", "")), str(lock.get("commit", ""))


def reference(owner: Object) -> dict[str, Any]:
    """By which the cluster deletes what belongs to a Repository together with it."""
    return {
        "apiVersion": REPOSITORY.api_version,
        "kind": REPOSITORY.kind,
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
    }
