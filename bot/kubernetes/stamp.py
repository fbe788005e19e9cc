"""Who changed an object last, proven: a mark that only our admission webhook can make."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from bot.kubernetes.cluster import Object
from bot.lifecycle.person import Person

STAMP = "portico.dev/asked-by"  # annotation
DELETED = "deleted"  # no lifecycle is called so
ASKED = ("packageName", "workspaceName", "repository", "source")  # of a draft that is to begin
LONGEST_USER = 300  # characters; what is longer is nobody's name


@dataclass(frozen=True, slots=True)
class Stamps:
    """Makes and reads marks with one secret key, which all of Portico's processes share."""

    key: bytes

    def __repr__(self) -> str:
        return "Stamps(…)"

    @property
    def door(self) -> str:
        """The path at which the API server asks for marks, a secret: whoever knew it could have any made."""
        return f"/admission/{hashlib.sha256(b'admission ' + self.key).hexdigest()}"

    def make(self, item: Object, user: str, wanted: str) -> str:
        """The mark for what `user` is about to make of an object that is still as `item` says it is.

        `wanted` is what `spec.lifecycle` shall be, or DELETED.
        """
        generation = int(item["metadata"].get("generation", 0))
        return f"{generation} {self._seal(item, generation, user, wanted)} {user}"

    def read(self, item: Object) -> Person | None:
        """Who made the last change of the object's spec, or deleted it; None where no mark of ours says so.

        A mark is good for one change: with each, the object's generation moves on.
        """
        metadata = item.get("metadata", {})
        mark = (metadata.get("annotations") or {}).get(STAMP, "")
        number, _, rest = mark.partition(" ")
        seal, _, user = rest.partition(" ")
        if not (number.isascii() and number.isdigit() and user and len(number) < 20):
            return None
        if int(number) != int(metadata.get("generation", 0)) - 1:
            return None
        wanted = DELETED if metadata.get("deletionTimestamp") else lifecycle_of(item)
        if not hmac.compare_digest(seal.encode(), self._seal(item, int(number), user, wanted).encode()):
            return None
        return person(user)

    def _seal(self, item: Object, generation: int, user: str, wanted: str) -> str:
        metadata: Any = item["metadata"]
        # What is being created has no uid yet.
        uid = metadata.get("uid", "") if generation else ""
        place = [item.get("kind", ""), metadata.get("namespace", ""), metadata["name"], uid]
        # Nor is there but one of that name in all times: the mark is for what is asked for, and nothing else.
        asked = "" if generation else {key: (item.get("spec") or {}).get(key) for key in ASKED}
        said = json.dumps([*place, generation, user, wanted, asked], sort_keys=True)
        return hmac.new(self.key, said.encode(), hashlib.sha256).hexdigest()


def lifecycle_of(item: Object) -> str:
    return str((item.get("spec") or {}).get("lifecycle", ""))


def person(user: str) -> Person:
    """A user of the cluster as policies name people: by login, or by e-mail address."""
    return Person(user, email=user if "@" in user else "")
