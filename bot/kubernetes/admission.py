"""Answers the API server before it stores a change: who asks is marked on the object, and nobody else is.

Every change of a PackageRevision comes by here (admission.k8s.io/v1). Nothing is refused: whether a step may
be taken is decided with the facts, when it is taken.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import InvalidDocument
from bot.kubernetes.cluster import Object
from bot.kubernetes.stamp import LONGEST_USER, STAMP, Stamps

API_VERSION = "admission.k8s.io/v1"
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Admission:
    """Marks changes with `stamps`; `me` is the user that Portico itself is in the cluster.

    An object that is being deleted cannot be changed by the answer: `keep` writes the mark onto it before.
    """

    stamps: Stamps
    me: str
    keep: Callable[[Object, str], None]

    def answer(self, review: Any) -> dict[str, Any]:  # noqa: ANN401 whoever can reach us sends what they like
        """The AdmissionReview to send back; raises InvalidDocument for one that is none."""
        try:
            request = review["request"]
            patch = list(self._patch(request))
            response: dict[str, Any] = {"uid": str(request["uid"]), "allowed": True}
        except (KeyError, TypeError, AttributeError):
            raise InvalidDocument("The body must be an AdmissionReview of admission.k8s.io/v1.") from None
        if patch:
            response["patchType"] = "JSONPatch"
            response["patch"] = base64.b64encode(json.dumps(patch).encode()).decode()
        return {"apiVersion": API_VERSION, "kind": "AdmissionReview", "response": response}

    def _patch(self, request: Json) -> Iterator[Json]:
        user = str(request["userInfo"]["username"])
        old, new = request.get("oldObject"), request.get("object")
        if request["operation"] == "DELETE":
            if old and user != self.me and not request.get("dryRun"):
                self.keep(old, self._mark(old, user))
        elif new:
            yield from _marked(new, self._wanted(old or new, new, user, is_new=not old))

    def _wanted(self, old: Object, new: Object, user: str, *, is_new: bool) -> str:
        """The mark that the object is to bear: whatever its writer wrote there counts for nothing."""
        if user == self.me:
            return _mark_of(new)
        if is_new:
            return self._mark(new, user)
        is_order = old.get("spec") != new.get("spec")
        return self._mark(old, user) if is_order else _mark_of(old)

    def _mark(self, item: Object, user: str) -> str:
        return self.stamps.make(item, user) if len(user) <= LONGEST_USER and user.isprintable() else ""


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
