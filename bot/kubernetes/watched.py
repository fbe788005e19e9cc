"""A cluster whose repositories and revisions are known from watches, so that looking at them asks nothing."""

from collections.abc import Callable, Mapping, Sequence
from threading import Event, Thread

from bot.kubernetes.cluster import Cluster, Listed, Object
from bot.kubernetes.dirty import Dirty
from bot.kubernetes.kinds import REPOSITORY, REVISION, Kind
from bot.kubernetes.shelf import Shelf, Trouble

WATCHED = (REPOSITORY, REVISION)


class Watched(Cluster):
    """Asks as `cluster` does, but for what watches of `namespaces` (() for all) tell.

    `dirty` hears of every change that somebody else made.
    """

    def __init__(self, cluster: Cluster, namespaces: Sequence[str], dirty: Dirty, trouble: Trouble) -> None:
        super().__init__(cluster.api)
        self._shelves: Mapping[tuple[Kind, str], Shelf] = {
            (kind, space): Shelf(cluster, kind, space, _teller(kind, dirty), trouble)
            for kind in WATCHED
            for space in namespaces or ("",)
        }

    def start(self, stopping: Event) -> None:
        """Begin to watch, until `stopping`."""
        for (kind, _), shelf in self._shelves.items():
            Thread(target=shelf.run, args=(stopping,), name=f"watch {kind.plural}", daemon=True).start()

    @property
    def is_filled(self) -> bool:
        """Whether everything has been listed once."""
        return all(shelf.filled.is_set() for shelf in self._shelves.values())

    def wait(self, seconds: float) -> bool:
        """Wait until it is filled; whether it is."""
        return all(shelf.filled.wait(seconds) for shelf in self._shelves.values())

    def list(self, kind: Kind, namespace: str, labels: str = "", *, heads: bool = False) -> Listed:
        shelf = None if labels else self._shelves.get((kind, namespace))
        return Listed(shelf.items(), "") if shelf else super().list(kind, namespace, labels, heads=heads)

    def apply(self, kind: Kind, item: Object, *, subresource: str = "") -> Object:
        made = super().apply(kind, item, subresource=subresource)
        for shelf in self._shelves_of(kind, made):
            shelf.put(made)
        return made

    def _shelves_of(self, kind: Kind, item: Object) -> Sequence[Shelf]:
        spaces = (item["metadata"].get("namespace", ""), "")
        return [shelf for space in spaces if (shelf := self._shelves.get((kind, space)))]


def _teller(kind: Kind, dirty: Dirty) -> Callable[[Object], None]:
    """Tell which Repository, by namespace and name, an object concerns."""

    def tell(item: Object) -> None:
        metadata = item["metadata"]
        name = metadata["name"] if kind == REPOSITORY else str(item.get("spec", {}).get("repository", ""))
        dirty.mark((metadata.get("namespace", ""), name))

    return tell
