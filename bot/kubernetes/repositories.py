"""Porch's `Repository` objects: which repositories there are, and what the cluster is told of each."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from bot.errors import NotFound, Refused, UserError
from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.kinds import REPOSITORY, SECRET
from bot.kubernetes.wished import Condition, Now, Wished
from bot.lifecycle.cluster_messages import overlapping
from bot.packages.documents import from_plain
from bot.packages.documents.node import Kind, Node
from bot.packages.naming import quoted
from bot.packages.registration import ROOT, Registration, from_node, overlap

# Porch serves such a repository itself, through the same objects.
BY_PORCH = "porch.kpt.dev/v1alpha2-migration"

# Annotation of a Repository: 'elsewhere' where people order nothing in the cluster.
ORDERS = "portico.dev/orders"
ELSEWHERE = "elsewhere"
# Annotation of a Repository: of which revisions it is shown what is in them.
CONTENTS = "portico.dev/contents"
LATEST, ALL, NONE = "latest", "all", "none"


class Access(NamedTuple):
    """By which Git is let in: a user with a password, or a bearer token; '' for what there is not."""

    user: str = ""
    password: str = ""
    bearer: str = ""

    def __repr__(self) -> str:
        return "Access(…)"


class Registered(NamedTuple):
    """A Repository object and what it registers; `problem` is why it cannot be served, '' for nothing."""

    item: Object
    registration: Registration | None
    problem: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Namespace and name."""
        return self.item["metadata"]["namespace"], self.item["metadata"]["name"]

    @property
    def is_elsewhere(self) -> bool:
        """Whether its lifecycle is kept elsewhere, by a forge's bot, and is only shown here."""
        return self._annotation(ORDERS) == ELSEWHERE

    @property
    def shows(self) -> str:
        """Of which revisions it is shown what is in them: LATEST, ALL or NONE."""
        return self._annotation(CONTENTS) or LATEST

    def _annotation(self, key: str) -> str:
        return str((self.item["metadata"].get("annotations") or {}).get(key, ""))


def read_repositories(items: Iterable[Object]) -> list[Registered]:
    """What the objects register; of two that overlap, the elder is served (facts: Porch §2.6).

    Those that Porch serves itself are left out, and so are those that are being deleted.
    """
    found: list[Registered] = []
    for item in sorted(items, key=_age):
        metadata = item["metadata"]
        by_porch = (metadata.get("annotations") or {}).get(BY_PORCH) == "true"
        if by_porch or metadata.get("deletionTimestamp"):
            continue
        try:
            registration = from_node(Node(Kind.DOCUMENT, content=[from_plain(item)]))
        except UserError as error:
            found.append(Registered(item, None, str(error)))
        else:
            one = Registered(item, registration)
            conflict = next(filter(None, (_conflict(one, other) for other in found)), "")
            found.append(Registered(item, None, conflict) if conflict else one)
    return found


def _conflict(one: Registered, other: Registered) -> str:
    """Why the two cannot both be served; each namespace may have the very same one (facts: Porch §2.6)."""
    mine, theirs = one.registration, other.registration
    if mine is None or theirs is None or not overlap(mine, theirs):
        return ""
    if one.place[0] != other.place[0] and mine.directory == theirs.directory:
        return ""
    return overlapping("/".join(other.place), ROOT + theirs.directory)


def access_of(cluster: Cluster, registered: Registered) -> Access | None:
    """The credentials in the Secret that a registration names; None where it names none.

    Raises NotFound for a Secret that is not there, Refused for one of another kind than Porch knows.
    """
    name = registered.registration.credentials if registered.registration else ""
    if not name:
        return None
    try:
        secret = cluster.get(SECRET, registered.place[0], name)
    except NotFound:
        raise NotFound(
            f"There is no Secret {quoted(name)} in the namespace {quoted(registered.place[0])}."
        ) from None
    data = secret.get("data") or {}
    if "bearerToken" in data:
        return Access(bearer=_decoded(name, data, "bearerToken"))
    if "username" in data and "password" in data:
        return Access(_decoded(name, data, "username"), _decoded(name, data, "password"))
    raise Refused(
        f"The Secret {quoted(name)} must hold `username` and `password` (type 'kubernetes.io/basic-auth'), "
        "or `bearerToken`."
    )


class News(NamedTuple):
    """What a pass over a repository found: packages, the branch's commit, and what went wrong."""

    packages: int = 0
    commit: str = ""
    problems: tuple[str, ...] = ()


def tell(cluster: Cluster, registered: Registered, news: News, now: Now) -> None:
    """Write it into the status of the Repository, if it does not say so already.

    The time of the last pass is written with whatever else has changed: a pass that finds nothing new writes
    nothing.
    """
    item = registered.item
    metadata = {"name": registered.place[1], "namespace": registered.place[0]}
    status: dict[str, Any] = {"observedGeneration": item["metadata"].get("generation", 0)}
    if news.commit:
        status |= {"packageCount": news.packages, "gitCommitHash": news.commit}
    wish = Wished(metadata, {}, status, (_ready(news.problems),))
    if wish.is_shown_by(item):
        return
    state = wish.state(item, now)
    if news.commit:
        state["status"]["lastFullSyncTime"] = now().strftime("%Y-%m-%dT%H:%M:%SZ")
    cluster.apply(REPOSITORY, state, subresource="status")


def _ready(problems: tuple[str, ...]) -> Condition:
    if not problems:
        return Condition("Ready", "True", "Ready", "Repository Ready")
    shown = "\n".join(problems[:10])
    more = f"\nand {len(problems) - 10} more" if len(problems) > 10 else ""
    return Condition("Ready", "False", "Error", f"{shown}{more}")


def _age(item: Object) -> tuple[str, bool, str, str]:
    metadata = item["metadata"]
    # Of two that were made in one second, one that was served goes on being served.
    is_new = "gitCommitHash" not in (item.get("status") or {})
    return metadata.get("creationTimestamp", ""), is_new, metadata["namespace"], metadata["name"]


def _decoded(secret: str, data: Mapping[str, str], key: str) -> str:
    try:
        return base64.b64decode(data[key], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Refused(f"The Secret {quoted(secret)} has a {quoted(key)} that is no text.") from None
