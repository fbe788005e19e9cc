"""What the cluster holds of one kind, kept up to date by a watch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock

from bot.errors import UserError
from bot.kubernetes.cluster import Cluster, Expired, Object, Seen
from bot.kubernetes.kinds import Kind

WATCH_SECONDS = 300  # after which a server ends a watch anyway
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before the server is asked again
Key = tuple[str, str]  # namespace and name
# Told of an object that somebody else has changed.
Changed = Callable[[Object], None]
# Told of what keeps a watch from going on.
Trouble = Callable[[str], None]


@dataclass
class Shelf:
    """The objects of `kind` in `namespace`, '' for all; `changed` is called for what another one wrote."""

    cluster: Cluster
    kind: Kind
    namespace: str
    changed: Changed
    trouble: Trouble
    filled: Event = field(default_factory=Event)
    _held: dict[Key, Object] = field(default_factory=dict)
    _one_at_a_time: Lock = field(default_factory=Lock)

    def items(self) -> tuple[Object, ...]:
        """Everything as it is known now."""
        with self._one_at_a_time:
            return tuple(self._held.values())

    def put(self, item: Object) -> None:
        """Note what was written, so that its echo is known for one."""
        with self._one_at_a_time:
            self._held[_key(item)] = item

    def run(self, stopping: Event) -> None:
        """Keep up with the cluster until `stopping`; whatever breaks a watch, it begins anew with a list."""
        pause = FIRST_PAUSE
        while not stopping.is_set():
            try:
                self._follow(self._fill(), stopping)
                pause = FIRST_PAUSE
            except Expired:
                continue
            except UserError as error:
                self.trouble(str(error))
                stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _fill(self) -> str:
        """List everything; returns where the watch is to go on from."""
        listed = self.cluster.list(self.kind, self.namespace)
        fresh = {_key(item): item for item in listed.items}
        with self._one_at_a_time:
            old, self._held = self._held, fresh
        is_first = not self.filled.is_set()
        self.filled.set()
        if not is_first:
            moved = [item for key, item in fresh.items() if _version(old.get(key, {})) != _version(item)]
            gone = [item for key, item in old.items() if key not in fresh]
            for item in (*moved, *gone):
                self.changed(item)
        return listed.version

    def _follow(self, since: str, stopping: Event) -> None:
        while not stopping.is_set():
            for seen in self.cluster.watch(self.kind, self.namespace, since, WATCH_SECONDS):
                since = _version(seen.item)
                if seen.what != "BOOKMARK":
                    self._note(seen)
                if stopping.is_set():
                    return

    def _note(self, seen: Seen) -> None:
        key = _key(seen.item)
        with self._one_at_a_time:
            known = self._held.get(key)
            if seen.what == "DELETED":
                self._held.pop(key, None)
                is_news = known is not None
            else:
                is_news = known is None or _version(known) != _version(seen.item)
                self._held[key] = seen.item
        if is_news:
            self.changed(seen.item)


def _key(item: Object) -> Key:
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]


def _version(item: Object) -> str:
    return str(item.get("metadata", {}).get("resourceVersion", ""))
