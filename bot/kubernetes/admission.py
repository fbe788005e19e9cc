"""Answers the API server before it stores a change: who asks is marked on the object, and nobody else is.

Every change of a PackageRevision comes by here (admission.k8s.io/v1). Whether a step may be taken is decided
with the facts, when it is taken.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import InvalidDocument, UserError
from bot.kubernetes.cluster import Object
from bot.kubernetes.kinds import RESOURCES, REVISION
from bot.kubernetes.resources import are_ours
from bot.kubernetes.stamp import DELETED, LONGEST_USER, STAMP, Stamps, lifecycle_of
from bot.kubernetes.wished import is_ours

API_VERSION = "admission.k8s.io/v1"
PROGRAM, SYSTEM = "system:serviceaccount:", "kube-system"
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Admission:
    """Marks changes with `stamps`; `me` is the user that Portico itself is in the cluster.

    Who asks is believed to be the API server, for nobody else knows the path `stamps.door`.

    An object that is being deleted cannot be changed by the answer: `keep` writes the mark onto it before.
    """

    stamps: Stamps
    me: str
    keep: Callable[[Object, str], None]

    def answer(self, review: Any) -> dict[str, Any]:  # noqa: ANN401 whoever can reach us sends what they like
        """The AdmissionReview to send back; raises InvalidDocument for one that is none.

        Only a deletion that cannot be marked is not let through: it could not be obeyed.
        """
        try:
            request = review["request"]
            response: dict[str, Any] = {"uid": str(request["uid"]), "allowed": True}
            patch = list(self._patch(request))
        except (KeyError, TypeError, AttributeError):
            raise InvalidDocument("The body must be an AdmissionReview of admission.k8s.io/v1.") from None
        except UserError as error:
            response |= {"allowed": False, "status": {"code": 503, "message": str(error)}}
            patch = []
        if patch:
            response["patchType"] = "JSONPatch"
            response["patch"] = base64.b64encode(json.dumps(patch).encode()).decode()
        return {"apiVersion": API_VERSION, "kind": "AdmissionReview", "response": response}

    def _patch(self, request: Json) -> Iterator[Json]:
        user = str(request["userInfo"]["username"])
        old, new = request.get("oldObject"), request.get("object")
        if request.get("dryRun"):
            return  # whoever tries gets no mark to take away
        if request["operation"] == "DELETE":
            if old and user != self.me and old.get("kind", REVISION.kind) == REVISION.kind:
                self._keep(old, user)
        elif new:
            yield from _marked(new, self._wanted(old or new, new, user, is_new=not old))

    def _keep(self, old: Object, user: str) -> None:
        if mark := self._mark(old, user, DELETED):
            self.keep(old, mark)

    def _wanted(self, old: Object, new: Object, user: str, *, is_new: bool) -> str:
        """The mark that the object is to bear: whatever its writer wrote there counts for nothing."""
        if user == self.me:
            return _mark_of(new)
        if is_new or _is_order(old, new):
            return "" if self._is_of_another(old, user) else self._mark(old, user, lifecycle_of(new))
        return _mark_of(old)

    def _is_of_another(self, old: Object, user: str) -> bool:
        """Whether contents hold what somebody else wrote, unheard yet: then neither is their author."""
        if is_ours(old) and not are_ours(old) and old.get("kind") == RESOURCES.kind:
            return (by := self.stamps.read(old)) is None or by.login != user
        return False

    def _mark(self, item: Object, user: str, wanted: str) -> str:
        return self.stamps.make(item, user, wanted) if _is_somebody(user) else ""


def _is_order(old: Object, new: Object) -> bool:
    """Whether the change itself asks for something; who changes aught else asks not for what others wrote."""
    asked = lifecycle_of(old), lifecycle_of(new)
    return asked[0] != asked[1] if any(asked) else old.get("spec") != new.get("spec")


def _is_somebody(user: str) -> bool:
    """Whether a user can ask for anything: a cluster's own parts, such as its garbage collector, cannot."""
    if len(user) > LONGEST_USER or not user.isprintable():
        return False
    return not user.startswith("system:") or (
        user.startswith(PROGRAM) and not user.startswith(f"{PROGRAM}{SYSTEM}:")
    )


def _mark_of(item: Object) -> str:
    return str((item["metadata"].get("annotations") or {}).get(STAMP, ""))


def _marked(item: Object, mark: str) -> Iterator[Json]:
    """JSON Patch (RFC 6902) that gives an object this mark, '' for none."""
    annotations = item["metadata"].get("annotations")
    path = f"/metadata/annotations/{STAMP.replace('~', '~0').replace('/', '~1')}"
    if _mark_of(item) == mark:
        return
    if not mark:
        yield {"op": "remove", "path": path}
    elif annotations is None:
        yield {"op": "add", "path": "/metadata/annotations", "value": {STAMP: mark}}
    else:
        yield {"op": "add", "path": path, "value": mark}
